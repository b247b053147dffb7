#!/bin/sh
# Make the repository of repository.ttl in GraphDB and load data/ into it. GraphDB has to be stopped:
# the tool writes its folder. In a cluster, do so on one node before the cluster is made; the others
# take it from there.
#
#   GRAPHDB=/opt/graphdb ./load.sh
set -eu
cd "$(dirname "$0")"
: "${GRAPHDB:?name the folder of GraphDB in GRAPHDB}"
"$GRAPHDB/bin/importrdf" preload -c repository.ttl data/part-*.nq.gz
