"""What a test needs of the machine that it runs on."""

from __future__ import annotations

import os

import pytest


def require(*, is_there, what, install):
    """Skip a test whose tool is not on this machine; in CI that is a failure."""
    if not is_there:
        told = f"{what} is not installed; run: {install}"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(told)
        pytest.skip(told)
