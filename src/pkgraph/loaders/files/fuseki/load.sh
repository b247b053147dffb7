#!/bin/sh
# Load data/ into a TDB2 database of Apache Jena, which fuseki.ttl serves. tdb2.tdbloader is in the
# bin/ of the distribution of Jena; for hundreds of millions of statements take tdb2.xloader.
#
#   ./load.sh
#   fuseki-server --config=fuseki.ttl
set -eu
cd "$(dirname "$0")"
if [ -e database ]; then
    echo "database/ is there already; remove it to load anew" >&2
    exit 2
fi
tdb2.tdbloader --loader=phased --loc database data/part-*.nq.gz
