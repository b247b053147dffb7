#!/bin/sh
# Make a database of pkgraph.properties in a Stardog that runs, or in its cluster, and load data/
# while it is made, which is the fastest way. The server has to see this folder; if it does not, give
# COPY=--copy-server-side.
#
#   ./load.sh
set -eu
cd "$(dirname "$0")"
# COPY is one option or nothing.
stardog-admin db create --config pkgraph.properties ${COPY:-} -- "$PWD"/data/part-*.nq.gz
