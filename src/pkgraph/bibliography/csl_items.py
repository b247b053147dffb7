"""
Write works as CSL-JSON.

Source:
    CSL-JSON, schema: https://github.com/citation-style-language/schema
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph.bibliography import works

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.bibliography.works import Work
    from pkgraph.store import Store

_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "article": "article-journal",
        "book": "book",
        "book-chapter": "chapter",
        "data-set": "dataset",
        "edited-collection": "book",
        "encyclopedia": "book",
        "encyclopedia-article": "entry-encyclopedia",
        "law": "legislation",
        "news": "article-newspaper",
        "report": "report",
        "speech": "speech",
    }
)


def csl_json(store: Store, iris: Iterable[str]) -> str:
    """
    Return a list with an item for each of the works *iris*, in their order; ids are their slugs.

    A work that the store does not know has no item.
    """
    items = list(map(_item, works.read(store, iris)))
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(work: Work) -> dict[str, object]:
    """Return the item of one *work*; a name is printed as it is, since its parts are not known."""
    names = [{"literal": name} for name in (*work.names, *["et al."] * work.others)]
    item: dict[str, object] = {
        "id": work.key,
        "type": _TYPES.get(work.kind, "document"),
        "editor" if work.edited else "author": names,
        "title": work.title,
        "container-title": work.container,
        "chapter-number": work.chapter,
        "issued": {"date-parts": [[int(work.year)]]} if work.year else {},
        "year-suffix": work.suffix,
        "URL": work.iri,
    }
    return {name: value for name, value in item.items() if value}
