"""Every proof holds on every pinned FastAPI version: `pytest -m matrix`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .matrix import MATRIX
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
