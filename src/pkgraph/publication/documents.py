"""
Read the links of a page, and let them lead to files.

A link of ours becomes one that is relative to the page, so that the site works wherever it is put.
What is read is HTML, by the parser of Python; nothing but the tags with such links is written anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from posixpath import dirname, relpath
from typing import TYPE_CHECKING, Final

from pkgraph.publication import places

if TYPE_CHECKING:
    from collections.abc import Callable

#: The attributes that have addresses.
_ADDRESSES: Final = ("href", "src", "action")
#: What leads out of the site.
_ELSEWHERE: Final = ("http://", "https://", "mailto:")


@dataclass(slots=True)
class Document:
    """
    A page as a file has it.

    ``links`` has for each address that it leads to the fragments that are meant there; ``lost``
    what it leads to that no file has; ``anchors`` what can be led to in it.
    """

    text: str
    links: dict[str, set[str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)


def relative(file: str) -> Callable[[str], str]:
    """
    Return what gives the address of another file, as the page *file* has it.

    >>> relative("claim/x.html")("static/style.css"), relative("index.html")("index.html")
    ('../static/style.css', 'index.html')
    """
    folder = dirname(file) or "."
    return lambda other: relpath(other, folder)


def read(text: str, root: str, written: Callable[[str], str], canonical: str = "") -> Document:
    """
    Return the page *text*, with its links to files.

    Args:
        text: The page, in which our links begin with *root* and a slash.
        root: The base URL with which it was made; it may be empty.
        written: How the address of a file is written in it.
        canonical: The base URL of the site as files; where there is none, the same as *written*.
    """
    reader = _Reader(text, root, written, canonical)
    reader.feed(text)
    reader.close()
    return reader.document()


class _Reader(HTMLParser):
    """Collects what a page has, and the tags in which something is to be changed."""

    def __init__(self, text: str, root: str, written: Callable[[str], str], canonical: str) -> None:
        super().__init__(convert_charrefs=True)
        self._text = text
        self._root = root
        self._written = written
        self._canonical = canonical
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._pieces: list[str] = []
        self._done = 0
        self._found = Document("")

    def document(self) -> Document:
        """Return the page, once all of it was read."""
        self._found.text = "".join([*self._pieces, self._text[self._done :]])
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        changed = False
        told = dict(attrs)
        if told.get("id"):
            self._found.anchors.add(told["id"] or "")
        for name in _ADDRESSES:
            value = told.get(name)
            if value is None:
                continue
            new = self._address(value, is_canonical=told.get("rel") == "canonical")
            if new is not None and new != value:
                told[name] = new
                changed = True
        if changed:
            self._replace(tag, told)

    def _address(self, value: str, *, is_canonical: bool) -> str | None:
        """Return what *value* is replaced by; None if it stays."""
        if value.startswith("#"):
            self._found.links.setdefault("", set()).add(value[1:])
            return None
        if value != self._root and not value.startswith(f"{self._root}/"):
            if not value.startswith(_ELSEWHERE):
                self._found.lost.add(value)
            return None
        address, _, fragment = value.removeprefix(self._root).partition("#")
        address = address or "/"
        file = places.file_of(address)
        if file is None:
            self._found.lost.add(value)
            return None
        self._found.links.setdefault(address, set()).update({fragment} if fragment else ())
        if is_canonical and self._canonical:
            return f"{self._canonical}/{file}"
        return self._written(file) + (f"#{fragment}" if fragment else "")

    def _replace(self, tag: str, told: dict[str, str | None]) -> None:
        line, column = self.getpos()
        start, raw = self._starts[line - 1] + column, self.get_starttag_text() or ""
        inside = "".join(
            f" {name}" if value is None else f' {name}="{escape(value)}"'
            for name, value in told.items()
        )
        end = "/>" if raw.endswith("/>") else ">"
        self._pieces += [self._text[self._done : start], f"<{tag}{inside}{end}"]
        self._done = start + len(raw)
