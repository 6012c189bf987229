"""Every proof holds on every pinned FastAPI version: `pytest -m matrix`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .fixing import FIXABLE, with_fixed_twin
from .matrix import MATRIX, Pins
from .running import PROOFS, Job, Report


def _name(job: Job) -> str:
    assert job.pins
    return f"{job.pins.fastapi}-{job.proof.parts[-3]}/{job.proof.parts[-2]}"


@pytest.mark.matrix
@pytest.mark.parametrize(
    "job", [Job(proof, pins) for pins in MATRIX for proof in PROOFS], ids=_name
)
def test_proven(job: Job, prove: Callable[[Job], Report]) -> None:
    report = prove(job)
    assert job.pins
    assert report.versions["fastapi"] == job.pins.fastapi
    assert report.versions["starlette"] == job.pins.starlette


@pytest.mark.matrix
@pytest.mark.parametrize("pins", MATRIX, ids=lambda pins: pins.fastapi)
@pytest.mark.parametrize("proof", FIXABLE, ids=lambda proof: proof.parent.name)
def test_the_fixed_twin_is_right(
    proof: Path, pins: Pins, prove_alone: Callable[[Job], Report], tmp_path: Path
) -> None:
    copy = with_fixed_twin(proof, pins.fastapi, tmp_path)
    if copy is None:
        pytest.skip("no fix for this version")
    prove_alone(Job(copy, pins))
