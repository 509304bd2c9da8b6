"""What the tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

BRIDGE = """\
Bridge to open in May

TALLBERG, March 4 (NOR) -- The bridge over the sound will open in May, Transport Minister Ada Brandt told reporters on
Friday.

“We are late, and I am sorry for that,” Brandt said. “But nobody will ever pay a toll to cross it.”

According to the ferry company Baltic Rail, 400 jobs will be lost. Its chairman, Jon Aalto, called the decision “a gift
to the car industry.”
"""


@pytest.fixture
def examples() -> Path:
    """The folder of example articles."""
    return ROOT / "examples"


Terminal = Callable[..., str]


@pytest.fixture
def terminal() -> Terminal:
    """Runs the `onrecord` binary and returns what it prints."""
    binary = os.environ.get("ONRECORD_BINARY") or shutil.which("onrecord")
    if binary is None:
        pytest.skip("ONRECORD_BINARY names no binary to compare with")

    def run(*arguments: object, code: int = 0, error: bool = False) -> str:
        done = subprocess.run(
            [binary, *map(str, arguments)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == code, done.stderr
        return done.stderr if error else done.stdout

    return run
