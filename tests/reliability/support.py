"""Running the command as a user would, and reading what it says."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import command

FOUND = {("main.py", "FAL131"), ("main.py", "FAL601")}
"""What is found in the project as it is."""
MOMENTS = int(os.environ.get("FASTAPI_LINT_MOMENTS", "6"))
"""How often a run is ended at a random moment."""


def run(
    cwd: Path,
    *args: str | bytes,
    env: Mapping[str, str | None] | None = None,
    stdin: bytes = b"",
    fresh: bool = False,
    limit: int | None = None,
    traceback: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command, which must not take long.

    Only where a `traceback` is expected may it print one.
    """
    done = command.run(cwd, *args, env=env, stdin=stdin, fresh=fresh, limit=limit)
    assert traceback or b"Traceback" not in done.stderr, done.stderr.decode()
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
