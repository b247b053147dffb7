"""A server of the shipped graph, and a browser that looks at it."""

from __future__ import annotations

import pytest
from judging import AXE
from judging import INSTALL as INSTALL_JUDGES
from looking import INSTALL, SIZES, browsing, executable, looked_at, served
from required import require


@pytest.fixture(scope="session")
def address():
    """Run a server of the shipped graph on a free port and return its address."""
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    """
    Return a running Chromium; without one, skip on a desk and fail in CI.

    It ends with the tests of a module: while Playwright runs, an event loop runs in this thread,
    and no test of what is asynchronous could have one of its own.
    """
    require(is_there=executable() is not None, what="Chromium", install=INSTALL)
    with browsing() as browser:
        yield browser


@pytest.fixture(params=SIZES.values(), ids=SIZES)
def page(request, chromium, address):
    """Return an empty page as wide as a laptop's and as a phone's, as :func:`looked_at` has it."""
    with looked_at(chromium, address, request.param) as page:
        yield page


@pytest.fixture(scope="session")
def axe():
    """Return the program that is run in pages."""
    require(is_there=AXE.is_file(), what="axe-core", install=INSTALL_JUDGES)
    return AXE.read_text("utf-8")
