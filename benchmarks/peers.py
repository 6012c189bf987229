"""Speed beside other linters on one tree: `python benchmarks/peers.py TREE [ENVIRONMENT ...]`.

Each `ENVIRONMENT` is a virtual environment with some of the tools that are to be compared; by
default it is the running one. All of them may be in one (`pip install bandit fixit flake8
flake8-async pylint pylint-fastapi-plugin ruff semgrep fastapi-therapist`), but for flake8-fastapi:
flake8 runs all plugins that it finds, and so it needs an environment with flake8 and nothing else.

All run in turn on a copy of the tree, without a cache but where the name says so, in one process
but for fixit, which always takes as many as there are cores, and for ruff and its threads. Rounds
are interleaved and the fastest counts; a tool that takes longer than half a minute runs once. Their
rules are not the same: the table says what waiting for each costs, not which is better.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from timing import Done, check, fill, run

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


ONCE = 30.0
"""Seconds that a tool may take if it is to run in each round."""
OURS, OURS_PARALLEL, OURS_WARM = "fastapi-lint", "fastapi-lint, all cores", "fastapi-lint, cached"


@dataclass(frozen=True)
class Peer:
    """A tool: its packages, those that must not be beside them, and what it is called with; the
    tree comes last. It is compared with what fastapi-lint takes in the same way."""

    name: str
    packages: tuple[str, ...]
    command: tuple[str, ...]
    without: tuple[str, ...] = ()
    base: str = OURS
    is_cached: bool = False

    def environment(self, environments: Sequence[str]) -> Path | None:
        """The environment in which it is installed."""
        for environment in map(Path, environments):
            has = [_version(environment, name) is not None for name in self.packages]
            if all(has) and not any(_version(environment, name) for name in self.without):
                return environment
        return None


@dataclass(frozen=True)
class Outcome:
    """What a tool took: seconds and their ratio to ours, or a reason why it was not measured.

    If `is_over`, it was stopped at its time limit, and would have taken longer.
    """

    version: str = ""
    seconds: float = 0.0
    ratio: float = 0.0
    is_over: bool = False
    reason: str = ""


def peers(folder: str) -> tuple[Peer, ...]:
    """The tools; what they need lies in a folder."""
    flake8 = ("flake8", "-j1", "--isolated", "--select")
    ruff = ("ruff", "check", "--isolated", "--select", "FAST,ASYNC", "--output-format", "concise")
    pylint = (
        *("pylint", "-j1", "--recursive=y", "--disable=all"),
        *("--load-plugins=pylint_fastapi_plugin", "--enable=W9001,W9002,W9003,W9004"),
    )
    semgrep = (
        *("semgrep", "scan", "--metrics=off", "--disable-version-check", "-j1"),
        *("--config", os.path.join(folder, "rules.yaml")),
    )
    therapist = ("fastapi-therapist", "--no-ruff", "--no-vulture", "--json-compact")
    cache = ("--cache-dir", os.path.join(folder, "ruff"))
    return (
        Peer("ruff, FAST and ASYNC", ("ruff",), (*ruff, "--no-cache")),
        Peer("ruff, cached", ("ruff",), (*ruff, *cache), base=OURS_WARM, is_cached=True),
        Peer("semgrep, two rules", ("semgrep",), semgrep),
        Peer("bandit", ("bandit",), ("bandit", "-q", "-r")),
        Peer("pylint, FastAPI plugin", ("pylint", "pylint-fastapi-plugin"), pylint),
        Peer("fastapi-therapist", ("fastapi-therapist",), therapist),
        Peer("fixit", ("fixit",), ("fixit", "lint"), base=OURS_PARALLEL),
        Peer("flake8-async", ("flake8-async",), (*flake8, "ASYNC"), ("flake8-fastapi",)),
        Peer("flake8-fastapi", ("flake8-fastapi",), (*flake8, "CF"), ("flake8-async",)),
    )


def _version(environment: Path, package: str) -> str | None:
    name = package.replace("-", "_")
    for path in environment.glob(f"lib/python*/site-packages/{name}-*.dist-info"):
        return path.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    return None


def measure(
    tree: str, environments: Sequence[str], rounds: int, seconds: float
) -> dict[str, Outcome]:
    """What each tool takes that is there, with at most so many seconds for one run."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(tree, os.path.join(folder, "tree"), ignore_dangling_symlinks=True)
        Path(folder, "rules.yaml").write_text(PATTERN)
        ours = [*check(copy), "--isolated"]
        commands = {
            OURS: [*ours, "--no-cache", "--jobs", "1"],
            OURS_PARALLEL: [*ours, "--no-cache", "--jobs", str(os.cpu_count())],
            OURS_WARM: ours,
        }
        fill(ours, copy)
        outcomes = {}
        known = peers(folder)
        for peer in known:
            place = peer.environment(environments)
            if place is None:
                outcomes[peer.name] = Outcome(reason="not installed")
                continue
            commands[peer.name] = [str(place / "bin" / peer.command[0]), *peer.command[1:], copy]
            if peer.is_cached:
                run(commands[peer.name])
        done = _interleaved(commands, rounds, seconds)
        for name in (OURS, OURS_PARALLEL, OURS_WARM):
            outcomes[name] = Outcome(seconds=done[name].wall, ratio=1.0)
        for peer in known:
            if peer.name in done:
                ratio = done[peer.name].wall / done[peer.base].wall
                version = _version(peer.environment(environments) or Path(), peer.packages[-1])
                outcomes[peer.name] = _outcome(done[peer.name], version or "", ratio)
    return outcomes


def _interleaved(commands: dict[str, list[str]], rounds: int, seconds: float) -> dict[str, Done]:
    """The fastest run of each command."""
    fastest: dict[str, Done] = {}
    for _ in range(rounds):
        for name, command in commands.items():
            before = fastest.get(name)
            if before is None:
                print(f"  {name}", file=sys.stderr, flush=True)
            elif before.wall > ONCE:
                continue
            done = run(command, seconds=seconds)
            if before is None or done.wall < before.wall:
                fastest[name] = done
    return fastest


def _outcome(done: Done, version: str, ratio: float) -> Outcome:
    if done.is_over:
        return Outcome(version, done.wall, ratio, is_over=True)
    lines = done.err.decode(errors="replace").strip().splitlines()
    if b"Traceback (most recent call last)" in done.err:
        error = next((line for line in reversed(lines) if "Error" in line), lines[-1])
        return Outcome(version, reason=f"it crashes: {error.strip()[:60]}")
    if done.status < 0 or done.status > 31:
        return Outcome(version, reason=f"its status is {done.status}: {' '.join(lines)[-60:]}")
    return Outcome(version, done.wall, ratio)


def lines(outcomes: dict[str, Outcome]) -> list[str]:
    """A table."""
    return [
        f"{name:<24} {o.reason}"
        if o.reason
        else f"{name:<24}{'over' if o.is_over else '':>5}{o.seconds:>9.2f} s{o.ratio:>9.2f} x"
        f"  {o.version}".rstrip()
        for name, o in outcomes.items()
    ]


if __name__ == "__main__":
    print(*lines(measure(sys.argv[1], sys.argv[2:] or [sys.prefix], 1, 600)), sep="\n")
