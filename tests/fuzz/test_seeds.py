"""The regression corpus, and a short run of each generator: the linter survives them."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from .check import Failure, check
from .generate import Generator
from .mutate import Mutator, projects
from .shrink import shrink

HERE = Path(__file__).parent
SEEDS = sorted(HERE.glob("seeds/*.json"))
FIXTURES = HERE.parents[1] / "fixtures"


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_what_once_failed_is_survived(seed: Path) -> None:
    texts = json.loads(seed.read_text(encoding="utf-8"))["files"]
    check({name: text.encode("latin-1") for name, text in texts.items()})


@pytest.mark.parametrize("seed", range(8))
def test_generated_projects_are_survived(seed: int) -> None:
    check(Generator(Random(seed)).project())


@pytest.mark.parametrize("seed", range(12))
def test_damaged_projects_are_survived(seed: int) -> None:
    check(Mutator(Random(seed), projects(FIXTURES / "middleware")).project())


def test_a_crash_is_a_failure_and_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("on purpose")

    files = {"a.py": b"import fastapi\nx = 1\n" * 20, "b.py": b"import fastapi\n"}
    check(files)
    monkeypatch.setattr("fastapi_lint.engine.link", broken)
    with pytest.raises(Failure, match="on purpose"):
        check(files)
    smaller = shrink(files)
    assert smaller is not None
    assert sum(map(len, smaller.values())) < 30
    monkeypatch.undo()
    assert shrink(files) is None
