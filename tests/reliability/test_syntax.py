"""Syntax and shape: what is no Python, what is newer or older, what nests or repeats too much."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fastapi_lint import observer
from fastapi_lint.facts import Facts, observe
from fastapi_lint.map.build import build

from ..support import lint, write
from .support import FOUND, check, problems

WRONG = {
    "open_bracket": (b"def f(:\n", 1),
    "python_2": (b"x = 1\nprint 'x'\n", 2),
    "python_2_except": (b"try:\n    pass\nexcept A, e:\n    exec 'x'\n", 3),
    "merge_conflict": (b"<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n", 1),
    "notebook": (b'{"cells": [}\n', 1),
    "nul": (b"x = 1\n\0\n", 2),
    "end_of_file_mark": (b"x = 1\n\x1a\n", 2),
    "zero_width": ("x = 1\nx\u200b = 1\n".encode(), 2),
    "no_break_space": ("x\u00a0= 1\n".encode(), 1),
    "vertical_tab": (b"x\v= 1\n", 1),
    "tabs_and_spaces": (b"if x:\n        y\n\tz\n", 3),
    "lone_backslash": (b"x = \\", 2),
    "indent": (b"if x:\ny\n", 2),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_syntax_error_has_a_place_and_the_others_are_linted(root: Path, name: str) -> None:
    data, row = WRONG[name]
    (root / "wrong.py").write_bytes(data + b"\n# fastapi")
    assert check(root) == FOUND | {("wrong.py", "FAL001")}
    _, message, found_row, column = problems(root)["wrong.py"]
    assert message
    assert (found_row, column >= 1) == (row, True)


def test_a_large_line_of_code_takes_no_time(root: Path) -> None:
    """A minified file of a megabyte is analysed, or reported, within the time of a test."""
    (root / "minified.py").write_text("import fastapi;x=[" + "f(a,b=1)," * 110_000 + "]\n")
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert check(root) >= FOUND
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended.ru_utime - started.ru_utime < 20
    assert {code for code, *_ in problems(root).values()} <= {"FAL002"}


def test_binaries_renamed_to_python(root: Path) -> None:
    (root / "binary.py").write_bytes(b"\x7fELF\x02\x01 fastapi" + bytes(range(256)) * 400)
    (root / "text.py").write_bytes(b"fastapi" + bytes(range(9, 127)) * 4_000)
    assert check(root) == FOUND | {("binary.py", "FAL002"), ("text.py", "FAL001")}


NEWER = {
    "3.10": "match x:\n    case [a, *_] if a: ...\n",
    "3.11": "try: ...\nexcept* ValueError: ...\n",
    "3.12": "def f[T: int](x: T) -> T: ...\ntype A[*Ts] = tuple[*Ts]\nx = f'{f'{1}'}'\n",
    "3.13": "class A[T = int]: ...\n",
    "3.14": "try: ...\nexcept A, B: ...\nx = t'{x!r:>{y}}'\n",
    "3.15": "lazy import a\nlazy from b import c\nx = [*y for y in z], {**y for y in z}\n",
}


@pytest.mark.parametrize("version", NEWER)
def test_newer_syntax_is_read_on_every_interpreter(root: Path, version: str) -> None:
    main = root / "app/main.py"
    main.write_text(main.read_text() + NEWER[version])
    assert check(root) == FOUND


SHAPES: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "x = " + "(" * n + ")" * n,
    "lists": lambda n: "x = " + "[" * n + "]" * n,
    "calls": lambda n: "x = " + "f(" * n + ")" * n,
    "dicts": lambda n: "x = " + "{1: " * n + "1" + "}" * n,
    "subscripts": lambda n: "x = " + "a[" * n + "0" + "]" * n,
    "and": lambda n: "x = " + " and ".join(["a"] * n),
    "plus": lambda n: "x = " + " + ".join(["1"] * n),
    "comparison": lambda n: "x = " + " < ".join(["a"] * n),
    "power": lambda n: "x = " + "**".join(["a"] * n),
    "not": lambda n: "x = " + "not " * n + "a",
    "minus": lambda n: "x = " + "-" * n + "a",
    "lambda": lambda n: "x = " + "lambda: " * n + "a",
    "conditional": lambda n: "x = " + "a if b else " * n + "c",
    "attributes": lambda n: "x = a" + ".b" * n,
    "call_chain": lambda n: "x = a" + ".b()" * n,
    "subscript_chain": lambda n: "x = a" + "[0]" * n,
    "concatenation": lambda n: "x = (" + "'a'\n" * n + ")",
    "formatted": lambda n: "x = (" + "f'{a}'\n" * n + ")",
    "nested_format": lambda n: "x = f'{a:" + "{b:" * n + "}" * n + "}'",
    "comprehension": lambda n: "x = [a " + "for b in c " * n + "]",
    "elif": lambda n: "if a: ...\n" + "elif a: ...\n" * n,
    "except": lambda n: "try: ...\n" + "except A: ...\n" * n,
    "case": lambda n: "match a:\n" + " case 1: ...\n" * n,
    "pattern": lambda n: "match a:\n case " + "[" * n + "]" * n + ": ...",
    "or_pattern": lambda n: "match a:\n case " + "|".join(["1"] * n) + ": ...",
    "targets": lambda n: "a = " * n + "1",
    "decorators": lambda n: "@a\n" * n + "def f(): ...",
    "with": lambda n: "with " + ", ".join(["a"] * n) + ": ...",
    "blocks": lambda n: "\n".join(" " * i + "if a:" for i in range(min(n, 1_000))) + " pass",
    "functions": lambda n: "\n".join(" " * i + "def f():" for i in range(min(n, 1_000))) + " pass",
    "unclosed": lambda n: "x = " + "(" * n,
    "semicolons": lambda n: "a;" * n,
    "annotation": lambda n: "x: '" + "A[" * n + "b" + "]" * n + "' = 1",
    "arguments": lambda n: "f(" + "a, " * n + ")",
    "import": lambda n: "import a" + ".b" * n,
    "tuple": lambda n: "x = " + "a, " * n,
}  # fmt: skip


def _survive(root: Path, shape: str, sizes: tuple[int, ...]) -> None:
    for size in sizes:
        text = f"import fastapi\n{SHAPES[shape](size)}\n"
        (root / f"size_{size}.py").write_text(text)
    assert check(root) >= FOUND
    for name, (code, message, *_) in problems(root).items():
        assert name.startswith("size_")
        assert code in ("FAL001", "FAL002")
        assert message
        assert "internal" not in message
        assert "crashed" not in message


@pytest.mark.parametrize("shape", SHAPES)
def test_depth_and_length_kill_nothing(root: Path, shape: str) -> None:
    """At sizes that crash the native parser, exceed the recursion limit, or take minutes."""
    _survive(root, shape, (150, 1_000, 10_000))


@pytest.mark.matrix
@pytest.mark.parametrize("shape", SHAPES)
def test_more_depth_and_length_kill_nothing(root: Path, shape: str) -> None:
    _survive(root, shape, (3_000, 30_000, 100_000))


def test_a_variable_that_is_named_like_a_pattern(root: Path) -> None:
    value = "[{'a': [{'b': [{'c': {'d': {'e': [(1, (2,))]}}}]}]}]\n"
    lines = [f"{name} = {value}" for name in ("cases", "case", "case.x", "match")]
    text = "".join(lines) + "match x:\n    case 1: pass\n" + "".join(lines)
    main = root / "app/main.py"
    main.write_text(main.read_text() + text * 20)
    assert check(root) == FOUND


def test_code_beyond_the_recursion_limit_is_judged(root: Path) -> None:
    chain = "x = a" + ".b()" * 400 + "\n" + "if a: ...\n" + "elif a: ...\n" * 1_500
    main = root / "app/main.py"
    main.write_text(main.read_text() + chain + "y = " + "[" * 80 + "]" * 80 + "\n")
    assert check(root) == FOUND


class _Dying:
    """Stands for a parser that one file kills and another one stops."""

    def __init__(self, manner: str) -> None:
        self.manner = manner
        self.parent = os.getpid()

    def __call__(self, path: str, wanted: frozenset[str], data: bytes | None = None) -> Facts:
        if path.endswith("deadly.py"):
            assert os.getpid() != self.parent, "a large file was not left to a process"
            if self.manner == "loop":
                signal.setitimer(signal.ITIMER_VIRTUAL, 0.2)
                while True:
                    pass
            os.kill(os.getpid(), getattr(signal, self.manner))
        return observe(path, wanted, data)


@pytest.mark.parametrize("manner", ["SIGSEGV", "SIGKILL", "loop"])
@pytest.mark.parametrize("siblings", [0, 20])
def test_a_parser_that_dies_takes_nothing_along(
    root: Path, monkeypatch: pytest.MonkeyPatch, manner: str, siblings: int
) -> None:
    (root / "deadly.py").write_text("import fastapi\nx = '" + "a" * 5_000 + "'\n")
    for number in range(siblings):
        (root / f"harmless_{number}.py").write_text("import fastapi\ndef f(:\n")
    monkeypatch.setattr(observer, "observe", _Dying(manner))
    report = lint(root)
    codes = {(Path(f.path).name, f.code) for f in report.findings}
    broken = {(f"harmless_{number}.py", "FAL001") for number in range(siblings)}
    assert codes == FOUND | {("deadly.py", "FAL002")} | broken
    assert problems(root)["deadly.py"][1] == "parsing it crashed or took too long"


CYCLES = {
    "imports": {"a.py": "from b import *\nfrom fastapi import *\n", "b.py": "from a import *\n"},
    "aliases": {"a.py": "import fastapi\nfrom b import x\nx = x\n", "b.py": "from a import x\n"},
    "router": {
        "a.py": "from fastapi import *\nr = APIRouter()\nr.include_router(r)\n"
        "app = FastAPI()\napp.include_router(r)\napp.mount('/x', app)\n"
    },
    "routers": {
        "a.py": "from fastapi import *\na = APIRouter()\nb = APIRouter()\na.include_router(b)\n"
        "b.include_router(a)\napp = FastAPI()\napp.include_router(a, prefix='/a')\n"
        "@b.get('/')\ndef f(): ...\n"
    },
    "every_router": {
        "a.py": "from fastapi import *\napp = FastAPI()\n"
        + "".join(f"r{a} = APIRouter()\n" for a in range(20))
        + "".join(f"r{a}.include_router(r{b})\n" for a in range(20) for b in range(20))
        + "app.include_router(r0)\n@r19.get('/')\ndef f(): ...\n"
    },
    "dependencies": {
        "a.py": "from fastapi import *\napp = FastAPI()\ndef a(b=Depends(lambda: b)): ...\n"
        "def b(a=Depends(a)): ...\na = b\n@app.get('/', dependencies=[Depends(a)])\ndef f(): ...\n"
    },
    "classes": {
        "a.py": "from fastapi import *\nclass A(B): ...\nclass B(A): ...\nclass C(C): ...\n"
        "app = FastAPI(lifespan=C())\napp.add_middleware(A)\n"
    },
    "calls": {
        "a.py": "from fastapi import *\ndef f(x): return g(x)\ndef g(x): return f(g(x))\n"
        "app = f(FastAPI())\napp.add_middleware(g(1))\n"
    },
    "names": {"a.py": "from fastapi import *\nx = lambda: x\nx = x()()\nfor x in x: x = [x, *x]\n"},
}


@pytest.mark.parametrize("name", CYCLES)
def test_cycles_end(tmp_path: Path, name: str) -> None:
    write(CYCLES[name], tmp_path)
    report = lint(tmp_path, select=("ALL",))
    assert not report.crashes, report.crashes[0].details


@pytest.mark.parametrize("way", ["include_router", "mount"])
def test_what_is_reached_in_a_million_ways_is_unknown(tmp_path: Path, way: str) -> None:
    made = "APIRouter()" if way == "include_router" else "FastAPI()"
    lines = ["from fastapi import APIRouter, FastAPI", "app = FastAPI()"]
    lines += [f"r{number} = {made}" for number in range(30)]
    for number in range(29):
        for path in ("/a", "/b"):
            path = f"prefix={path!r}" if way == "include_router" else repr(path)
            arguments = f"r{number + 1}, {path}" if "=" in path else f"{path}, r{number + 1}"
            lines.append(f"r{number}.{way}({arguments})")
    lines += ["app.include_router(r0)" if way == "include_router" else "app.mount('/', r0)"]
    lines += ["@r29.get('/x')", "def f(): ..."]
    write({"main.py": "\n".join(lines)}, tmp_path)
    report = lint(tmp_path, select=("ALL",))
    assert not report.crashes, report.crashes[0].details
    assert report.summary.routes == 1
    application = report.context.application
    edges = [
        owner.unresolved if way == "include_router" else [m for m in owner.mounts if m.app is None]
        for owner in application.owners()
    ]
    assert any(edges)
    assert build(report).apps


def test_many_nested_routers(tmp_path: Path) -> None:
    lines = ["from fastapi import APIRouter, FastAPI", "app = r0 = FastAPI()"]
    for number in range(1, 501):
        lines += [
            f"r{number} = APIRouter()",
            f"r{number - 1}.include_router(r{number}, prefix='/p')",
        ]
        lines += [f"@r{number}.get('/x')", f"def f{number}(): ..."]
    write({"main.py": "\n".join(lines)}, tmp_path)
    report = lint(tmp_path, select=("ALL",))
    assert not report.crashes, report.crashes[0].details
    (app,) = report.context.application.apps
    assert max(len(path or "") for _, path in app.reachable(mounts=True)) == 2 * 500 + 2


def _routes(count: int, dependencies: int) -> dict[str, str]:
    lines = ["from fastapi import APIRouter, Depends, FastAPI", "app = FastAPI()"]
    for number in range(dependencies):
        before = f"a=Depends(d{number - 1})" if number else ""
        lines.append(f"def d{number}({before}): ...")
    for number in range(count):
        if number % 20 == 0:
            lines.append(f"r{number // 20} = APIRouter(prefix='/p{number}')")
            lines.append(f"app.include_router(r{number // 20})")
        lines.append(f"@r{number // 20}.get('/{number}')")
        lines.append(f"def f{number}(d=Depends(d{number % dependencies})): ...")
    return {"main.py": "\n".join(lines) + "\n"}


def test_time_grows_with_the_number_of_routes_not_with_its_square(tmp_path: Path) -> None:
    seconds = []
    for count in (500, 2_000):
        write(_routes(count, 50), tmp_path)
        started = time.process_time()
        report = lint(tmp_path, select=("ALL",))
        seconds.append(time.process_time() - started)
        assert report.summary.routes == count
    assert seconds[1] < 4 * 1.5 * seconds[0] + 1
