"""
Find what a name means: by what things are called, then by what is spelt nearly so.

A name that is in the graph is *exact* (label, address, code of ISO or of the list that was asked
for) or an *alias* (any other name or code). Where several things have it, the one that has it for a
label, or else the only one that has not ended, is meant; otherwise it is *ambiguous*. A code that
covers more than one operation makes its text ambiguous, too.

What is spelt otherwise gets a score from 0 to 100. Each of its words is held against the words of
a name, rare words counting more (inverse document frequency). Words may differ by a few edits, but
a word that is itself in some name is never taken for another, and numbers are never edited. At or
above the acceptance score it is *fuzzy*, unless another thing comes near: then it is *ambiguous*.
All else is *none*.

Source:
    Optimal string alignment: https://rapidfuzz.github.io/RapidFuzz/Usage/distance/OSA.html
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.errors import UsageError
from pkgraph.namespaces import BASE, compact, expand
from pkgraph.reconciliation import forms, names
from pkgraph.reconciliation.spellings import Spellings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pkgraph.reconciliation.names import Known, Thing
    from pkgraph.store import Store

#: The least score that a name spelt otherwise is accepted with.
ACCEPTED: Final = 88.0
#: How far below the best a second thing has to be for the best to be meant.
_MARGIN: Final = 4.0
#: The least score of what is told as a candidate.
_WORTH: Final = 60.0
#: How many candidates are kept of a name.
_KEPT: Final = 10
#: The score of a name that differs in marks and spaces only.
_WHOLE: Final = 99.0
#: How much an acronym is worth that the words beside it do not bear out, and how like a name of
#: the same thing they have to be to do so.
_UNBACKED: Final = 0.85
_BACKED: Final = 0.75
#: How much a name that is only a part of what was given is worth.
_PART: Final = 0.97
#: The least length of a name that is looked for without the ends of its words.
_LONG: Final = 12
#: The longest text that is taken for a name, in characters.
_LONGEST: Final = 500
#: How many answers are kept, because the names of a table repeat.
_REMEMBERED: Final = 50_000
_CODE_LETTERS: Final = 3
_EXACT: Final = frozenset({"label", "slug", "code"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant, how well it fits, and the name that does."""

    thing: Thing
    score: float
    name: str


@dataclass(frozen=True, slots=True)
class Result:
    """
    What a name means: ``match`` is exact, alias, fuzzy, ambiguous or none.

    ``candidates`` come in the order of their scores; the first is meant if the match is one of the
    first three.
    """

    match: str
    candidates: tuple[Candidate, ...] = ()

    @property
    def chosen(self) -> Candidate | None:
        """What is meant, if that is sure enough."""
        return self.candidates[0] if self.match in {"exact", "alias", "fuzzy"} else None


