"""
Make a release that never changes again, and verify one.

A release is a folder: dumps, a description, licences, a bill of materials, a store that answers at
once, and a manifest with the hashes of all but the store. The same data give the same dumps and
manifest, byte by byte. Two stores of the same statements differ in their bytes, so the store is
made from the dump and held against it by what it says: see :mod:`pkgraph.releasing.stores`. Without
its store a release is one file, which is known by its hash: see :mod:`pkgraph.releasing.archives`.
"""

from __future__ import annotations

from pkgraph.releasing.making import make
from pkgraph.releasing.manifest import Manifest
from pkgraph.releasing.serving import folder_of, verified_folder
from pkgraph.releasing.verifying import verify

__all__ = ["Manifest", "folder_of", "make", "verified_folder", "verify"]
