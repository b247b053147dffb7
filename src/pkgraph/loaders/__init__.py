"""
Write a whole graph for a triple store of others: the files that its bulk loader takes, and how.

Each engine has a folder in ``files/`` with what goes along with the data: a script that loads them,
settings, and what else it needs. Nothing in them is filled in; what differs from machine to machine
comes from the environment when the script runs. ``docs/how-to/run-on-a-large-store.md`` tells what
was run and what was only read in the documentation of the engine.

Nothing is imported here: every command knows the names of the engines, in
:mod:`pkgraph.loaders.known`, and one command writes for them.
"""
