"""Running commands, and what they take."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Without what would make every start compile the modules again."""
CACHE = ".fastapi_lint_cache"


@dataclass(frozen=True)
class Done:
    """What a command took and gave.

    `wall` and `processor` are seconds, the latter of all its processes together; `peak` is the
    memory in bytes of the largest of its processes; `is_over` tells that it was stopped at its
    time limit.
    """

    wall: float
    processor: float
    peak: int
    status: int
    out: bytes
    err: bytes
    is_over: bool


def run(
    command: list[str],
    given: bytes = b"",
    *,
    folder: str | None = None,
    seconds: float | None = None,
    environment: Mapping[str, str] = ENVIRONMENT,
) -> Done:
    """Run a command in a folder, at most for so many seconds."""
    over: list[bool] = []
    file = tempfile.TemporaryFile
    with file() as stdin, file() as out, file() as err:
        stdin.write(given)
        stdin.seek(0)
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=stdin, stdout=out, stderr=err, cwd=folder, env=environment,
            start_new_session=True,
        )  # fmt: skip

        def stop() -> None:
            over.append(True)
            os.killpg(process.pid, signal.SIGKILL)

        timer = Timer(seconds or 0, stop)
        if seconds is not None:
            timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - started
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Done(
            taken,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * 1024,
            process.returncode,
            out.read(),
            err.read(),
            bool(over),
        )


def succeed(command: list[str], given: bytes = b"", *, folder: str | None = None) -> Done:
    """Run a command that must not fail, because failing takes another time."""
    done = run(command, given, folder=folder)
    assert done.status == 0, (command, done.err.decode(errors="replace"))
    return done


def wall(command: list[str], folder: str | None = None) -> float:
    """Seconds that a command takes from start to end."""
    return succeed(command, folder=folder).wall


def interleaved(figures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The least of each figure, all of which are measured in turn, round by round."""
    least: dict[str, float] = {}
    for _ in range(rounds):
        for name, figure in figures.items():
            least[name] = min(figure(), least.get(name, float("inf")))
    return least


def lint() -> str:
    """The command of the environment that runs this."""
    found = shutil.which("fastapi-lint", path=os.path.dirname(sys.executable))
    assert found is not None, "install fastapi-lint into the environment that runs this"
    return found


def check(*paths: str) -> list[str]:
    """The command over some paths, as it is measured everywhere."""
    return [lint(), "check", *paths, "--output-format", "concise", "--exit-zero"]


def age(folder: str, number: int) -> None:
    """Give all but the cache a time that is long past, another one for each number."""
    for path in [Path(folder), *Path(folder).rglob("*")]:
        if CACHE not in path.parts:
            os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))


def fill(command: list[str], tree: str, folder: str | None = None) -> None:
    """Run a command until its cache trusts the times of all files of a tree."""
    for _ in range(2):
        age(tree, 0)
        time.sleep(2.1)
        succeed(command, folder=folder)
