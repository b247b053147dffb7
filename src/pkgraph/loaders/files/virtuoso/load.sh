#!/bin/sh
# Load data/ into a Virtuoso that runs on this machine. DirsAllowed in its virtuoso.ini has to name
# this folder. For speed, NumberOfBuffers should be two thirds of the memory in pages of 8 KiB, and
# LOADERS a little less than the cores. The default graph is the union of the named graphs by itself,
# with a triple twice that two graphs have; the canned queries are written so that it does not matter.
#
# isql takes the password as an argument, which others on this machine can see while it runs.
#
#   PORT=1111 VIRTUOSO_USER=dba VIRTUOSO_PASSWORD=… ./load.sh
set -eu
cd "$(dirname "$0")"
: "${ISQL:=isql-vt}" "${PORT:=1111}" "${VIRTUOSO_USER:=dba}" "${LOADERS:=1}"
: "${VIRTUOSO_PASSWORD:?give the password of $VIRTUOSO_USER in VIRTUOSO_PASSWORD}"

ask() {
    "$ISQL" "$PORT" "$VIRTUOSO_USER" "$VIRTUOSO_PASSWORD" VERBOSE=OFF BANNER=OFF PROMPT=OFF \
        ERRORS=STDOUT "exec=$1"
}

# What was on the list before, of this folder, is loaded anew.
ask "DELETE FROM DB.DBA.load_list WHERE ll_file LIKE '$PWD/data/%';"
ask "ld_dir('$PWD/data', '*.nq.gz', 'urn:not:used');"
number=0
while [ "$number" -lt "$LOADERS" ]; do
    ask "rdf_loader_run();" &
    number=$((number + 1))
done
wait
ask "checkpoint;"

# The loader goes on after a file that it cannot read, and says so on its list alone.
state="SELECT 'done', COUNT(*) FROM DB.DBA.load_list WHERE ll_file LIKE '$PWD/data/%'
    AND ll_state = 2 AND ll_error IS NULL;"
wanted=$(ls data | wc -l | tr -d ' ')
loaded=$(ask "$state" | awk '$1 == "done" { print $2 }')
if [ "$loaded" != "$wanted" ]; then
    echo "${loaded:-0} of $wanted files were loaded; DB.DBA.load_list says why:" >&2
    ask "SELECT ll_file, ll_error FROM DB.DBA.load_list WHERE ll_file LIKE '$PWD/data/%';" >&2
    exit 1
fi
