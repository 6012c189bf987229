"""All goals of speed side by side: `python benchmarks/goals.py TREE [--peers ENVIRONMENT ...]`.

Each goal is a ratio of two figures that are measured in one run on one tree, as the least of
interleaved rounds, or a limit. Every goal has a value that must be reached, and a better one to
stretch for. What the figures are is said in `speed.py` (goals 1 to 3, 6, 7, 9, 15 and 16),
`inside.py` (4 and 5), `growth.py` (8) and `peers.py` (10 to 14).

Goal 9 is measured for three kinds of change to one file of which the cache knows: the body of a
route handler (the goal: it takes all that a change can take), a comment in a file that was parsed
and has no finding, and a new function in a file that was not parsed. Beside the goals stand a hook
that checks three files, whose routes have changed, of a generated project with about 1,000 files,
and two processes' processor time in terms of one's, which says something on a busy machine, too.

Goals 10 to 14 need `--peers` with virtual environments that hold the other linters; see `peers.py`.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import edits
import growth
import peers
import speed
from timing import check, fill, interleaved
from warm_imports import ALLOWED


@dataclass(frozen=True)
class Goal:
    """What must be reached, and what would be better; at most, or if `is_least` at least."""

    number: str
    what: str
    must: float | None = None
    stretch: float | None = None
    unit: str = ""
    is_least: bool = False


@dataclass(frozen=True)
class Figure:
    """What was measured, or the reason why not. If `is_over`, the true value is larger."""

    value: float | None = None
    reason: str = ""
    is_over: bool = False


GOALS = {
    "per byte": Goal("1", "cold, one process, per byte parsed / floor per byte", 1.10, 0.85),
    "one": Goal("2", "cold, one process / floor", 1.40, 1.10),
    "two": Goal("3", "cold, two processes / floor", 0.85, 0.65),
    "overhead": Goal("", "processor time, two processes / one", 1.10),
    "rest": Goal("4", "all but the interpreter's parsing / parsing with LibCST", 0.15, 0.10),
    "rule": Goal("5", "one more rule / parsing with LibCST", 0.001, 0.0005),
    "warm": Goal("6", "nothing changed / import click", 1.2, 0.8),
    "times": Goal("7", "new times, same contents / import click", 1.6, 1.2),
    "further": Goal("8", "nothing changed, for 1,000 files more", 20, 12, " ms"),
    "route": Goal("9", "route handler changed / import libcst (the goal)", 1.4, 0.9),
    "comment": Goal("9a", "comment added / import libcst", 1.4, 0.9),
    "other": Goal("9b", "function in a file not parsed / import libcst", 1.4, 0.9),
    "commit": Goal("", "hook: three changed files of 1,000", 1.0, None, " s"),
    "fixit": Goal("10", "fixit / ours, all cores", 30, 50, is_least=True),
    "flake8-async": Goal("11", "flake8 with flake8-async / ours", 50, 80, is_least=True),
    "flake8-fastapi": Goal("", "flake8 with flake8-fastapi / ours", is_least=True),
    "bandit": Goal("12", "bandit / ours", 3, 4.5, is_least=True),
    "pylint": Goal("12", "pylint with only its FastAPI plugin / ours", 2.5, 3.5, is_least=True),
    "semgrep": Goal("12", "semgrep with two rules / ours", 1.2, 1.7, is_least=True),
    "therapist": Goal("", "fastapi-therapist / ours", is_least=True),
    "ruff": Goal("13", "ours, one process / ruff with FAST and ASYNC", 60, 25),
    "ruff warm": Goal("14", "ours / ruff, both cached", 3, 2),
    "peak": Goal("15", "peak memory of a process", 120, 80, " MB"),
    "imports": Goal("16", "modules imported against the list, nothing changed", 0, 0),
    "outputs": Goal("16", "different outputs: one, two processes, cached", 1, 1),
}
PEERS = {
    "fixit": "fixit",
    "flake8-async": "flake8-async",
    "flake8-fastapi": "flake8-fastapi",
    "bandit": "bandit",
    "pylint": "pylint, FastAPI plugin",
    "semgrep": "semgrep, two rules",
    "therapist": "fastapi-therapist",
    "ruff": "ruff, FAST and ASYNC",
    "ruff warm": "ruff, cached",
}
_OURS_OVER = frozenset({"ruff", "ruff warm"})
"""Where ours is the slower one, and the ratio the other way round."""
_PROJECT = 1_000


def verdict(goal: Goal, figure: Figure) -> str:
    """Whether a goal is met; a figure that is known to be larger only counts where that is sure."""
    if figure.value is None:
        return f"not measured: {figure.reason}"
    if goal.must is None:
        return ""
    if figure.is_over and not (goal.is_least and figure.value >= goal.must):
        return "not measured: over the time limit" if goal.is_least else "missed"
    limits = (("stretch", goal.stretch), ("met", goal.must))
    for word, limit in limits:
        if limit is not None and (
            figure.value >= limit if goal.is_least else figure.value <= limit
        ):
            return word
    return "missed"


def shown(value: float) -> str:
    """A figure with about three digits."""
    size = abs(value)
    if value == int(value) or size >= 100:
        return f"{value:.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 0.1 else f"{value:.2g}"


def table(figures: Mapping[str, Figure]) -> list[str]:
    """All goals in Markdown, with columns that are also aligned."""
    rows = [("goal", "what", "measured", "must", "stretch", "")]
    for name, goal in GOALS.items():
        figure = figures[name]
        sign = "≥ " if goal.is_least else "≤ "
        measured = "" if figure.value is None else shown(figure.value) + goal.unit
        rows.append(
            (
                goal.number,
                goal.what,
                f"over {measured}" if figure.is_over else measured,
                "" if goal.must is None else f"{sign}{goal.must:g}",
                "" if goal.stretch is None else f"{sign}{goal.stretch:g}",
                verdict(goal, figure),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))  # type: ignore[arg-type]
    return [
        f"| {' | '.join(f'{c:<{w}}' for c, w in zip(row, widths, strict=True))} |" for row in rows
    ]


def from_tree(found: speed.Speed) -> Iterator[tuple[str, Figure]]:
    """The goals that `speed.py` and `inside.py` measure."""
    inside = found.inside
    for name, figure, base in (
        ("one", "cold, 1 process", "floor"),
        ("two", "cold, 2 processes", "floor"),
        ("warm", "warm", "import click"),
        ("times", "warm, new times", "import click"),
        ("route", "route changed", "import libcst"),
        ("comment", "comment added", "import libcst"),
        ("other", "other file changed", "import libcst"),
    ):
        yield name, Figure(found.ratio(figure, base), "no such file in the tree")
    one, processor = found.fastest["cold, 1 process"], found.processor
    if inside.size and found.floor:
        floor = found.fastest["floor"] / found.floor
        yield "per byte", Figure(one / inside.size / floor)
        yield "rest", Figure(inside.rest / inside.parse)
        yield "rule", Figure(inside.rule / inside.parse)
    else:
        for name in ("per byte", "rest", "rule"):
            yield name, Figure(reason="no file of the tree is parsed")
    yield "overhead", Figure(processor["cold, 2 processes"] / processor["cold, 1 process"])
    yield "peak", Figure(found.peak / 2**20)
    yield "imports", Figure(len(found.imported - ALLOWED))
    yield "outputs", Figure(len(found.outputs))


def from_peers(outcomes: Mapping[str, peers.Outcome]) -> Iterator[tuple[str, Figure]]:
    """The goals that `peers.py` measures."""
    for name, peer in PEERS.items():
        outcome = outcomes.get(peer, peers.Outcome(reason="no --peers given"))
        if outcome.reason:
            yield name, Figure(reason=outcome.reason)
        else:
            ratio = 1 / outcome.ratio if name in _OURS_OVER else outcome.ratio
            yield name, Figure(ratio, is_over=outcome.is_over)


def from_growth(sizes: list[growth.Size]) -> Figure:
    """The goal that `growth.py` measures."""
    further = growth.further(sizes)
    if further is None:
        return Figure(reason="one size only")
    if further <= 0:
        return Figure(reason="lost in noise")
    return Figure(further * 1e3)


def before_commit(rounds: int) -> float:
    """Seconds of a hook in a generated project."""
    with tempfile.TemporaryDirectory() as folder:
        project = os.path.join(folder, "project")
        os.mkdir(project)
        growth.generate(Path(project), _PROJECT)
        fill(check(), project, project)
        hook = edits.before_commit(project)
        hook()
        return interleaved({"hook": hook}, rounds)["hook"]


def machine() -> str:
    """What this runs on."""
    model = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if "model name" in line]
        model = names[0] if names else model
    versions = ", ".join(f"{name} {version(name)}" for name in ("fastapi-lint", "libcst", "click"))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {model}; {platform.system()}; {python}; {versions}"


def load() -> str:
    """The load averages."""
    return " ".join(f"{number:.2f}" for number in os.getloadavg())


def main() -> None:
    """Measure and print everything."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("tree")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", nargs="+", default=[], metavar="ENVIRONMENT")
    parser.add_argument("--seconds", type=float, default=300, help="limit of a run of another tool")
    parser.add_argument("--files", nargs="+", type=int, default=[100, 1_000, 10_000])
    options = parser.parse_args()
    started = load()
    print(time.strftime("%Y-%m-%d %H:%M"), machine(), sep="; ", flush=True)

    def say(what: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)

    say("the tree")
    found = speed.measure(options.tree, options.rounds)
    say("growth")
    sizes = growth.measure(options.files, options.rounds)
    say("a hook")
    commit = before_commit(options.rounds)
    outcomes = {}
    if options.peers:
        say("other linters")
        outcomes = peers.measure(options.tree, options.peers, options.rounds, options.seconds)
    figures = {
        **dict(from_tree(found)),
        **dict(from_peers(outcomes)),
        "further": from_growth(sizes),
        "commit": Figure(commit),
    }
    print(f"load average at the start {started}, at the end {load()}; {options.rounds} rounds")
    inside = found.inside
    print(
        f"{found.files} files, of which {len(inside.parsed)} with {inside.size / 1e6:.2f} MB are"
        f" parsed; the floor parses {found.floor / 1e6:.2f} MB; {inside.rules} rules\n"
    )
    print(*table(figures), "", *speed.lines(found), "", *growth.lines(sizes), sep="\n")
    if outcomes:
        print("", *peers.lines(outcomes), sep="\n")


if __name__ == "__main__":
    main()
