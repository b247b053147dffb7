"""
Publish a graph as files that any file host serves: pages, data in all formats, and a search.

The pages are those of the server, asked for in this machine without one; what needs a server is
left out of them. Every link is checked. The same release gives the same bytes.
"""

from __future__ import annotations

from pkgraph.publication.publishing import Published, publish

__all__ = ["Published", "publish"]
