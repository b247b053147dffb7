"""
Import tables of the personnel that states sent to operations into a store.

A mapping says how the table is laid out (:mod:`.mapping`); the table is read row by row
(:mod:`.reading`); names and codes are looked up in the graph (:mod:`.register`); cells become
numbers (:mod:`.cells`, :mod:`.dates`); what several rows say of one contribution is brought
together (:mod:`.gathering`); and all of it lands in a store, or nothing does (:mod:`.loading`).
"""

from __future__ import annotations

from pkgraph.personnel.importing import Summary, import_table

__all__ = ["Summary", "import_table"]
