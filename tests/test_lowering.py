"""What Python's own parser and LibCST parse is lowered to the same module, positions included."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import fastapi
import pytest

from fastapi_lint.source import decode, read
from fastapi_lint.syntax import lower, lower_ast
from fastapi_lint.syntax.parse import Parsed, parse
from fastapi_lint.syntax.scan import scan


class _Everything(frozenset[str]):
    """The names of all calls and keywords."""

    def __contains__(self, name: object) -> bool:
        return name is not None


NEWER = {
    "try": (3, 11),
    "nested f-strings": (3, 12),
    "brackets in nested strings": (3, 12),
    "f-string over several lines": (3, 12),
    "type parameters": (3, 12),
    "clause on one line without parentheses": (3, 14),
    "template strings": (3, 15),
    "lazy imports": (3, 15),
    "unpacking in comprehensions": (3, 15),
}
"""Snippets that the interpreter itself lowers only from a version on."""
FORMATTED = {"f-strings", "odd quotes in f-strings", "named characters", "implicit concatenation"}
"""Snippets in which Python tells where the calls stand only from 3.12 on."""


def _both_agree(text: str, wanted: frozenset[str]) -> None:
    assert lower_ast.lower(text, scan(text), wanted) == lower.lower(text, wanted)


SNIPPETS = {
    "empty": "",
    "comments only": "# a\n\n  # b\n",
    "no final newline": "f(1)",
    "calls": "a = f(g(h(1), h(1)), k=h(1))\n",
    "same call twice, evaluated in another order": "x = f(a) if f(a) else f(a)\n",
    "call in parentheses": "x = ( f(1) ) + (((f(1))))\n",
    "call named like the end of another": "xf(1); f(1); a.f(1)\n",
    "call in a string before": "x = 'f(1)', f(1)  # f(1)\n",
    "multi-line call in blocks": (
        "class A:\n    def m(self):\n        if x:\n            app.get(\n"
        '                "/",  # c\n                f(\n    1),\n            )\n'
    ),
    "multi-line keyword": "f(\n    a=g(\n        1\n    ),\n\n    # c\n    b = [\n1],\n)\n",
    "starred": "f(*a, *d, c=1, **b)\n",
    "decorators": (
        "@a.b(1)\n# c\n@c(\n    d=1\n)\nasync def f(x=g(1), *, y: h(2) = g(1)) -> k(1): ...\n"
        "@e\n@(f := g(1))\nclass C(B(1), metaclass=M(1)): pass\n"
    ),
    "walrus": "if (n := f(x)) and (m := f(x)):\n    g(n)\n",
    "semicolons": "f(1); g(2) ;h(3);\nif x: f(1); f(1);\n",
    "one-line suites": "if f(1): g(1)\nelif f(1): g(1)\nelse: g(1)\nfor x in f(1): g(1)\nelse: g(1)\n",
    "elif chain": "if f(1):\n  g(1)\nelif f(1):\n  g(1)\nelif h(f(1)):\n  pass\nelse:\n  g(1)\n",
    "try": (
        "try: f(1)\nexcept f(1): g(1)\nexcept (A, f(1)) as e:\n  g(1)\nelse: g(1)\nfinally: g(1)\n"
        "try:\n  f(1)\nexcept* f(1):\n  g(1)\n"
    ),
    "with": "with f(1) as a, f(1) as b:\n  g(1)\nasync def x():\n  async with (f(1) as a, g(2)): h(1)\n",
    "while": "while f(1):\n  g(1)\nelse:\n  g(1)\n",
    "match": "match f(1):\n  case A(b=C()) if f(1):\n    g(1)\n  case _: g(1)\n",
    "lambda and comprehension": "x = lambda a=f(1): [f(1) for b in f(1) if f(1)]\n",
    "form feeds": "f(1)\n\f\ndef g():\n    h(1,\f2)\n\f\n    h(1)\n\f\nh(1)\f\n",
    "tabs": "if x:\n\tf(\t1,\n\t\tk\t=\tg(2))\n\tif y:\n\t\tf(1)\t# c\n",
    "carriage return and newline": "f(1)\r\nif x:\r\n    g(\r\n        1,\r\n    )\r\n",
    "carriage return": "f(1)\rif x:\r    g(\r1)\r",
    "mixed line ends": "f(1)\ng(\r\n1)\rh(1)\n",
    "beyond the basic plane": "x = '😀', f('😀'), f('é')\nf(a='𝒳')\né = f(1)\n",
    "backslashes": "x = f(1) + \\\n    f(1)\nif a and \\\n  f(1): \\\n  g(1)\nassert f(1), \\\n f(1)\n",
    "backslash before nothing": "f(1)\n\\\n\ng(1)\n\\\n# c\nif x:\n    g(1)\n    \\\n\n    h(1)\n",
    "strings over several lines": 'x = """a\n"b" # c\n"""; f("""(\n""")\ny = "a\\\nb", f(1)\n',
    "quotes and brackets in strings": "x = f('(', \")\", '[\\'', r'\\\\', '#', \"\\\"{\")\nf(1)\n",
    "implicit concatenation": 'f("a" \'b\'\n  f"{g(1)}" r"\\d"\n  # c\n  u"x" if y else "z")\ng(1)\n',
    "f-strings": "x = f'{f(1)!r:>{g(2)}} {{}} {h(1) = } {a[\"b\"]:%H:%M}' + f('}')\n",
    "nested f-strings": 'x = f"{a["b"]} {f"{c["d"] + f(1)}"}" + f(1)  # "\ng(1)\n',
    "odd quotes in f-strings": "x = f\"{a['b']}\" + f(1)\ny = f'{x!r:\">10}', f(1)\n",
    "brackets in nested strings": 'x = f"{a["("]}{b[")"]}", f(1)\ny = f"{c("#")}", f(1)\nf(1)\n',
    "f-string over several lines": 'x = f"""{\n  f(1)  # c\n}\n"{a}" {b}"""\nf(f"{\n  a\n}")\n',
    "named characters": 'x = f"\\N{EN DASH}{f(1)}\\"{a}", f(1)\ny = rf"\\{f(1)}"\n',
    "comments between lines": "# a\nx = [  # b\n  # c\n  f(1),\n\n  # d\n]\n  # e\nf(1)\n    # f\n",
    "docstrings": "def f():\n    \"\"\"g(1) ''' \"\"\"\n    return g(1)\n'''\"\"\"'''\n",
    "type parameters": "def f[T: g(1)](a: T = h(1)) -> T: ...\nclass C[T](B[T]): pass\ntype A[T] = f(T)\n",
    "soft keywords": "match = case(1)\ntype(x)\nprint(match(1))\ncase(1)\n",
    "except without parentheses": "try:\n  f(1)\nexcept A, B:\n  g(1)\n",
    "several clauses without parentheses": "try: f(1)\nexcept A.b, C(1), D: # x: y\n  g(1)\n"
    "except\tE ,\\\n  F:\n  h()\n",
    "clause on one line without parentheses": "try: f(1)\nexcept A, B: g(1)\nelse: h(1)\n",
    "groups without parentheses": "try: f(1)\nexcept* A, B:\n  g(1)\n",
    "template strings": 'x = t"{f(1)} {a["b"]}" + f(1)\n',
    "lazy imports": "lazy import a, b.c as d\nlazy from .e import f as g, h\nlazy = f(1)\n",
    "unpacking in comprehensions": "x = [*f(y) for y in z], {*y for y in f(z)}\n",
    "await and yield": "async def f():\n  await g(1)\n  x = yield (await g(1))\n  return await g(1)\n",
    "unusual spaces": "f ( 1 ) . g (2)\nf(a = 1 , b= g( 2 ) , )\n@ f (1)\ndef  g ( ) :  pass\n",
    "deep indentation": "".join(f"{' ' * n}if f({n}):\n" for n in range(60)) + " " * 60 + "g(1)\n",
}


