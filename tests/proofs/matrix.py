"""The FastAPI versions that every proof must hold on, and an environment for each of them.

The other pins are about what was current when that FastAPI was. All have wheels for Python 3.11
and 3.12.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Pins:
    """The packages of one environment; the names of the fields are theirs."""

    fastapi: str
    starlette: str
    pydantic: str
    anyio: str
    httpx: str
    uvicorn: str
    websockets: str
    sqlalchemy: str
    aiosqlite: str
    pydantic_settings: str
    greenlet: str = "3.5.6"
    pyjwt: str = "2.10.1"
    python_jose: str = "3.5.0"
    python_multipart: str = "0.0.20"
    slowapi: str = "0.1.9"

    @property
    def requirements(self) -> list[str]:
        return [f"{name}=={version}" for name, version in asdict(self).items()]


MATRIX = (
    Pins(
        fastapi="0.103.2",
        starlette="0.27.0",
        pydantic="2.4.2",
        anyio="3.7.1",
        httpx="0.25.0",
        uvicorn="0.23.2",
        websockets="11.0.3",
        sqlalchemy="2.0.21",
        aiosqlite="0.19.0",
        pydantic_settings="2.0.3",
    ),
    Pins(
        fastapi="0.110.3",
        starlette="0.37.2",
        pydantic="2.7.1",
        anyio="4.3.0",
        httpx="0.27.0",
        uvicorn="0.29.0",
        websockets="12.0",
        sqlalchemy="2.0.29",
        aiosqlite="0.20.0",
        pydantic_settings="2.2.1",
    ),
    Pins(
        fastapi="0.115.14",
        starlette="0.46.2",
        pydantic="2.11.7",
        anyio="4.9.0",
        httpx="0.28.1",
        uvicorn="0.34.3",
        websockets="15.0.1",
        sqlalchemy="2.0.41",
        aiosqlite="0.21.0",
        pydantic_settings="2.9.1",
    ),
    Pins(
        fastapi="0.121.3",
        starlette="0.50.0",
        pydantic="2.12.4",
        anyio="4.11.0",
        httpx="0.28.1",
        uvicorn="0.38.0",
        websockets="15.0.1",
        sqlalchemy="2.0.44",
        aiosqlite="0.21.0",
        pydantic_settings="2.12.0",
    ),
    Pins(
        fastapi="0.165.0",
        starlette="1.10.0",
        pydantic="2.14.3",
        anyio="4.16.0",
        httpx="0.28.1",
        uvicorn="0.54.0",
        websockets="17.4",
        sqlalchemy="2.1.9",
        aiosqlite="0.22.1",
        pydantic_settings="2.12.0",
    ),
)


def python_with(pins: Pins) -> Path:
    """The interpreter of the environment with these pins, which is made if it is missing."""
    cache = Path(os.environ.get("FASTAPI_LINT_MATRIX_DIR") or ROOT / ".matrix").resolve()
    digest = sha256(" ".join([sys.version, *pins.requirements]).encode()).hexdigest()[:8]
    folder = cache / f"fastapi-{pins.fastapi}-{digest}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Moved to its place when complete: an interrupted run leaves nothing that looks usable.
        with TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as unfinished:
            made = Path(unfinished, "environment")
            _make(made, pins.requirements)
            try:
                made.rename(folder)
            except OSError:
                if not folder.exists():  # else another process was faster
                    raise
    return _python(folder)


def _make(folder: Path, requirements: list[str]) -> None:
    wheels = ["--only-binary", ":all:", *requirements]
    if uv := _uv():
        _run(*uv, "venv", "--python", sys.executable, folder)
        _run(*uv, "pip", "install", "--compile-bytecode", "--python", _python(folder), *wheels)
    else:
        _run(sys.executable, "-m", "venv", folder)
        _run(_python(folder), "-m", "pip", "install", *wheels)


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _uv() -> list[str]:
    """How to call uv, which is much faster than pip; empty without it."""
    if find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    return [path] if (path := shutil.which("uv")) else []


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
