"""Speed and memory on one tree: `python benchmarks/speed.py TREE [ROUNDS]`.

Prints the fastest of interleaved rounds, which other load disturbs least, and ratios to the
*floor*: a process that only imports LibCST and parses those files of the tree that name FastAPI or
Starlette. `click` and `libcst` are processes that import just that. Every figure is wall time of a
whole process, run in turn.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOOR = """
import sys, gc
import libcst
gc.disable()
for path in sys.stdin.read().splitlines():
    data = open(path, "rb").read()
    if b"fastapi" in data or b"starlette" in data:
        try:
            libcst.parse_module(data)
        except Exception:
            pass
"""


ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Without what would make every start compile the modules again."""


def wall(command: list[str], given: bytes = b"") -> float:
    """Seconds that a command takes from start to end."""
    started = time.perf_counter()
    subprocess.run(command, input=given, capture_output=True, env=ENVIRONMENT)
    return time.perf_counter() - started


def age(folder: str, number: int) -> None:
    """Give all but the cache a time that is long past, another one for each number."""
    for path in [Path(folder), *Path(folder).rglob("*")]:
        if ".fastapi_lint_cache" not in path.parts:
            os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))


def main(tree: str, rounds: int) -> None:
    """Run all measurements."""
    lint = shutil.which("fastapi-lint", path=os.path.dirname(sys.executable))
    assert lint is not None, "install fastapi-lint into the environment that runs this"
    listing = "\n".join(str(path) for path in Path(tree).rglob("*.py")).encode()
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(tree, os.path.join(folder, "tree"), ignore_dangling_symlinks=True)
        check = [lint, "check", copy, "--output-format", "concise", "--exit-zero"]
        cold = [*check, "--no-cache"]
        for _ in range(2):
            age(copy, 0)
            time.sleep(2.1)
            wall(check)
        figures: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, seconds in (
                ("floor", wall([sys.executable, "-c", FLOOR], listing)),
                ("cold, 1 process", wall([*cold, "--jobs", "1"])),
                ("cold, 2 processes", wall([*cold, "--jobs", "2"])),
                ("import click", wall([sys.executable, "-c", "import click"])),
                ("warm", wall(check)),
                ("import libcst", wall([sys.executable, "-c", "import libcst"])),
            ):
                figures.setdefault(name, []).append(seconds)
        changed = next(p for p in Path(copy).rglob("*.py") if b"include_router" in p.read_bytes())
        for _ in range(rounds):
            changed.write_bytes(changed.read_bytes() + b"\n")
            figures.setdefault("one file changed", []).append(wall(check))
        wall(check)
        for number in range(rounds):
            age(copy, number + 1)
            figures.setdefault("warm, new times", []).append(wall(check))
    fastest = {name: min(values) for name, values in figures.items()}
    for name, seconds in fastest.items():
        print(f"{name:<20}{seconds * 1000:>9.0f} ms")
    print()
    for name, base in (
        ("cold, 1 process", "floor"),
        ("cold, 2 processes", "floor"),
        ("warm", "import click"),
        ("warm, new times", "import click"),
        ("one file changed", "import libcst"),
    ):
        print(f"{name:<20}{fastest[name] / fastest[base]:>9.2f} x {base}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{'peak memory':<20}{peak / 1024:>9.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