def test_clauses_without_parentheses_need_no_slower_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastapi_lint.syntax.parse._by_libcst", None)
    text = SNIPPETS["several clauses without parentheses"]
    assert isinstance(parse(decode("x.py", text.encode()), frozenset()), Parsed)


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippets(name: str) -> None:
    text = SNIPPETS[name]
    parsed = parse(decode("x.py", text.encode()), _Everything())
    assert isinstance(parsed, Parsed)
    if sys.version_info < NEWER.get(name, (3, 10)):
        with pytest.raises(lower_ast.Unsupported):
            lower_ast.lower(text, scan(text), _Everything())
        assert parsed.module == lower.lower(text, _Everything())
        return
    _both_agree(text, frozenset())
    if name not in FORMATTED or sys.version_info >= (3, 12):
        _both_agree(text, _Everything())


@pytest.mark.parametrize(
    "text",
    [
        "\ff(1)\ng(1)\n",
        "def g():\n    h(1)\n\f    h(1)\n\fh(1)\n",
        "\\\nf(1)\n",
        "x = 1\n\\\n\\\nf(f(1))\n",
    ],
)
def test_positions_after_what_libcst_drops(text: str) -> None:
    found = parse(decode("x.py", text.encode()), _Everything())
    assert isinstance(found, Parsed)
    nodes = list(ast.walk(ast.parse(text)))
    statements = {n.lineno: n.col_offset + 1 for n in nodes if isinstance(n, ast.stmt)}
    calls = {(n.lineno, n.col_offset + 1) for n in nodes if isinstance(n, ast.Call)}
    assert {row: column for row, column, _, _ in found.module.spans} == statements
    assert {span[:2] for span in found.module.exact.values()} == calls


def test_the_installed_fastapi() -> None:
    paths = [*Path(fastapi.__file__).parent.rglob("*.py")]
    assert len(paths) > 40
    for path in paths:
        _both_agree(read(str(path)).text, frozenset())


def test_a_byte_order_mark_takes_no_column() -> None:
    parsed = parse(decode("x.py", b"\xef\xbb\xbff(1)\n"), frozenset({"f"}))
    assert isinstance(parsed, Parsed)
    assert parsed.module.spans == ((1, 1, 1, 5),)
    assert list(parsed.module.exact.values()) == [(1, 1, 1, 5)]


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("x = 1  # a\n# b\n    # c\n", [(1, 8, False), (2, 1, True), (3, 5, True)]),
        ("f(\n    # a\n    1,  # b\n)\n", [(2, 5, True), (3, 9, False)]),
        ("x = '#', \"#\", '''\n# a\n'''  # b\n", [(3, 6, False)]),
        ('x = f"{a["#"]}"  # a\n', [(1, 18, False)]),
        ('x = f"{a["b"]}#"\n', []),
        ('x = f"""{\n  1  # a\n}"""\n', []),
        ("x = '\\\n# a'\n", []),
        ("x = 1 \\\n  + 2  # a\n", [(2, 8, False)]),
        ("\f# a\n", [(1, 2, True)]),
    ],
)
def test_comments(text: str, comments: list[tuple[int, int, bool]]) -> None:
    assert [(c.row, c.column, c.alone) for c in scan(text).comments] == comments
