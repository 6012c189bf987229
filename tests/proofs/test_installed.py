"""Every rule is proven under the installed FastAPI, and its twins say what the linter will."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support import marks

from .fixing import FIXABLE, with_fixed_twin
from .running import PROOFS, Job, Report


def _name(job: Job) -> str:
    return f"{job.proof.parts[-3]}/{job.proof.parts[-2]}"


def _codes(twin: Path) -> set[str]:
    files = {str(path): path.read_text(encoding="utf-8") for path in twin.rglob("*.py")}
    return {code for _, _, code in marks(files)}


def test_there_are_proofs() -> None:
    assert PROOFS


@pytest.mark.parametrize("job", [Job(proof) for proof in PROOFS], ids=_name)
def test_proven(job: Job, prove: Callable[[Job], Report]) -> None:
    report = prove(job)
    assert report.versions["fastapi"] == version("fastapi")
    assert report.rule in _codes(job.proof.parent / "wrong"), "the wrong twin has no marked line"
    assert not _codes(job.proof.parent / "right"), "the right twin must have no marked line"


@pytest.mark.parametrize("proof", FIXABLE, ids=lambda proof: proof.parent.name)
def test_the_fixed_twin_is_right(
    proof: Path, prove_alone: Callable[[Job], Report], tmp_path: Path
) -> None:
    copy = with_fixed_twin(proof, version("fastapi"), tmp_path)
    assert copy is not None, "the newest version has no fix"
    prove_alone(Job(copy))
