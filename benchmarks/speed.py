"""Speed and memory on one tree: `python benchmarks/speed.py TREE [ROUNDS]`.

Prints the fastest of interleaved rounds, which other load disturbs least. The *floor* is a process
that only imports LibCST and parses those files of the tree that name FastAPI or Starlette; others
just import click, or LibCST. Every figure is wall time of a whole process, run in turn, but for
those of `inside.py`. `goals.py` prints them as ratios, beside what they should be.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from edits import after_edits
from inside import Inside, least, measured
from timing import ENVIRONMENT, age, check, fill, interleaved, run, succeed, wall
from warm_imports import CODE

import fastapi_lint

FLOOR = """
import sys, gc
import libcst
gc.disable()
size = 0
for path in sys.stdin.read().splitlines():
    data = open(path, "rb").read()
    if b"fastapi" in data or b"starlette" in data:
        size += len(data)
        try:
            libcst.parse_module(data)
        except Exception:
            pass
print(size)
"""


@dataclass
class Speed:
    """What was measured on a tree.

    `fastest` are seconds by name, `processor` those of processor time; `peak` is the memory in
    bytes of the largest process; `outputs` are the different texts that were printed; `imported`
    are the modules that a run without changes imported; `floor` are the bytes that the floor
    parsed.
    """

    inside: Inside
    files: int
    fastest: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    peak: int = 0
    outputs: set[bytes] = field(default_factory=set)
    imported: frozenset[str] = frozenset()
    floor: int = 0

    def ratio(self, name: str, base: str) -> float | None:
        """How long something takes in terms of something else."""
        seconds = self.fastest.get(name)
        return None if seconds is None else seconds / self.fastest[base]


def measure(tree: str, rounds: int) -> Speed:
    """Run all measurements on a copy of a tree."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(tree, os.path.join(folder, "tree"), ignore_dangling_symlinks=True)
        paths = sorted(Path(copy).rglob("*.py"))
        listing = "\n".join(map(str, paths)).encode()
        command = check(copy)
        fill(command, copy)
        inside = [measured(copy)]
        speed = Speed(inside[0], len(paths))

        def ours(name: str, *options: str) -> Callable[[], float]:
            def figure() -> float:
                done = succeed([*command, *options])
                speed.peak = max(speed.peak, done.peak)
                speed.outputs.add(done.out)
                before = speed.processor.get(name, float("inf"))
                speed.processor[name] = min(before, done.processor)
                return done.wall

            return figure

        def floor() -> float:
            done = succeed([sys.executable, "-c", FLOOR], listing)
            speed.floor = int(done.out)
            return done.wall

        def within() -> float:
            inside.append(measured(copy))
            return inside[-1].rest

        cold = {
            name: ours(name, "--no-cache", "--jobs", number)
            for number, name in (("1", "cold, 1 process"), ("2", "cold, 2 processes"))
        }
        figures = {
            "floor": floor,
            **cold,
            "import click": lambda: wall([sys.executable, "-c", "import click"]),
            "warm": ours("warm"),
            "import libcst": lambda: wall([sys.executable, "-c", "import libcst"]),
        }
        speed.fastest |= interleaved({**figures, "within": within}, rounds)
        del speed.fastest["within"]
        speed.inside = least(inside)
        speed.imported = _imported(command)
        ages = itertools.count(1)
        warm = ours("warm, new times")

        def aged() -> float:
            age(copy, next(ages))
            return warm()

        speed.fastest |= interleaved({"warm, new times": aged}, rounds)
        speed.fastest |= interleaved(after_edits(copy, inside[0]), rounds)
    return speed


def _imported(command: list[str]) -> frozenset[str]:
    """What a command imports that is run without changes."""
    above = os.path.dirname(os.path.dirname(str(fastapi_lint.__file__)))
    environment = {**ENVIRONMENT, "PYTHONPATH": above}
    done = run([sys.executable, "-S", "-c", CODE, *command[1:]], environment=environment)
    return frozenset(done.err.decode().splitlines()[-1].split())


def lines(speed: Speed) -> list[str]:
    """All times, and what passes within a process."""
    inside = speed.inside
    times = {
        **speed.fastest,
        "parse, in process": inside.parse,
        "rest, in process": inside.rest,
        "rule, in process": inside.rule,
    }
    return [f"{name:<20}{seconds * 1e3:>11.2f} ms" for name, seconds in times.items()]


if __name__ == "__main__":
    found = measure(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
    print(*lines(found), f"{'peak memory':<20}{found.peak / 2**20:>11.2f} MB", sep="\n")
