"""The goals of speed: what they are, when they count as met, and that all of them are measured."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"


def load(name: str) -> Any:
    """A module of the folder, which imports those beside it as scripts do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        return import_module(name)


goals, edits, growth = load("goals"), load("edits"), load("growth")
AT_MOST = goals.Goal("1", "at most", 1.4, 1.1)
AT_LEAST = goals.Goal("2", "at least", 30, 50, is_least=True)


@pytest.mark.parametrize(
    ("goal", "value", "is_over", "expected"),
    [
        (AT_MOST, 1.1, False, "stretch"),
        (AT_MOST, 1.4, False, "met"),
        (AT_MOST, 1.41, False, "missed"),
        (AT_MOST, 1.2, True, "missed"),
        (AT_LEAST, 50, False, "stretch"),
        (AT_LEAST, 30, False, "met"),
        (AT_LEAST, 29.9, False, "missed"),
        (AT_LEAST, 55, True, "stretch"),
        (AT_LEAST, 31, True, "met"),
        (AT_LEAST, 29, True, "not measured: over the time limit"),
        (goals.Goal("", "no stretch", 1.0), 0.1, False, "met"),
        (goals.Goal("", "no limit"), 7, False, ""),
    ],
)
def test_when_a_goal_is_met(goal: Any, value: float, is_over: bool, expected: str) -> None:
    assert goals.verdict(goal, goals.Figure(value, is_over=is_over)) == expected


def test_what_was_not_measured_says_why() -> None:
    figure = goals.Figure(reason="not installed")
    assert goals.verdict(AT_MOST, figure) == "not measured: not installed"


def test_to_stretch_is_never_easier_than_what_must_be_reached() -> None:
    numbers = {int(goal.number.rstrip("ab")) for goal in goals.GOALS.values() if goal.number}
    assert numbers == {*range(1, 17)}
    for goal in goals.GOALS.values():
        if goal.must is not None and goal.stretch is not None:
            assert (goal.stretch >= goal.must) if goal.is_least else (goal.stretch <= goal.must)


def test_a_peer_of_every_goal_is_known() -> None:
    peers = load("peers")
    assert {peer.name for peer in peers.peers("")} == {*goals.PEERS.values()}
    outcomes = {
        "ruff, FAST and ASYNC": peers.Outcome("1", 0.1, 0.05),
        "fixit": peers.Outcome("1", 300.0, 60.0, is_over=True),
        "bandit": peers.Outcome(reason="it crashes"),
    }
    figures = dict(goals.from_peers(outcomes))
    assert figures["ruff"].value == pytest.approx(20)
    assert figures["fixit"] == goals.Figure(60.0, is_over=True)
    assert figures["bandit"] == goals.Figure(reason="it crashes")
    assert figures["semgrep"].reason == "no --peers given"


@pytest.mark.parametrize(
    ("value", "text"), [(0.00054, "0.00054"), (0.456, "0.46"), (12.34, "12.3"), (234.5, "234")]
)
def test_how_figures_are_shown(value: float, text: str) -> None:
    assert goals.shown(value) == text


def test_growth_is_told_by_the_two_largest_projects() -> None:
    sizes = [growth.Size(100, 1, 1), growth.Size(1_000, 1, 0.03), growth.Size(3_000, 1, 0.05)]
    assert goals.from_growth(sizes).value == pytest.approx(10)
    assert goals.from_growth(sizes[:1]).reason == "one size only"
    assert goals.from_growth([sizes[2], sizes[1]]).value == pytest.approx(10)
    assert goals.from_growth([sizes[0], sizes[1]]).reason == "lost in noise"


ROUTE = '''
@router.get("/")
async def root():
    """Say hello."""
    name = "you"
    return name
'''


def test_only_the_body_of_a_route_changes() -> None:
    changed = edits.with_changed_route(ROUTE, 7)
    assert changed == ROUTE.replace("    return", "    remark = 7\n    return")


@pytest.mark.parametrize(
    "source",
    ["", "def root():\n    pass\n", "@router.get('/')\ndef root(): return 1\n", "def (", "@x\n"],
)
def test_what_has_no_route_to_change(source: str) -> None:
    assert edits.with_changed_route(source, 1) is None


@pytest.mark.matrix
def test_everything_is_measured(tmp_path: Path) -> None:
    growth.generate(tmp_path, 50)
    command = [sys.executable, "goals.py", str(tmp_path), "--rounds", "1", "--files", "50", "100"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=True)
    rows = [line.split("|")[1:-1] for line in done.stdout.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(goals.GOALS)
    for _, what, measured, *_, met in rows[2:]:
        if what.strip() in {goals.GOALS[name].what for name in goals.PEERS}:
            assert met.strip() == "not measured: no --peers given"
        elif "1,000 files more" not in what:
            assert measured.strip(), what
    assert [row[5].strip() for row in rows if row[0].strip() == "16"] == ["stretch", "stretch"]


def test_a_command_is_stopped_at_its_limit_with_all_that_it_started() -> None:
    timing = load("timing")
    done = timing.run(["sh", "-c", "sleep 60 & sleep 60"], seconds=0.2)
    assert done.is_over
    assert done.wall < 30
    assert not timing.run(["true"], seconds=60).is_over


def test_a_peer_that_crashes_is_not_measured() -> None:
    peers, timing = load("peers"), load("timing")
    crash = b"Traceback (most recent call last):\n  x\nValueError: no\n"
    done = timing.Done(1.0, 1.0, 1, 1, b"", crash, False)
    assert peers._outcome(done, "1", 3.0).reason == "it crashes: ValueError: no"
    found = timing.Done(1.0, 1.0, 1, 1, b"a finding", b"", False)
    assert peers._outcome(found, "1", 3.0) == peers.Outcome("1", 1.0, 3.0)
