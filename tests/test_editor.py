"""The operations that recipes call: what they write, and that they leave all else as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import libcst as cst
import pytest

from fastapi_lint import ir
from fastapi_lint.facts import observe
from fastapi_lint.fix import Editor, Unfixable, apply
from fastapi_lint.source import decode
from fastapi_lint.syntax import tree
from fastapi_lint.syntax.editor import FileEditor
from fastapi_lint.syntax.names import Names
from fastapi_lint.syntax.tree import Tree
from fastapi_lint.walk import own_parts, statements

LONG = "a" * 83


class Code:
    """A text, and where its statements and calls are."""

    def __init__(self, data: bytes, path: str = "main.py") -> None:
        self.source = decode(path, data)
        module = observe("main.py", frozenset(), data).module
        assert module is not None
        self.statements: list[ir.Stmt] = []
        self._collect(module.body)

    def _collect(self, body: tuple[ir.Stmt, ...]) -> None:
        for node in statements(body):
            self.statements.append(node)
            if isinstance(node, ir.Function):
                self._collect(ir.unpack(node))
            elif isinstance(node, ir.Class):
                self._collect(node.body)

    def call(self, name: str) -> ir.Call:
        """The first call of a name."""
        return next(
            part
            for node in self.statements
            for part in own_parts(node)
            if isinstance(part, ir.Call) and ir.last_name(part.func) == name
        )

    def statement(self, name: str) -> int:
        """The statement that is or assigns the call of a name."""
        call = self.call(name)
        return next(n.at for n in self.statements if any(p is call for p in own_parts(n)))

    def function(self, name: str = "f") -> ir.Function:
        """A function."""
        return next(n for n in self.statements if isinstance(n, ir.Function) and n.name == name)

    def edited(self, recipe: Callable[[Editor], object]) -> bytes:
        """The bytes after a recipe."""
        editor = FileEditor(Tree(self.source), lambda path: editor)
        recipe(editor)
        return self.source.encode(apply(self.source.text, editor.edits))


def edited(text: str, recipe: Callable[[Editor, Code], object]) -> str:
    code = Code(text.encode())
    return code.edited(lambda edit: recipe(edit, code)).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()\n", "f(x=1)\n"),
        ("f(a)\n", "f(a, x=1)\n"),
        ("f(a,)\n", "f(a, x=1,)\n"),
        ("f(x=2, y=3)\n", "f(x=1, y=3)\n"),
        ("f(\n    a,\n    b=2,  # two\n)\n", "f(\n    a,\n    b=2,\n    x=1,  # two\n)\n"),
        ("f(\n    a,\n    b=2\n)\n", "f(\n    a,\n    b=2,\n    x=1\n)\n"),
        ("f(\r\n\ta,\r\n)\r\n", "f(\r\n\ta,\r\n\tx=1,\r\n)\r\n"),
        ("f(**k)", "f(**k, x=1)"),
        (f"f({LONG}, b)\n", f"f(\n    {LONG},\n    b,\n    x=1,\n)\n"),
        (f"f({LONG}, b)\r\n", f"f(\r\n    {LONG},\r\n    b,\r\n    x=1,\r\n)\r\n"),
        (f"f(\n  {LONG}, b\n)\n", f"f(\n  {LONG},\n  b,\n  x=1,\n)\n"),
    ],
)
def test_set_keyword(before: str, after: str) -> None:
    assert edited(before, lambda e, c: e.set_keyword(c.call("f").at, "x", "1")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f([])\n", "f([x])\n"),
        ("f([a])\n", "f([a, x])\n"),
        ("f([\n    a,\n])\n", "f([\n    a,\n    x,\n])\n"),
        (f"f([{LONG}])\n", f"f(\n    [{LONG}, x]\n)\n"),
    ],
)
def test_append_items(before: str, after: str) -> None:
    def recipe(edit: Editor, code: Code) -> None:
        edit.append_items(edit.part(code.call("f").at, code.call("f").args[0]), "x")

    assert edited(before, recipe) == after


def test_a_value_of_several_lines() -> None:
    before = "if a:\r\n\tf(\r\n\t\ta,\r\n\t)\r\n"
    after = "if a:\r\n\tf(\r\n\t\ta,\r\n\t\tx=[\r\n\t\t\t1,\r\n\t\t],\r\n\t)\r\n"
    assert edited(before, lambda e, c: e.set_keyword(c.call("f").at, "x", "[\n    1,\n]")) == after


def test_delete_an_item() -> None:
    def recipe(edit: Editor, code: Code) -> None:
        edit.delete(edit.part(code.call("f").at, ir.Name("b")))

    assert edited("f([a, b, c])\n", recipe) == "f([a, c])\n"


def test_set_keyword_beside_a_generator() -> None:
    with pytest.raises(Unfixable):
        edited("f(a for a in b)\n", lambda e, c: e.set_keyword(c.call("f").at, "x", "1"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = f()\n", "a = await f()\n"),
        ("a = not f(\n)\n", "a = not await f(\n)\n"),
        ("a = f().b\n", "a = (await f()).b\n"),
        ("a = (f()).b\n", "a = (await f()).b\n"),
        ("a = f()[0]\n", "a = (await f())[0]\n"),
        ("a = [f() for x in y]\n", "a = [await f() for x in y]\n"),
    ],
)
def test_put_await(before: str, after: str) -> None:
    head = "async def g():\n    "
    assert edited(head + before, lambda e, c: e.put_await(c.call("f").at)) == head + after


@pytest.mark.parametrize(
    "text",
    [
        "def g():\n    f()\n",
        "async def g():\n    any(f() for x in y)\n",
        "async def g():\n    h(lambda: f())\n",
    ],
)
def test_put_await_where_nothing_can_be_awaited(text: str) -> None:
    with pytest.raises(Unfixable):
        edited(text, lambda e, c: e.put_await(c.call("f").at))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if a:\n    f()\n", "if a:\n    pass\n"),
        ("if a:\n    f()  # why\n    g()\n", "if a:\n    g()\n"),
        ("f(); g()\n", "g()\n"),
        ("g(); f()\n", "g()\n"),
        ("if a: f()\n", "if a: pass\n"),
        ("g()\nf()", "g()\n"),
    ],
)
def test_delete_statement(before: str, after: str) -> None:
    assert edited(before, lambda e, c: e.delete(c.statement("f"))) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(a, x=1, b=2)\n", "f(a, b=2)\n"),
        ("f(a, x=1)\n", "f(a)\n"),
        ("f(a, x=1,)\n", "f(a,)\n"),
        ("f(x=1)\n", "f()\n"),
        ("f(\n    x=1,  # one\n    b=2,\n)\n", "f(\n    b=2,\n)\n"),
        ("f(\n    b=2,\n    x=1\n)\n", "f(\n    b=2,\n)\n"),
    ],
)
def test_delete_keyword(before: str, after: str) -> None:
    def recipe(edit: Editor, code: Code) -> None:
        edit.delete(next(k.at for k in code.call("f").keywords if k.name == "x"))

    assert edited(before, recipe) == after


def test_enclose() -> None:
    before = """
