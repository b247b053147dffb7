#!/bin/sh
# Load data/ into a repository of AllegroGraph, on the machine of the server and as its user. A query
# without FROM or GRAPH asks all graphs, unless defaultDatasetBehavior was set to rdf.
#
#   REPOSITORY=pkgraph ./load.sh
set -eu
cd "$(dirname "$0")"
: "${AGTOOL:=agtool}" "${REPOSITORY:=pkgraph}"
"$AGTOOL" load --input nquads --bulk "$REPOSITORY" data/part-*.nq.gz
