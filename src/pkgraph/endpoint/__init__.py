"""
Speak HTTP to an endpoint elsewhere: who asks, over which connections, how often, and how long.

:class:`pkgraph.endpoint.client.Client` sends a request and gives its answer to read as it comes. It
follows no redirect, sends credentials to the one server that they are for, tries again what may be
asked twice, and ends what takes too long. What goes wrong is an error that says where it did and
what to do.

Nothing is imported here: each command looks whether the environment names an endpoint, and few then
speak to one.
"""
