#!/bin/sh
# Index data/ and start the server, by the command `qlever` (PyPI: qlever) and the Qleverfile here.
# It names no access token, so nobody can clear the cache or change settings over HTTP.
set -eu
cd "$(dirname "$0")"
qlever index
qlever start
