"""Make files: what one process does of the work."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph.graph import Graph
from pkgraph.publication import documents, places
from pkgraph.publication.asking import Asker
from pkgraph.publication.remembering import Remembering
from pkgraph.web.app import of_site
from pkgraph.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.process import BaseProcess

#: What is answered where there is something to read: a thing that is gone has a page as well.
_TOLD: Final = frozenset({HTTPStatus.OK, HTTPStatus.GONE})


@dataclass(frozen=True, slots=True)
class Plan:
    """What is published where to: ``store`` and ``folder`` are folders."""

    store: str
    release: str
    base_url: str
    folder: str


@dataclass(frozen=True, slots=True)
class Made:
    """
    A file that was made, or the ``fault`` why it was not; ``address`` is what it gives.

    ``links``, ``lost`` and ``anchors`` are those of a page: see :class:`documents.Document`.
    """

    file: str
    address: str
    size: int = 0
    fault: str = ""
    links: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lost: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()

    @property
    def is_page(self) -> bool:
        """Whether it is a page, and not data."""
        return self.file.endswith(".html")


class Maker:
    """Makes the files of a plan."""

    def __init__(self, plan: Plan) -> None:
        store = Remembering.open(Path(plan.store))
        known, _ = places.things(store)
        has_page = partial(places.has_page, known=known)
        site = Site.of(Graph(store, plan.release), plan.base_url, published=has_page)
        self._plan = plan
        self._asker = Asker(of_site(site), plan.base_url)
        self._runner = asyncio.Runner()

    def make(self, addresses: Iterable[str]) -> list[Made]:
        """Make the file for each address and, if it is a page, its other forms that it leads to."""
        return self._runner.run(self._make(addresses))

    def close(self) -> None:
        """End what was used for it."""
        self._runner.close()

    async def _make(self, addresses: Iterable[str]) -> list[Made]:
        return [made for address in addresses for made in await self._forms(address)]

    async def _forms(self, address: str) -> list[Made]:
        first = await self._one(address)
        stem = first.file.removesuffix(".html")
        forms = {
            file: form
            for form, _ in first.links
            if (file := places.file_of(form)) and file.rpartition(".")[0] == stem
        }
        others = [await self._one(forms[file]) for file in sorted(forms) if file != first.file]
        return [first, *others]

    async def _one(self, address: str) -> Made:
        file = places.file_of(address)
        assert file is not None  # noqa: S101 - links without a file are told before
        answer = await self._asker.ask(address)
        if answer.status not in _TOLD:
            return Made(file, address, fault=f"answers {answer.status}")
        body, found = answer.body, documents.Document("")
        if answer.type.startswith("text/html"):
            found = documents.read(
                body.decode(),
                self._plan.base_url,
                documents.relative(file),
                self._plan.base_url,
            )
            body = found.text.encode()
        elif file.endswith(".svg") and self._plan.base_url and not file.startswith("static/"):
            base = self._plan.base_url  # a picture is taken away
            found = documents.read(body.decode(), base, lambda other: f"{base}/{other}")
            body = found.text.encode()
        self._write(file, body)
        return Made(
            file,
            address,
            len(body),
            links=tuple((each, tuple(sorted(found.links[each]))) for each in sorted(found.links)),
            lost=tuple(sorted(found.lost)),
            anchors=frozenset(found.anchors),
        )

    def _write(self, file: str, body: bytes) -> None:
        """Write a file that is not there yet: two addresses never share one."""
        path = Path(self._plan.folder, file)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            out.write(body)


@cache
def _maker(plan: Plan) -> Maker:
    return Maker(plan)


def make(plan: Plan, addresses: Iterable[str]) -> list[Made]:
    """Make the files for *addresses*, by the one maker that each process has for *plan*."""
    return _maker(plan).make(addresses)


def end_with_parent() -> None:
    """Have this process end when the one that started it does, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)  # there is nobody to hand on to, and nothing of its own to close