class Matcher:
    """
    An index of names that tells what a name means.

    Args:
        things: What can be meant.
        known: What it is called.
        scheme: The list whose codes are given as such.
        threshold: The acceptance score.
    """

    def __init__(
        self,
        things: Mapping[str, Thing],
        known: Iterable[Known],
        *,
        scheme: str | None = None,
        threshold: float | None = None,
    ) -> None:
        self.threshold = ACCEPTED if threshold is None else threshold
        if not 0 < self.threshold <= 100:  # noqa: PLR2004  # scores go to 100
            raise UsageError(f"the threshold {self.threshold:g} is no score; give one of 1 to 100")
        self.things = things
        self._scheme = scheme
        self._whole: dict[str, set[Known]] = defaultdict(set)
        self._codes: dict[str, set[Known]] = defaultdict(set)
        self._tight: dict[str, dict[str, str]] = defaultdict(dict)
        self._spelt = Spellings()
        for name in known:
            if name.iri in things:
                self._add(name)
        self._seen: dict[str, Result] = {}

    @classmethod
    def of(
        cls,
        store: Store,
        *,
        kind: str = "any",
        scheme: str | None = None,
        threshold: float | None = None,
    ) -> Matcher:
        """
        Return a matcher of what *store* has.

        Args:
            store: What is asked.
            kind: operation, state or any.
            scheme: See the class.
            threshold: See the class.

        Raises:
            NotFoundError: There is no such scheme.
            UsageError: The threshold is no score.
        """
        if scheme:
            from pkgraph.crosswalk import check_scheme

            check_scheme(store, scheme)
        found = {
            iri: thing
            for iri, thing in names.things(store).items()
            if kind == "any" or thing.is_state == (kind == "state")
        }
        return cls(found, names.known_names(store), scheme=scheme, threshold=threshold)

    def match(self, text: str) -> Result:
        """Return what *text* means."""
        if text not in self._seen:
            if len(self._seen) >= _REMEMBERED:  # a server answers for as long as it runs
                self._seen.clear()
            self._seen[text] = self._matched(text.strip())
        return self._seen[text]

    def find(self, text: str, classes: Collection[str] = (), limit: int = _KEPT) -> Result:
        """Return what *text* means among things of *classes*, with at most *limit* candidates."""
        result = self.match(text)
        kept = tuple(
            each
            for each in result.candidates
            if not classes or not each.thing.classes.isdisjoint(classes)
        )
        match = result.match if kept and kept[0] is result.candidates[0] else "none"
        if result.match == "ambiguous" and len(kept) == 1 and kept[0].score >= self.threshold:
            match = "fuzzy"
        return Result(match, kept[:limit])

    def _add(self, name: Known) -> None:
        """Put *name* into the index."""
        if name.origin in {"code", "other code"}:
            self._codes[name.text.casefold()].add(name)
            if sum(map(str.isalpha, name.text)) <= _CODE_LETTERS:
                return
        self._whole[forms.key(name.text)].add(name)
        named = forms.acronym(name.text)
        for part in (*forms.parts(name.text), *(named[1:] if named else ())):
            self._spelt.add(forms.words(part), (name.iri, name.text, forms.numbers(name.text)))
            for tight in forms.tight(part):
                self._tight[tight].setdefault(name.iri, name.text)

    def _matched(self, text: str) -> Result:
        key = forms.key(text) if len(text) <= _LONGEST else ""
        if not key:
            return Result("none")
        iri = expand(text) or text
        if iri.startswith(BASE) and iri in self.things:
            return Result("exact", (Candidate(self.things[iri], 100.0, text),))
        named = self._coded(text) or self._whole.get(key, set())
        if named:
            return self._known(named)
        return self._spelt_otherwise(text)

    def _coded(self, text: str) -> set[Known]:
        """Return the codes *text*: of the scheme, or of any if they are short and in capitals."""
        found = self._codes.get(text.casefold(), set())
        if self._scheme:
            return {each for each in found if each.scheme == self._scheme}
        if text.isalpha() and text.isupper() and len(text) <= _CODE_LETTERS:
            return found
        return set()

    def _known(self, named: set[Known]) -> Result:
        """Return what is meant by a name that things have."""
        exact = {
            each.iri
            for each in named
            if each.origin in _EXACT or (self._scheme and each.scheme == self._scheme)
            if each.match != "broader"
        }
        iris = {each.iri for each in named}
        meant = next((each for each in (iris, exact) if len(each) == 1), None)
        if meant is None:
            now = {iri for iri in exact or iris if not self.things[iri].former}
            states = all(self.things[iri].is_state for iri in iris)
            meant = now if states and len(now) == 1 else None
        text = min(named).text
        order = sorted(iris, key=lambda iri: (iri not in (meant or ()), iri))
        candidates = tuple(Candidate(self.things[iri], 100.0, text) for iri in order)
        if meant is None:
            return Result("ambiguous", candidates)
        return Result("exact" if meant <= exact else "alias", candidates)

    def _spelt_otherwise(self, text: str) -> Result:
        """Return what a name that nothing has is nearest to."""
        best: dict[str, Candidate] = {}
        numbers = forms.numbers(text)
        for part in forms.parts(text):
            weight = _WHOLE if part == text else _WHOLE * _PART
            for candidate in self._near(part, numbers):
                self._keep(best, candidate, weight)
        named = forms.acronym(text)
        if named:
            before, short = named
            backed = {each.thing.iri for each in self._near(before) if each.score >= _BACKED}
            for candidate in self._near(short, numbers):
                sure = candidate.thing.iri in backed
                self._keep(best, candidate, _WHOLE * (_PART if sure else _UNBACKED))
        if max((each.score for each in best.values()), default=0) < self.threshold:
            for candidate in self._run_together(text, numbers):
                self._keep(best, candidate, _WHOLE)
        ranked = sorted(best.values(), key=lambda each: (-each.score, each.thing.iri))[:_KEPT]
        if not ranked or ranked[0].score < self.threshold:
            return Result("none", tuple(ranked))
        near = len(ranked) > 1 and ranked[0].score - ranked[1].score < _MARGIN
        return Result("ambiguous" if near else "fuzzy", tuple(ranked))

    def _near(self, text: str, numbers: tuple[str, ...] | None = None) -> list[Candidate]:
        """Return the names like *text* that have these *numbers*, or any, with scores up to 1."""
        found = [
            Candidate(self.things[iri], 1.0, name)
            for tight in forms.tight(text)
            for iri, name in self._tight.get(tight, {}).items()
        ]
        return found + [
            Candidate(self.things[iri], likeness, name)
            for spelling, likeness in self._spelt.like(forms.words(text)).items()
            for iri, name, theirs in self._spelt.names[spelling]
            if numbers is None or theirs == numbers
        ]

    def _run_together(self, text: str, numbers: tuple[str, ...]) -> list[Candidate]:
        """Return the long names that are like *text* where the ends of words do not count."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        wanted = "".join(forms.words(text))
        if len(wanted) < _LONG:
            return []
        near = process.extract(
            wanted, self._tight.keys(), scorer=OSA.distance, score_cutoff=len(wanted) // _LONG
        )
        return [
            Candidate(self.things[iri], 1 - 2 * distance / len(wanted), name)
            for tight, distance, _ in near
            for iri, name in self._tight[tight].items()
            if forms.numbers(name) == numbers
        ]

    def _keep(self, best: dict[str, Candidate], found: Candidate, weight: float) -> None:
        """Put what was *found* into *best*, if it is better than what is there."""
        score, iri = round(found.score * weight, 1), found.thing.iri
        if score >= _WORTH and (iri not in best or best[iri].score < score):
            best[iri] = Candidate(found.thing, score, found.name)


def described(candidate: Candidate) -> str:
    """Return *candidate* in a few words."""
    thing = candidate.thing
    return f"{thing.label} ({compact(thing.iri)}, {candidate.score:g})"
