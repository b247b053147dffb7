"""An ORCID iD is read in every form that people have it in, and a mistyped one is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import orcid
from pkgraph.errors import ParameterError

IRI = "https://orcid.org/0000-0002-1825-0097"


@pytest.mark.parametrize(
    "text",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        "orcid.org/0000-0002-1825-0097",
        "www.orcid.org/0000-0002-1825-0097",
        "http://orcid.org/0000-0002-1825-0097",
        "https://orcid.org/0000-0002-1825-0097/",
        "  HTTPS://ORCID.ORG/0000-0002-1825-0097\n",
    ],
)
def test_every_usual_form_is_read(text):
    """With or without dashes, as an address or bare, it is the same IRI."""
    assert orcid.parse(text) == IRI


def test_ten_is_an_x():
    """The check digit ten is written X, which may be typed small."""
    assert orcid.parse("0000-0002-1694-233x") == "https://orcid.org/0000-0002-1694-233X"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Josiah Carberry",
        "0000-0002-1825-009",
        "0000-0002-1825-00970",
        "https://orcid.org.example.org/0000-0002-1825-0097",
        "https://example.org/0000-0002-1825-0097",
        "https://orcid.org/0000-0002-1825-0097#me",
        "https://orcid.org/0000-0002-1825-0097> <urn:x",
        "\u0660\u0660\u0660\u0660-0002-1825-0097",
        "0000-0002-1825-0097\n0000-0002-1825-0097",
    ],
)
def test_what_has_another_form_is_refused(text):
    """Anything else is refused, and the message shows the form."""
    with pytest.raises(ParameterError, match=r"as 0000-0002-1825-0097$"):
        orcid.parse(text)


def test_a_long_text_is_not_repeated():
    """A message shows only the beginning of what was given."""
    with pytest.raises(ParameterError) as caught:
        orcid.parse("0" * 100_000)
    assert len(str(caught.value)) < 200


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(digits, position, step):
    """An iD with its own check digit is read, and with any one digit changed it is refused."""
    whole = digits + orcid.check_digit(digits)
    assert orcid.parse(whole).replace("-", "").endswith(whole)
    wrong = str((int(whole[position]) + step) % 10)
    with pytest.raises(ParameterError, match="last digit does not fit"):
        orcid.parse(whole[:position] + wrong + whole[position + 1 :])
