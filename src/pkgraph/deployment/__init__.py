"""
Put a release into a triple store of others, in place of the one that it serves.

:func:`deploy` sends each graph that differs, compares what has arrived, and has the server put all
in place by one request at the end. What is interrupted before that leaves the old release served.
"""

from __future__ import annotations

from pkgraph.deployment.addresses import Addresses
from pkgraph.deployment.content import graphs_of
from pkgraph.deployment.deploying import Deployed, deploy

__all__ = ["Addresses", "Deployed", "deploy", "graphs_of"]
