#!/bin/sh
# Load data/ into a store of Oxigraph. The parts have the default graph as well: the union of the
# named graphs, each triple once. So start the server without --union-default-graph, whose union has
# a triple twice that two graphs have.
#
#   STORE=/srv/pkgraph-store ./load.sh
#   oxigraph serve-read-only --location /srv/pkgraph-store --bind 127.0.0.1:7878
set -eu
cd "$(dirname "$0")"
: "${STORE:=./store}"
if [ -e "$STORE" ]; then
    echo "$STORE is there already; name another with STORE, or remove it" >&2
    exit 2
fi
oxigraph load --location "$STORE" --file data/part-*.nq
oxigraph optimize --location "$STORE"
