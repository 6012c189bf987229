"""How cost grows with a project: `python benchmarks/growth.py [FILES ...]`, default 100 to 10,000.

Projects of so many files are generated: of each ten files four define a router with a dependency
and three routes that a package collects, the others are models and helpers. Prints the processor
time of a cold run in one process and the wall time of a run without changes, and both by file: what
stays the same there grows linearly.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from timing import check, fill, interleaved, succeed, wall

ROUTER = """
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

from {package}.models_{number} import Item, items

router = APIRouter(prefix="/{package}/{number}")


async def current(name: str = "") -> str:
    if not name:
        raise HTTPException(401, "who are you?")
    return name


@router.get("/")
async def every(user: Annotated[str, Depends(current)]) -> list[Item]:
    return [item for item in items() if item.owner == user]


@router.get("/{{key}}")
async def one(key: int, user: Annotated[str, Depends(current)]) -> Item:
    found = next((item for item in items() if item.key == key), None)
    if found is None:
        raise HTTPException(404)
    return found


@router.post("/", status_code=201)
async def add(item: Item, user: Annotated[str, Depends(current)]) -> Item:
    try:
        item.check()
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    return item
"""
MODELS = """
from pydantic import BaseModel


class Item(BaseModel):
    key: int
    owner: str

    def check(self) -> None:
        if self.key < {number}:
            raise ValueError("too small")


def items() -> list[Item]:
    return [Item(key=number, owner="nobody") for number in range({number})]
"""
HELPER = """
def steps(start: int, count: int) -> list[int]:
    found = []
    for number in range(start, start + count):
        if number % {number}:
            found.append(number * number)
    return found
"""
FILES_PER_PACKAGE = 50


def generate(root: Path, files: int) -> None:
    """Write a project of about so many files."""
    packages = max(1, files // FILES_PER_PACKAGE)
    lines = ["from fastapi import FastAPI"]
    for index in range(packages):
        package = f"part{index}"
        (root / package).mkdir(parents=True)
        routers = FILES_PER_PACKAGE * 4 // 10
        own = ["from fastapi import APIRouter"]
        for number in range(1, routers + 1):
            own.append(f"from {package}.routes_{number} import router as router_{number}")
            (root / package / f"routes_{number}.py").write_text(
                ROUTER.format(package=package, number=number)
            )
            (root / package / f"models_{number}.py").write_text(MODELS.format(number=number))
        for number in range(1, FILES_PER_PACKAGE - 2 * routers):
            (root / package / f"helper_{number}.py").write_text(HELPER.format(number=number + 1))
        own.append("router = APIRouter()")
        own += [f"router.include_router(router_{n})" for n in range(1, routers + 1)]
        (root / package / "__init__.py").write_text("\n".join(own) + "\n")
        lines.append(f"from {package} import router as {package}")
    lines += ["app = FastAPI()", *[f"app.include_router(part{i})" for i in range(packages)]]
    (root / "main.py").write_text("\n".join(lines) + "\n")
    (root / "requirements.txt").write_text("fastapi==0.115.6\n")


@dataclass(frozen=True)
class Size:
    """What a project of so many files costs: seconds of a processor cold, and from start to end
    without changes."""

    files: int
    cold: float
    warm: float


def measure(sizes: list[int], rounds: int) -> list[Size]:
    """The least costs of projects of each size, which are run in turn."""
    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, Callable[[], float]] = {}
        files = {}
        for size in sorted(sizes):
            root = Path(folder, str(size))
            generate(root, size)
            files[size] = sum(1 for _ in root.rglob("*.py"))
            command = check(str(root))
            fill(command, str(root))
            figures[f"{size} cold"] = partial(_cold, command)
            figures[f"{size} warm"] = partial(wall, command)
        least = interleaved(figures, rounds)
    return [Size(files[s], least[f"{s} cold"], least[f"{s} warm"]) for s in sorted(sizes)]


def _cold(command: list[str]) -> float:
    return succeed([*command, "--no-cache", "--jobs", "1"]).processor


def further(sizes: list[Size]) -> float | None:
    """Seconds that a run without changes takes for 1,000 more files, between the largest two."""
    if len(sizes) < 2:
        return None
    less, more = sizes[-2:]
    return (more.warm - less.warm) / (more.files - less.files) * 1_000


def lines(sizes: list[Size]) -> list[str]:
    """A table."""
    return [
        "   files   cold CPU   per file       warm   per file",
        *(
            f"{size.files:>8}{size.cold:>9.2f} s{size.cold / size.files * 1e3:>8.2f} ms"
            f"{size.warm * 1e3:>8.0f} ms{size.warm / size.files * 1e3:>8.3f} ms"
            for size in sizes
        ),
    ]


if __name__ == "__main__":
    chosen = [int(word) for word in sys.argv[1:]] or [100, 300, 1_000, 3_000, 10_000]
    print(*lines(measure(chosen, 3)), sep="\n")
