"""What the fingerprints of a text tell of it, and what they do not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import fingerprints, resources
from pkgraph.errors import InputError
from pkgraph.fingerprints import FOUND, RUN, make, read, shipped, words, write
from pkgraph.namespaces import BASE

WORK = BASE + "work/sapt-1998"
VOCABULARY = ("a", "watch", "on", "the", "border", "keeps", "peace", "by", "night")
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=60)


@given(before=WORDS, run=WORDS.filter(lambda run: len(run) >= FOUND), after=WORDS, around=WORDS)
def test_eight_words_on_end_are_always_found(before, run, after, around):
    """Whatever stands around them, in the text and in the statement."""
    known = make(WORK, " ".join([*before, *run, *after]))
    assert known.shared(" ".join([*around, *run, *reversed(around)])) is not None


@given(text=WORDS, statement=WORDS)
def test_what_has_fewer_than_five_words_in_common_is_not_found(text, statement):
    """What is found has at least a run of five words that the text has too."""
    found = make(WORK, " ".join(text)).shared(" ".join(statement))
    if found is not None:
        runs = {tuple(text[i : i + RUN]) for i in range(len(text) - RUN + 1)}
        seen = found.split()
        assert len(seen) == FOUND
        assert any(tuple(seen[i : i + RUN]) in runs for i in range(FOUND - RUN + 1))


def test_words_are_found_however_they_are_set():
    """Capitals, punctuation, hyphens and the breaks of lines make no difference."""
    known = make(WORK, "The watch, on the bor-\nder, keeps a state-\ncentric “peace” by night.")
    assert known.shared("THE watch on the border keeps: a state-centric peace") is not None
    assert known.shared("the watch by night keeps a peace on the border") is None
    assert known.shared("the watch on the border keeps a") is None


def test_lines_are_known_by_their_length():
    """An empty line and one of blanks are blank, and so is what is no line."""
    known = make(WORK, "one\n\n  two \n \t\nthree")
    assert known.lines == (3, 0, 3, 0, 5)
    assert [known.blank(line) for line in range(7)] == [True, False, True, False, True, False, True]
    assert make(WORK, "one\n").lines == (3,)


def test_a_file_reads_as_what_was_written(tmp_path):
    """A file keeps all, as JSON, and its hashes in another order than the text's."""
    text = "The watch on the border keeps the peace of the castle and so has its lantern\n\nx"
    known = make(WORK, text)
    path = tmp_path / "fingerprints.json"
    path.write_text(write(known), "utf-8")
    assert read(path) == known
    hashes = json.loads(path.read_bytes())["hashes"]
    assert hashes == sorted(hashes)
    assert len(hashes) > 1
    assert not set(words(text)) & set(words(" ".join(hashes)))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"work": "x", "run": 5, "window": 4, "lines": ["a"], "hashes": []}']
)
def test_another_file_is_refused(tmp_path, text):
    """What is no file of fingerprints is named, with what to do."""
    path = tmp_path / "other.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"other\.json is not a file .* make it anew"):
        read(path)
    with pytest.raises(InputError, match=r"gone\.json is not a file"):
        read(tmp_path / "gone.json")


def test_fingerprints_of_another_making_are_refused(tmp_path):
    """Hashes of runs of another length would never be found."""
    path = tmp_path / "old.json"
    path.write_text(write(make(WORK, "one")).replace('"run": 5', '"run": 8'), "utf-8")
    with pytest.raises(InputError, match=r"the runs have 8 words .* should have 5 and 4"):
        read(path)


def test_every_encoded_source_has_fingerprints():
    """Each folder of a source has the file, made by this module as it is."""
    folders = {path.parent for path in resources.data_files("graph", ".ttl")}
    sources = {path for path in folders if path.parent.name == "works"}
    assert {path.parent for path in resources.data_files("graph", fingerprints.NAME)} == sources
    assert {each.work for each in shipped()} == {f"{BASE}work/{path.name}" for path in sources}
    for each in shipped():
        assert write(each)
        assert len(each.hashes) > len(each.lines) > sum(map(bool, each.lines)) > 0


def test_two_in_five_runs_are_kept():
    """The chapter has about ten words a line; far fewer hashes than words are kept of it."""
    chapter = max(shipped(), key=lambda each: len(each.lines))
    characters = sum(chapter.lines)
    words_about = characters / 6.6
    assert 0.35 < len(chapter.hashes) / words_about < 0.45
