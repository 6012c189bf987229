"""The progress bar: on a terminal, after a second, and gone at the end."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

_SCRIPT = """
import sys, time
from fastapi_lint import progress
progress.PATIENCE = {patience}
with progress.shown({wanted}) as tell:
    for done in range(10):
        tell("Reading [files]", done, 10)
        time.sleep(0.05)
print("after", file=sys.stderr)
"""


def on_terminal(patience: float, wanted: bool = True) -> str:
    """What a terminal gets on standard error."""
    ours, theirs = pty.openpty()
    script = _SCRIPT.format(patience=patience, wanted=wanted)
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(
        [sys.executable, "-c", script], stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        printed = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            printed += part
    os.close(ours)
    assert process.returncode == 0, printed.decode()
    return printed.decode()


def test_a_bar_is_drawn_and_removed() -> None:
    printed = on_terminal(0.1)
    assert "Reading [files]" in printed
    assert "/10" in printed
    bar, _, after = printed.rpartition("\x1b[2K")
    assert "Reading" in bar
    assert after.strip() == "after"


@pytest.mark.parametrize(("patience", "wanted"), [(30, True), (0.1, False)])
def test_a_short_or_quiet_run_draws_nothing(patience: float, wanted: bool) -> None:
    assert on_terminal(patience, wanted) == "after\r\n"


def test_without_a_terminal_nothing_is_drawn() -> None:
    script = _SCRIPT.format(patience=0.1, wanted=True)
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("", "after\n")
