"""Make up sources, each from some sections of the encoded ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.generation import wording
from pkgraph.generation.encoded import CLAIMS, LINK, iris
from pkgraph.generation.templates import Templates

if TYPE_CHECKING:
    import random
    from collections.abc import Collection, Sequence

    from pkgraph.generation.encoded import Encoded
    from pkgraph.generation.lists import Lists


class Sources:
    """
    The sources of a literature, one after the other.

    A link that leads out of its section leads to the other section as the same source has it, or
    else as the last source had it; as long as none had it, it is left out.
    """

    def __init__(self, encoded: Encoded, lists: Lists, dice: random.Random) -> None:
        """Begin with none."""
        self._encoded = encoded
        self._lists = lists
        self._dice = dice
        self._templates = Templates(encoded, lists)
        self._number = 0
        #: Which source had each section last.
        self._last: dict[int, str] = {}

    def source(self, hand: Sequence[int], most: int) -> tuple[int, str]:
        """
        Make up the next source.

        Args:
            hand: The numbers of its sections, in the order of the text.
            most: How many claims it has at most; the others are left out.

        Returns:
            How many claims it has, and its statements, as N-Quads.
        """
        self._number += 1
        slug = f"made-up-source-{self._number}"
        self._last.update(dict.fromkeys(hand, slug))
        sections = [self._encoded.sections[place] for place in hand]
        things = list(dict.fromkeys(thing for section in sections for thing in section.own))
        claims = self._claims(things)
        dropped = self._with_what_goes_along(claims[most:], things)
        templates = [
            self._templates[sections[0].work],
            *(self._templates[thing] for thing in things if thing not in dropped),
        ]
        values: dict[str, object] = {"w": slug, "n": self._number}
        values.update((f"x{place}", last) for place, last in self._last.items())
        shared = dict.fromkeys(thing for template in templates for thing in template.shared)
        values.update(
            (self._templates.field(model), drawn) for model, drawn in self._lists.drawn(shared)
        )
        texts = []
        for template in templates:
            if all(self._templates.home[end] in self._last for end in template.ends):
                values["t"] = wording.sentence(self._dice, template.words)
                texts.append(template.text.format_map(values))
        return min(most, len(claims)), "".join(texts)

    def _claims(self, things: Sequence[str]) -> list[str]:
        """Return the claims among *things*, each after those that its own statements point at."""
        found: dict[str, None] = {}

        def visit(thing: str) -> None:
            if self._encoded.classes[thing] in CLAIMS and thing not in found:
                for other in iris(self._encoded.own[thing]):
                    if other in self._encoded.own:
                        visit(other)
                found[thing] = None

        for thing in things:
            visit(thing)
        return list(found)

    def _with_what_goes_along(self, claims: Sequence[str], things: Sequence[str]) -> set[str]:
        """Return *claims*, the links from and to them, and what only all these point at."""
        dropped = set(claims)
        if not dropped:
            return dropped
        pointing: dict[str, set[str]] = {thing: set() for thing in things}
        for thing in things:
            for other in iris(self._encoded.own[thing]):
                if other in pointing:
                    pointing[other].add(thing)
        before = 0
        while before != len(dropped):
            before = len(dropped)
            dropped.update(thing for thing in things if self._goes(thing, pointing, dropped))
        return dropped

    def _goes(self, thing: str, pointing: dict[str, set[str]], dropped: Collection[str]) -> bool:
        """Tell whether nothing is left of *thing* without what is *dropped*."""
        class_ = self._encoded.classes[thing]
        if class_ in CLAIMS:
            return False
        if class_ == LINK:
            return any(end in dropped for end in self._templates[thing].ends)
        by = pointing[thing]
        return bool(by) and all(other in dropped for other in by)
