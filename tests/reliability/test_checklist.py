"""The page of promises names tests that exist, and names every test of this folder."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = (HERE / "README.md").read_text(encoding="utf-8")
PROMISES = {
    line.split("|")[1].split()[0]: re.findall(r"`([\w/]+\.py)::(\w+)`", line)
    for line in PAGE.splitlines()
    if re.match(r"\| [A-G]\d", line)
}


def _tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if node.name.startswith("test_")}


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_has_tests(promise: str) -> None:
    assert PROMISES[promise]
    for path, name in PROMISES[promise]:
        assert name in _tests(HERE.parent / path), name


def test_each_test_belongs_to_a_promise() -> None:
    named = {pair for pairs in PROMISES.values() for pair in pairs}
    own = {
        (f"reliability/{path.name}", name)
        for path in HERE.glob("test_*.py")
        if path.name != "test_checklist.py"
        for name in _tests(path)
    }
    assert not own - named
