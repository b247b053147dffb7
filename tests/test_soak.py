"""A minute of the soak: nothing is wrong, nothing is lost, and memory does not grow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("soak.py")


@pytest.mark.long
@pytest.mark.slow
def test_a_minute_of_everything_at_once():
    """What ``make soak`` does for ten minutes, for one."""
    command = [sys.executable, str(SCRIPT), "--seconds", "60"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
