"""Speed beside other linters on one tree: `python benchmarks/peers.py TREE [ENVIRONMENT]`.

`ENVIRONMENT` is a virtual environment with those of the tools that are to be compared (`pip install
bandit fixit flake8 flake8-async pylint pylint-fastapi-plugin ruff semgrep`); by default the running
one. All run in turn on a copy of the tree, each in one process and without a cache, and print to
nowhere. Their rules are not the same: the table says what waiting for each costs, not which is
better.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from speed import wall

PATTERN = """
rules:
  - id: wildcard-cors
    languages: [python]
    message: any origin
    severity: WARNING
    pattern: $APP.add_middleware(CORSMiddleware, ..., allow_origins=["*"], ...)
  - id: event-handler
    languages: [python]
    message: start-up handler
    severity: WARNING
    pattern: |
      @$APP.on_event(...)
      def $F(...): ...
"""


def commands(programs: Path, pattern: str) -> dict[str, list[str]]:
    """What each tool is called with; the tree comes last."""
    lint = shutil.which("fastapi-lint", path=os.path.dirname(sys.executable))
    assert lint is not None, "install fastapi-lint into the environment that runs this"
    flake8 = [str(programs / "flake8"), "-j1", "--isolated", "--select"]
    pylint = [str(programs / "pylint"), "-j1", "--recursive=y", "--disable=all"]
    return {
        "fastapi-lint": [lint, "check", "--no-cache", "--jobs", "1", "--isolated"],
        "ruff, FAST and ASYNC": [
            *(str(programs / "ruff"), "check", "--no-cache", "--isolated"),
            *("--select", "FAST,ASYNC"),
        ],
        "semgrep, two rules": [
            *(str(programs / "semgrep"), "scan", "--metrics=off", "--disable-version-check"),
            *("-j1", "--config", pattern),
        ],
        "bandit": [str(programs / "bandit"), "-q", "-r"],
        "pylint, FastAPI plugin": [
            *(*pylint, "--load-plugins=pylint_fastapi_plugin", "--enable=W9001,W9002,W9003,W9004"),
        ],
        "flake8-async": [*flake8, "ASYNC"],
        "fixit": [str(programs / "fixit"), "lint"],
    }


def main(tree: str, environment: str) -> None:
    """Run each tool that is there, and print its time and the ratio to fastapi-lint's."""
    programs = Path(environment, "bin")
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(tree, os.path.join(folder, "tree"))
        pattern = Path(folder, "rules.yaml")
        pattern.write_text(PATTERN)
        ours = 0.0
        for name, command in commands(programs, str(pattern)).items():
            if not os.path.exists(command[0]):
                print(f"{name:<24} not installed")
                continue
            seconds = wall([*command, copy])
            ours = ours or seconds
            print(f"{name:<24}{seconds:>9.2f} s{seconds / ours:>9.2f} x", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else sys.prefix)
