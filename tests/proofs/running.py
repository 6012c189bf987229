"""Finding the proofs and running them, each in a process of its own, some of them side by side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from .matrix import ROOT, Pins, python_with

PROOFS = sorted((ROOT / "fixtures").glob("*/*/proof.py"))
SECONDS = 60


@dataclass(frozen=True)
class Job:
    """A proof and where it runs: in a pinned environment or, without pins, in this one."""

    proof: Path
    pins: Pins | None = None


@dataclass(frozen=True)
class Report:
    """What a proof printed: `proved` is empty on a version on which there is nothing to see."""

    rule: str
    versions: dict[str, str]
    proved: list[str]
    right: dict[str, Any]
    wrong: dict[str, Any]


@contextmanager
def started(jobs: Iterable[Job]) -> Iterator[dict[Job, Future[Report]]]:
    """All jobs on their way; what has not begun when the caller leaves is dropped."""
    jobs = list(dict.fromkeys(jobs))
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        # Submitted before the proofs that wait for them, so that these can't block each other.
        pythons = {pins: pool.submit(_python, pins) for pins in dict.fromkeys(j.pins for j in jobs)}
        yield {job: pool.submit(_run, job.proof, pythons[job.pins]) for job in jobs}
    finally:
        pool.shutdown(cancel_futures=True)


def _python(pins: Pins | None) -> Path:
    return python_with(pins) if pins else Path(sys.executable)


def _run(proof: Path, python: Future[Path]) -> Report:
    # Isolated (-I): nothing but the environment itself and what the proof puts on its path.
    command: list[str | Path] = [python.result(), "-IB", proof]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, cwd=gettempdir()
    )
    assert done.returncode == 0, f"{proof} is not proven:\n{done.stdout}{done.stderr}"
    return Report(**json.loads(done.stdout))
