"""The command as users run it: a process of its own with its streams, environment and folder.

The process is forked from that of the tests, where everything is imported already, because most of
the time of a short run goes into imports. What depends on how an interpreter starts is run in a new
one: `fresh`.
"""

from __future__ import annotations

import os
import pkgutil
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, NoReturn

import fastapi_lint
from fastapi_lint import map, report, syntax
from fastapi_lint.registry import all_rules

COMMAND = (sys.executable, "-m", "fastapi_lint")
_SECONDS = 120


def run(
    cwd: Path,
    *args: str | bytes,
    env: Mapping[str, str | None] | None = None,
    stdin: bytes = b"",
    fresh: bool = False,
    limit: int | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a folder; `env` changes the environment, from which it takes `None`s.

    `limit` is how much memory the process may take beside that of the tests.
    """
    changed = {**os.environ, **(env or {})}
    environment = {name: value for name, value in changed.items() if value is not None}
    if fresh or not hasattr(os, "fork"):
        return subprocess.run(
            [*COMMAND, *args],
            cwd=cwd,
            env=environment,
            input=stdin,
            capture_output=True,
            timeout=_SECONDS,
        )
    import_all()
    words = [os.fsdecode(word) for word in args]
    file = tempfile.TemporaryFile
    with file() as given, file() as out, file() as err:
        given.write(stdin)
        given.seek(0)
        process = os.fork()
        if process == 0:
            if limit is not None:
                most = _address_space() + limit
                resource.setrlimit(resource.RLIMIT_AS, (most, most))
            _be_the_command(cwd, words, environment, [given, out, err])
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        return subprocess.CompletedProcess([*COMMAND, *args], status, _content(out), _content(err))


def run_text(
    cwd: Path, *args: str, env: Mapping[str, str | None] | None = None, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """The same, with text instead of bytes."""
    done = run(cwd, *args, env=env, stdin=(stdin or "").encode())
    out, err = (data.decode().replace("\r\n", "\n") for data in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


@cache
def import_all() -> None:
    """Import everything that the command may need."""
    for package in (fastapi_lint, map, report, syntax):
        folder = os.path.dirname(str(package.__file__))
        for module in pkgutil.iter_modules([folder], f"{package.__name__}."):
            if not module.name.endswith((".__main__", ".server")):
                import_module(module.name)
    import_module("rich.console")
    all_rules()


def _address_space() -> int:
    """Bytes of address space that this process has taken; 0 where that cannot be told."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _content(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


def _be_the_command(
    cwd: Path, words: list[str], environment: Mapping[str, str], streams: list[IO[bytes]]
) -> NoReturn:
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.alarm(_SECONDS)
        for number, stream in enumerate(streams):
            os.dup2(stream.fileno(), number)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["fastapi-lint", *words]
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        status = _status()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _status() -> int:
    from fastapi_lint.entry import main

    try:
        main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0
