"""Running the command as a user would, and reading what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "fastapi_lint")
FOUND = {("main.py", "FAL131"), ("main.py", "FAL601")}
"""What is found in the project as it is."""


def run(
    cwd: Path,
    *args: str | bytes,
    env: Mapping[str, str] | None = None,
    python: tuple[str, ...] = (sys.executable,),
    **options: Any,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command, which must not take long, and must not end with a traceback."""
    done = subprocess.run(
        [*python, "-m", "fastapi_lint", *args],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        timeout=120,
        **{"capture_output": True, **options},
    )
    assert b"Traceback" not in (done.stderr or b""), done.stderr.decode()
    return done


def found(done: subprocess.CompletedProcess[bytes]) -> set[tuple[str, str]]:
    """File name and code of every finding that a run has printed as JSON."""
    return {(Path(each["filename"]).name, each["code"]) for each in json.loads(done.stdout)}


def check(cwd: Path, *args: str | bytes, **options: Any) -> set[tuple[str, str]]:
    """File name and code of every finding of a run without a cache."""
    done = run(cwd, "--no-cache", "--output-format", "json", *args, **options)
    assert done.returncode == 1, done.stderr
    return found(done)


def problems(root: Path) -> dict[str, tuple[str, str, int, int]]:
    """Code, message, row and column of the files that could not be read, by name."""
    from ..support import lint

    return {
        Path(f.path).name: (f.code, f.message, *f.span[:2])
        for f in lint(root).findings
        if f.code in ("FAL001", "FAL002")
    }
