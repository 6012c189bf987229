"""The faster constructors make what LibCST's own make."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields

import libcst as cst
import pytest

from fastapi_lint.syntax.construct import _FREQUENT, constructor, install

SOURCE = """
@route("/x", name='y')
async def f(a: int, *b, c: str = "d", **e) -> None:
    if a == 1 and (b or not c):  # why
        x = [1, *b]; y: dict[str, int] = {"a": 1, **e}
    return await g(a.b[0], f"{a!r:>3}", key=(yield))
"""


@pytest.mark.parametrize("cls", _FREQUENT, ids=lambda cls: cls.__name__)
def test_every_class_is_as_expected(cls: type[cst.CSTNode]) -> None:
    assert constructor(cls) is not None
    assert all(field.init for field in fields(cls))


def test_trees_are_the_same() -> None:
    install()
    tree = cst.parse_module(SOURCE)
    own = "import libcst, sys; print(libcst.parse_module(sys.stdin.read()))"
    result = subprocess.run(
        [sys.executable, "-c", own], input=SOURCE, capture_output=True, text=True, check=True
    )
    assert str(tree) == result.stdout.rstrip("\n")
    assert tree.code == SOURCE


def test_nodes_keep_their_defaults_checks_and_immutability() -> None:
    install()
    name = cst.Name("x")
    assert (list(name.lpar), list(cst.Call(name).args)) == ([], [])
    with pytest.raises(cst.CSTValidationError):
        cst.Name("")
    with pytest.raises(FrozenInstanceError):
        name.value = "y"  # type: ignore[misc]
    assert name.with_changes(value="y").value == "y"
