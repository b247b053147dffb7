"""Write JSON-LD into a page, as data that runs nothing."""

from __future__ import annotations

import json

import markupsafe

#: What ends an element of HTML, begins an entity, or ends a line in JavaScript.
_SIGNS = "<>&\u2028\u2029"


def script(data: object) -> markupsafe.Markup:
    r"""
    Return *data* as JSON in which nothing is HTML.

    >>> print(script({"name": "</script>"}))
    {"name": "\u003c/script\u003e"}
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for sign in _SIGNS:
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return markupsafe.Markup(text)  # noqa: S704 - what it could do harm with is escaped above
