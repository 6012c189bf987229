"""Finding the proofs and running them, each in a process of its own, some side by side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from threading import Lock
from typing import Any

from .matrix import ROOT, Pins, python_with

PROOFS = sorted((ROOT / "fixtures").glob("*/*/proof.py"))
SERVER = Path(__file__).with_name("serve.py")


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


class Servers:
    """Processes that run proofs, by interpreter; one that is not busy is used again."""

    def __init__(self) -> None:
        self._all: list[subprocess.Popen[str]] = []
        self._idle: dict[Path, list[subprocess.Popen[str]]] = {}
        self._lock = Lock()

    def run(self, proof: Path, python: Path) -> dict[str, Any]:
        """Run a proof: its exit status and what it printed."""
        with self._lock:
            idle = self._idle.setdefault(python, [])
            server = idle.pop() if idle else None
        if server is None:
            # Isolated (-I): nothing but the environment and what the proof puts on its path.
            command: list[str | Path] = [python, "-IB", SERVER]
            pipe = subprocess.PIPE
            server = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=gettempdir())
            with self._lock:
                self._all.append(server)
        assert server.stdin
        assert server.stdout
        server.stdin.write(f"{proof}\n")
        server.stdin.flush()
        answer: dict[str, Any] = json.loads(server.stdout.readline())
        with self._lock:
            idle.append(server)
        return answer

    def close(self) -> None:
        """End all processes."""
        for server in self._all:
            server.kill()
            server.communicate()


@contextmanager
def started(jobs: Iterable[Job]) -> Iterator[dict[Job, Future[Report]]]:
    """All jobs on their way; what has not begun when the caller leaves is dropped."""
    jobs = list(dict.fromkeys(jobs))
    servers = Servers()
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        # Submitted before the proofs that wait for them, so that these can't block each other.
        pythons = {pins: pool.submit(_python, pins) for pins in dict.fromkeys(j.pins for j in jobs)}
        yield {job: pool.submit(_run, job.proof, pythons[job.pins], servers) for job in jobs}
    finally:
        pool.shutdown(cancel_futures=True)
        servers.close()


def _python(pins: Pins | None) -> Path:
    return python_with(pins) if pins else Path(sys.executable)


@contextmanager
def runner() -> Iterator[Callable[[Job], Report]]:
    """Runs one job at a time."""
    servers = Servers()
    pythons: dict[Pins | None, Path] = {None: Path(sys.executable)}

    def run(job: Job) -> Report:
        if job.pins not in pythons:
            pythons[job.pins] = _python(job.pins)
        return _report(job.proof, pythons[job.pins], servers)

    try:
        yield run
    finally:
        servers.close()


def _run(proof: Path, python: Future[Path], servers: Servers) -> Report:
    return _report(proof, python.result(), servers)


def _report(proof: Path, python: Path, servers: Servers) -> Report:
    done = servers.run(proof, python)
    assert done["status"] == 0, f"{proof} is not proven:\n{done['out']}{done['err']}"
    return Report(**json.loads(done["out"]))