def g():
\ta = f()  # open
\tb(
\t\t'''x
 y'''
\t)

\t# close
\tc()"""
    after = """
def g():
\ta = f()  # open
\ttry:
\t\tb(
\t\t\t'''x
 y'''
\t\t)
\tfinally:
\t\t# close
\t\tc()"""
    before, after = (text.replace("\n", "\r\n") for text in (before, after))

    def recipe(edit: Editor, code: Code) -> None:
        edit.enclose(code.statement("b"), code.statement("b"), "try:")
        edit.enclose(code.statement("c"), code.statement("c"), "finally:")

    assert edited(before, recipe) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@a\n@b(1)  # b\ndef f(): ...\n", "@b(1)  # b\n@a\ndef f(): ...\n"),
        ("@a\n# on b\n@b(1)\ndef f(): ...\n", "# on b\n@b(1)\n@a\ndef f(): ...\n"),
    ],
)
def test_move_decorator(before: str, after: str) -> None:
    def recipe(edit: Editor, code: Code) -> None:
        first, second = code.function().decorators
        edit.move_before(second.at, first.at)

    assert edited(before, recipe) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a()\n# on b\nb()\nc()\n", "a()\nc()\n# on b\nb()\n"),
        ("a()\n\nb()\n\nc()\nd()\n", "a()\n\nc()\nb()\nd()\n"),
        ("b()\n\n\ndef c(): ...\n", "def c(): ...\n\n\nb()\n"),
        (
            "a()\nb()\n\n\ndef c(): ...\n\n\nd()\n",
            "a()\n\n\ndef c(): ...\n\n\nb()\n\n\nd()\n",
        ),
        (
            "def g():\n    b()\n\n    def c(): ...\n\n    d()\n",
            "def g():\n    def c(): ...\n\n    b()\n\n    d()\n",
        ),
    ],
)
def test_move_statement(before: str, after: str) -> None:
    def recipe(edit: Editor, code: Code) -> None:
        functions = [n.at for n in code.statements if isinstance(n, ir.Function) and n.name == "c"]
        edit.move_after(code.statement("b"), functions[0] if functions else code.statement("c"))

    assert edited(before, recipe) == after


def test_a_statement_that_becomes_the_first_has_no_line_above() -> None:
    before = "def g():\n    a()\n\n    # on b\n    b()\n\n    c()\n"
    after = "def g():\n    # on b\n    b()\n\n    a()\n\n    c()\n"

    def recipe(edit: Editor, code: Code) -> None:
        edit.move_before(code.statement("b"), code.statement("a"))

    assert edited(before, recipe) == after


def test_assigned_is_the_value_and_not_the_annotation() -> None:
    def recipe(edit: Editor, code: Code) -> None:
        for node in code.statements:
            edit.replace(edit.assigned(node.at), "1")

    assert (
        edited("a: int | None = None\nb = c = None\n", recipe) == "a: int | None = 1\nb = c = 1\n"
    )


def test_insert_takes_the_indentation_of_the_place() -> None:
    before = "class A:\n  def g(self):\n    # first\n    f()\n"
    expected = "class A:\n  def g(self):\n    if x:\n      h()\n    # first\n    f()\n    h()\n"

    def recipe(edit: Editor, code: Code) -> None:
        edit.insert_before(code.statement("f"), "if x:\n    h()")
        edit.insert_after(code.statement("f"), "h()")

    assert edited(before, recipe) == expected


def test_a_clause_stands_below_the_comments_of_the_block() -> None:
    before = "if x:\n    f()\n    # on f\n# on g\ng()\n"
    after = "if x:\n    f()\n    # on f\nelse:\n    h()\n# on g\ng()\n"

    def recipe(edit: Editor, code: Code) -> None:
        edit.insert_after(code.statements[0].at, "else:\n    h()")

    assert edited(before, recipe) == after


def test_insert_at_the_end_of_a_file_without_a_last_newline() -> None:
    assert edited("f()", lambda e, c: e.insert_after(c.statement("f"), "g()")) == "f()\ng()"


@pytest.mark.parametrize(
    ("before", "first", "after"),
    [
        ("def f(): ...\n", True, "def f(r: R): ...\n"),
        ("def f(a): ...\n", True, "def f(r: R, a): ...\n"),
        ("def f(self, a): ...\n", True, "def f(self, r: R, a): ...\n"),
        ("def f(*, a): ...\n", True, "def f(r: R, *, a): ...\n"),
        ("def f(\n    a,\n): ...\n", True, "def f(\n    r: R,\n    a,\n): ...\n"),
        ("def f(a, *, b): ...\n", False, "def f(a, r: R, *, b): ...\n"),
        ("def f(a, b, c=1): ...\n", False, "def f(a, b, r: R, c=1): ...\n"),
        ("def f(a=1): ...\n", False, "def f(r: R, a=1): ...\n"),
        ("def f(self, a=1): ...\n", False, "def f(self, r: R, a=1): ...\n"),
        ("def f(\n    a, b=1\n): ...\n", False, "def f(\n    a, r: R, b=1\n): ...\n"),
        ("def f(a: A): ...\n", False, "def f(a: A, r: R): ...\n"),
        ("def f(a: A = (1)): ...\n", True, "def f(r: R, a: A = (1)): ...\n"),
        ("def f(\n    a,\n): ...\n", False, "def f(\n    a,\n    r: R,\n): ...\n"),
    ],
)
def test_add_parameter(before: str, first: bool, after: str) -> None:
    def recipe(edit: Editor, code: Code) -> None:
        edit.add_parameter(code.function().at, "r: R", first=first)

    assert edited(before, recipe) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("add(f(x))\n", "add(f, x)\n"),
        ("add(f())\n", "add(f)\n"),
        ("add(f(x, *y, z=1), w)\n", "add(f, x, *y, z=1, w)\n"),
        ("add(\n    f(\n        x,\n        y,\n    )\n)\n", "add(\n    f, x, y\n)\n"),
        (f"add(\n    f({'x' * 60}, {'y' * 60})\n)\n",
         f"add(\n    f,\n    {'x' * 60},\n    {'y' * 60}\n)\n"),
        ("add((f(x)))\n", "add(f, x)\n"),
    ],
)  # fmt: skip
def test_spread(before: str, after: str) -> None:
    assert edited(before, lambda e, c: e.spread(c.call("f").at)) == after


@pytest.mark.parametrize("before", ["add(f(x for x in y))\n", "add(f(\n    x,  # why\n))\n"])
def test_spread_refuses(before: str) -> None:
    with pytest.raises(Unfixable):
        edited(before, lambda e, c: e.spread(c.call("f").at))


def test_argument_and_returns() -> None:
    def recipe(edit: Editor, code: Code) -> None:
        edit.replace(edit.argument(code.call("g").at, 1), "z")
        edit.replace(edit.returns(code.function().at), "int")
        with pytest.raises(Unfixable):
            edit.argument(code.call("g").at, 2)

    before = "def f() -> list[int]:\n    g(x, (y), *x)\n"
    assert edited(before, recipe) == "def f() -> int:\n    g(x, z, *x)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from a import N\nfrom m import A\n\nN()\n", "from m import A, N\n\nN()\n"),
        ("from a import M, N\n\nN()\n", "from a import M\nfrom m import N\n\nN()\n"),
        ("from a import N\n\nN(N=x.N)\n", "from m import N\n\nN(N=x.N)\n"),
        ("from a import N\n\nfrom m import A\n\nN()\n", "from m import A, N\n\nN()\n"),
        ("import x\n\nfrom a import N\n\nN()\n", "import x\nfrom m import N\n\nN()\n"),
    ],
)
def test_import_instead(before: str, after: str) -> None:
    assert edited(before, lambda e, c: e.import_instead("m", "N")) == after


@pytest.mark.parametrize(
    "before",
    ["from a import N\n\nf(N)\n", "from a import N\nN = 1\n", "import N\n", "from m import N\n"],
)
def test_import_instead_refuses(before: str) -> None:
    with pytest.raises(Unfixable):
        edited(before, lambda e, c: e.import_instead("m", "N"))


SHORT, LONG = "x" * 30, "x" * 60


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"raise f(a={SHORT})\n", f"raise f(a={SHORT}, more={SHORT})\n"),
        (
            f"    raise f(b, a={LONG})\n",
            f"    raise f(\n        b,\n        a={LONG},\n        more={SHORT},\n    )\n",
        ),
        (f"x = f(f1(b), {SHORT})\n", f"x = f(f1(b), {SHORT}, more={SHORT})\n"),
        (
            f"yyyyyyyyyyyyyyyyyyyyy = f({SHORT})\n",
            f"yyyyyyyyyyyyyyyyyyyyy = f(\n    {SHORT}, more={SHORT}\n)\n",
        ),
        (
            f"def g(a={LONG[:-20]}, b=f()): ...\n",
            f"def g(\n    a={LONG[:-20]}, b=f(more={SHORT})\n): ...\n",
        ),
        (
            f"def g(a{SHORT}: A = f()) -> AAAAA: ...\n",
            f"def g(\n    a{SHORT}: A = f(more={SHORT}),\n) -> AAAAA: ...\n",
        ),
        (
            f"f(\n    b, a={LONG}\n)\n",
            f"f(\n    b,\n    a={LONG},\n    more={SHORT},\n)\n",
        ),
        (
            f"def g(\n    a,\n    b: {SHORT} = f({SHORT[:-3]}),\n): ...\n",
            (
                f"def g(\n    a,\n    b: {SHORT} = f(\n"
                f"        {SHORT[:-3]}, more={SHORT}\n    ),\n): ...\n"
            ),
        ),
        (
            f"x = [\n    f(a={LONG}),\n]\n",
            f"x = [\n    f(\n        a={LONG},\n        more={SHORT},\n    ),\n]\n",
        ),
        (
            f"x = (\n    f(a={LONG})\n)\n",
            f"x = (\n    f(\n        a={LONG},\n        more={SHORT},\n    )\n)\n",
        ),
        (f"x = [f(a={LONG})]\n", f"x = [f(a={LONG}, more={SHORT})]\n"),
        (f"f(a={LONG})  # c\n", f"f(a={LONG}, more={SHORT})  # c\n"),
        (
            f"ggggggggg(f(a={LONG[:-20]}))\n",
            f"ggggggggg(\n    f(a={LONG[:-20]}, more={SHORT})\n)\n",
        ),
    ],
)
def test_a_line_with_one_more_argument_is_broken(before: str, after: str) -> None:
    def recipe(edit: Editor, code: Code) -> None:
        edit.set_keyword(code.call("f").at, "more", SHORT)

    head = "if x:\n" if before.startswith(" ") else ""
    assert edited(head + before, recipe) == head + after


def test_a_lone_argument_that_stays_too_long_gets_no_comma() -> None:
    def recipe(edit: Editor, code: Code) -> None:
        edit.wrap(edit.part(code.statement("f"), ir.Name(LONG)), "", LONG)

    assert edited(f"f({LONG})\n", recipe) == f"f(\n    {LONG}{LONG}\n)\n"


def _replace(edit: Editor, code: Code) -> None:
    edit.replace(edit.value(code.call("f").at, "a"), LONG)


def _await(edit: Editor, code: Code) -> None:
    edit.put_await(code.call("f").at)


def _raise(edit: Editor, code: Code) -> None:
    edit.insert_word(code.statement("f"), "raise")


@pytest.mark.parametrize(
    ("before", "recipe", "after"),
    [
        (
            f"with f(a=b, c={SHORT[:14]}) as d:\n    pass\n",
            _replace,
            f"with f(\n    a={LONG}, c={SHORT[:14]}\n) as d:\n    pass\n",
        ),
        (
            f"async def g():\n    x = f({LONG}, {SHORT[:14]})\n",
            _await,
            f"async def g():\n    x = await f(\n        {LONG}, {SHORT[:14]}\n    )\n",
        ),
        (f"f({LONG}, {SHORT[:18]})\n", _raise, f"raise f(\n    {LONG}, {SHORT[:18]}\n)\n"),
    ],
)
def test_a_line_that_gets_too_long_is_broken(
    before: str, recipe: Callable[[Editor, Code], None], after: str
) -> None:
    assert edited(before, recipe) == after


def test_lines_are_as_long_as_the_formatter_lets_them_be(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 110\n")
    (tmp_path / ".git").mkdir()
    code = Code(f"f(a={LONG}, b=b)\n".encode(), str(tmp_path / "main.py"))
    after = code.edited(lambda e: e.set_keyword(code.call("f").at, "more", SHORT))
    assert after.decode() == f"f(a={LONG}, b=b, more={SHORT})\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("g(\n    a,\n    b=[\n        c\n    ],\n)", "g(a, b=[c])"),
        ("g(\n    a\n    if b\n    else c\n)", "g(a if b else c)"),
        ("g(\n    a,  # a\n)", None),
        ("g(\n    (a,),\n)", None),
        ('g("""\n""")', None),
        (f"g(\n    {SHORT},\n    {LONG},\n    c,\n)", None),
    ],
)
def test_moved_code_is_put_on_one_line_if_it_is_short(value: str, text: str | None) -> None:
    code = Code(f"f(x={value})\n".encode())
    given: list[str] = []
    code.edited(lambda edit: given.append(edit.text(edit.value(code.call("f").at, "x"))))
    assert given == [text or value]


@pytest.mark.parametrize(
    ("text", "literal"),
    [("f()\n", '"a"'), ("f('b', \"c'\", 'd')\n", "'a'"), ("f('b', \"c\")\n", '"a"')],
)
def test_quoted(text: str, literal: str) -> None:
    given: list[str] = []
    edited(text, lambda edit, code: given.append(edit.quoted("a")))
    assert given == [literal]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(x={\n    1: 2\n})\n", "f(x=[\n    {\n        1: 2\n    },\n])\n"),
        (
            "f(\r\n    x={\r\n        1: 2\r\n    }\r\n)\r\n",
            "f(\r\n    x=[\r\n        {\r\n            1: 2\r\n        },\r\n    ]\r\n)\r\n",
        ),
        ('f(x={\n    1: """\n"""\n})\n', 'f(x=[\n    {\n        1: """\n"""\n    },\n])\n'),
    ],
)
def test_what_has_several_lines_is_wrapped_in_lines(before: str, after: str) -> None:
    def recipe(edit: Editor, code: Code) -> None:
        edit.wrap(edit.value(code.call("f").at, "x"), "[", "]")

    assert edited(before, recipe) == after


@pytest.mark.parametrize(
    ("names", "after"),
    [
        (f"A, {LONG}", f"A,\n    N,\n    {LONG}"),
        (f"P, {LONG}", f"N,\n    P,\n    {LONG}"),
        (f"A, L{LONG}", f"A,\n    L{LONG},\n    N"),
    ],
)
def test_an_import_that_gets_too_long_is_broken(names: str, after: str) -> None:
    module = "m" * 15
    edit = edited(f"from {module} import {names}\n", lambda e, c: e.import_name(module, "N"))
    assert edit == f"from {module} import (\n    {after},\n)\n"


def test_an_import_that_is_long_and_gets_two_names() -> None:
    def recipe(edit: Editor, _: Code) -> None:
        edit.import_name("m" * 15, "N")
        edit.import_name("m" * 15, "O")

    after = edited(f"from {'m' * 15} import A, {LONG}\n", recipe)
    assert after == f"from {'m' * 15} import (\n    A,\n    N,\n    O,\n    {LONG},\n)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(\n    x,\n):\n    pass\n", "def f():\n    pass\n"),
        ("def f(\n    a, x\n):\n    pass\n", "def f(a):\n    pass\n"),
        ("def f(\n    x, a, *, b\n):\n    pass\n", "def f(a, *, b):\n    pass\n"),
        ("def f(\n    a,\n    x,\n):\n    pass\n", "def f(\n    a,\n):\n    pass\n"),
        ("def f(\n    a, x  # a\n):\n    pass\n", "def f(\n    a  # a\n):\n    pass\n"),
        (
            f"def f(\n    {LONG}, x\n):\n    pass\n".replace("f(", "ffffffffffffffffffffffff("),
            f"def f(\n    {LONG}\n):\n    pass\n".replace("f(", "ffffffffffffffffffffffff("),
        ),
    ],
)
def test_brackets_that_need_not_be_broken_are_closed_up(before: str, after: str) -> None:
    def recipe(edit: Editor, code: Code) -> None:
        function = next(n for n in code.statements if isinstance(n, ir.Function))
        edit.delete(next(p.at for p in function.params if p.name == "x"))

    assert edited(before, recipe) == after


IMPORTS = {
    "known": ("from m import N\n", "N", "from m import N\n"),
    "known by an alias": ("from m import N as X\n", "X", "from m import N as X\n"),
    "known by the module": ("import m\n", "m.N", "import m\n"),
    "module by an alias": ("import m as x\n", "x.N", "import m as x\n"),
    "extended": ("from m import A, Z\n", "N", "from m import A, N, Z\n"),
    "extended at the end": ("from m import A\n", "N", "from m import A, N\n"),
    "extended in lines": (
        "from m import (\n    A,  # a\n    Z,\n)\n",
        "N",
        "from m import (\n    A,  # a\n    N,\n    Z,\n)\n",
    ),
    "extended in lines at the end": (
        "from m import (\n    A,\n    B,  # b\n)\n",
        "N",
        "from m import (\n    A,\n    B,\n    N,  # b\n)\n",
    ),
    "in order": (
        "import os\n\nimport k\nfrom a import b\nfrom z import y\n\nx = 1",
        "N",
        "import os\n\nimport k\nfrom a import b\nfrom m import N\nfrom z import y\n\nx = 1",
    ),
    "beside its like where there is no order": (
        "from z import y\nfrom m.a import b\nfrom a import b\n\nx = 1\n",
        "N",
        "from z import y\nfrom m import N\nfrom m.a import b\nfrom a import b\n\nx = 1\n",
    ),
    "in the order that there is": (
        "import k\nfrom m.a import b\nfrom z import y\n\nx = 1\n",
        "N",
        "import k\nfrom m import N\nfrom m.a import b\nfrom z import y\n\nx = 1\n",
    ),
    "a section of its own": (
        "import os\n\nx = 1\n",
        "N",
        "import os\n\nfrom m import N\n\nx = 1\n",
    ),
    "below docstring and future": (
        '"""Doc."""\nfrom __future__ import annotations\n\nx = 1\n',
        "N",
        '"""Doc."""\nfrom __future__ import annotations\n\nfrom m import N\n\nx = 1\n',
    ),
    "for types only": (
        "import a\nfrom t import *\n\nif TYPE_CHECKING:\n    from m import N\n",
        "N",
        "import a\nfrom m import N\nfrom t import *\n\nif TYPE_CHECKING:\n    from m import N\n",
    ),
    "taken": (
        "import a\n\nN = 1\n",
        "O",
        "import a\nfrom m import N as O\n\nN = 1\n",
    ),
    "taken by another import": (
        "from a import N\n",
        "O",
        "from a import N\nfrom m import N as O\n",
    ),
    "imported lazily": (
        "lazy from a import N\nlazy import O\n",
        "m.N",
        "import m\n\nlazy from a import N\nlazy import O\n",
    ),
    "both taken": (
        "from a import N, O\n",
        "m.N",
        "import m\nfrom a import N, O\n",
    ),
    "hidden by a parameter": (
        "from m import N\n\n\ndef f(N): ...\n",
        "O",
        "from m import N\nfrom m import N as O\n\n\ndef f(N): ...\n",
    ),
    "nothing there": ("x = 1\n", "N", "from m import N\n\nx = 1\n"),
    "below the first comment": (
        "# coding: utf-8\nx = 1\n",
        "N",
        "# coding: utf-8\nfrom m import N\n\nx = 1\n",
    ),
}


@pytest.mark.parametrize("case", IMPORTS)
def test_import_name(case: str) -> None:
    before, spelling, after = IMPORTS[case]
    given: list[str] = []

    def recipe(edit: Editor, _: Code) -> None:
        given.extend(edit.import_name("m", "N", otherwise="O") for _ in range(2))

    assert edited(before, recipe) == after
    assert given == [spelling, spelling]


@pytest.mark.parametrize(
    ("text", "module", "name"),
    [
        ("from fastapi.exceptions import HTTPException\n", "fastapi", "HTTPException"),
        (
            "from starlette.websockets import WebSocketDisconnect\n",
            "fastapi",
            "WebSocketDisconnect",
        ),
        ("from starlette.responses import JSONResponse\n", "fastapi.responses", "JSONResponse"),
        ("from typing_extensions import Annotated\n", "typing", "Annotated"),
    ],
)
def test_the_same_object_of_another_module_is_used(text: str, module: str, name: str) -> None:
    assert edited(text, lambda e, c: e.import_name(module, name)) == text


@pytest.mark.parametrize(
    ("text", "module", "name"),
    [
        ("from starlette.exceptions import HTTPException\n", "fastapi", "HTTPException"),
        ("from fastapi.params import Depends\n", "fastapi", "Depends"),
        ("from sqlmodel import Session\n", "sqlalchemy.orm", "Session"),
    ],
)
def test_another_object_of_the_same_name_is_not_used(text: str, module: str, name: str) -> None:
    given: list[str] = []
    after = edited(text, lambda e, c: given.append(e.import_name(module, name, otherwise="Other")))
    assert given == ["Other"]
    assert f"from {module} import {name} as Other\n" in after


def test_no_spelling_is_left() -> None:
    with pytest.raises(Unfixable):
        edited("N = O = m = 1\n", lambda e, c: e.import_name("m", "N", otherwise="O"))


ODD = {
    "utf-8 with a mark": b"\xef\xbb\xbff(a)\n",
    "latin-1": b"# coding: latin-1\nx = '\xe9'\nf(a)  \n",
    "lone cr": b"x = 1\rf(a)\ry = 2",
    "mixed": b"x = 1\r\nf(a)\ny = 2\r",
    "tabs and form feeds": b"if x:\n\tf(a)\n\x0c\n\ty = 1   \n",
    "continued": b"f(a); \\\n  g(1)\n\n\n",
    "euro": "f(a)  # 😀 €\n".encode(),
}


@pytest.mark.parametrize("case", ODD)
def test_all_other_bytes_stay(case: str) -> None:
    code = Code(ODD[case])
    result = code.edited(lambda edit: edit.set_keyword(code.call("f").at, "x", "1"))
    assert result == ODD[case].replace(b"f(a)", b"f(a, x=1)")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import a\n\nx = make()\n",
            "import a\n\n\ndef g() -> None:\n    pass\n\n\nx = make()\n",
        ),
        ("# note\nx = make()\n", "def g() -> None:\n    pass\n\n\n# note\nx = make()\n"),
        (
            "def f():\n    x = make()\n",
            "def f():\n    def g() -> None:\n        pass\n\n    x = make()\n",
        ),
        (
            "def f():\r\n\ty = 1\r\n\tx = make()\r\n",
            "def f():\r\n\ty = 1\r\n\r\n\tdef g() -> None:\r\n\t\tpass\r\n\r\n\tx = make()\r\n",
        ),
    ],
)
def test_define_before_keeps_blank_lines_around(before: str, after: str) -> None:
    code = Code(before.encode())
    at = code.statement("make")
    edited = code.edited(lambda edit: edit.define_before(at, "def g() -> None:\n    pass\n"))
    assert edited.decode() == after


def test_decorate_puts_a_decorator_above_the_others() -> None:
    code = Code(b"# note\n@b\ndef f():\n    pass\n")
    at = code.function().at
    assert code.edited(lambda edit: edit.decorate(at, "@a")) == (
        b"# note\n@a\n@b\ndef f():\n    pass\n"
    )


def test_returns_is_the_annotation_of_the_result() -> None:
    code = Code(b"def f(x: int) -> int:\n    pass\n")
    at = code.function().at
    assert code.edited(lambda edit: edit.wrap(edit.returns(at), "list[", "]")) == (
        b"def f(x: int) -> list[int]:\n    pass\n"
    )
    bare = Code(b"def f():\n    pass\n")
    with pytest.raises(Unfixable):
        bare.edited(lambda edit: edit.returns(bare.function().at))


@pytest.mark.parametrize("order", [("contextlib", "abc"), ("abc", "contextlib")])
def test_two_new_imports_at_one_place_stand_together(order: tuple[str, str]) -> None:
    code = Code(b"import fastapi\n")
    edited = code.edited(lambda edit: [edit.import_name(module, "x" + module) for module in order])
    assert edited == b"from abc import xabc\nfrom contextlib import xcontextlib\n\nimport fastapi\n"


@pytest.mark.parametrize(
    "text",
    [
        "def f(a): return b\n",
        "def f(a, b): return a\n",
        "def f(a):\n    a = 1\n",
        "def f(a):\n    return [a for a in a]\n",
        "def f(a):\n    return lambda a: a\n",
        "def f(a):\n    return [b for b in a]\n",
    ],
)
def test_a_parameter_is_not_renamed_where_names_have_two_meanings(text: str) -> None:
    with pytest.raises(Unfixable):
        edited(text, lambda edit, code: edit.rename_parameter(code.function().at, "a", "b"))


@pytest.mark.filterwarnings("error")
def test_an_escape_that_is_none_is_no_warning() -> None:
    text = 'f("\\w")\n'
    assert edited(text, lambda edit, code: edit.delete(code.statement("f"))) == ""


def test_many_fixes_walk_over_a_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    walks = 0

    def names(parents: Mapping[cst.CSTNode, cst.CSTNode]) -> Names:
        nonlocal walks
        walks += 1
        return Names(parents)

    monkeypatch.setattr(tree, "Names", names)
    parsed = Tree(Code(b"import a\n\nf()\n").source)
    editors: list[FileEditor] = []
    for name in ("x", "y", "z"):
        editors.append(FileEditor(parsed, lambda path: editors[-1]))
        editors[-1].import_name("m", name)
    assert walks == 1
