"""The intermediate representation: what the code of one module says, without its spelling.

Lowering a syntax tree to these structs happens once per file. They are small, immutable and
serialisable, so they can be cached, sent between processes, and read when everything is linked,
without parsing a file twice. Whitespace, comments and parentheses are gone; names are not resolved.

`at` is an ordinal: it grows in source order, is unique within a module, identifies the node, and
leads to its position through `Module.span`.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TypeAlias

import msgspec

MAX_STRING = 4_096
"""Characters of a string that are kept."""


class _Node(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=True):
    """A node; encoded as an array that starts with the class name."""


class Name(_Node, frozen=True, tag="N"):
    id: str


class Attribute(_Node, frozen=True, tag="A"):
    value: Expr
    attr: str


class Constant(_Node, frozen=True, tag="K"):
    """A string (bytes are read as latin-1), number, boolean, `None`, or `...` (as "Ellipsis")."""

    value: str | int | float | bool | None
    kind: str


class Keyword(_Node, frozen=True, tag="k"):
    """A keyword argument; `name` is `None` for `**value`."""

    name: str | None
    value: Expr
    at: int


class Call(_Node, frozen=True, tag="C"):
    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]
    at: int


class Starred(_Node, frozen=True, tag="*"):
    value: Expr


class Display(_Node, frozen=True, tag="L"):
    """A list, tuple or set display; `kind` is that word."""

    kind: str
    items: tuple[Expr, ...]


class Dict(_Node, frozen=True, tag="D"):
    """A dict display; a key of `None` means `**value`."""

    items: tuple[tuple[Expr | None, Expr], ...]


class Subscript(_Node, frozen=True, tag="S"):
    value: Expr
    index: tuple[Expr, ...]


class Operation(_Node, frozen=True, tag="O"):
    """Unary, binary, boolean operation or comparison; chains of one operator are flat."""

    op: str
    operands: tuple[Expr, ...]


class Conditional(_Node, frozen=True, tag="?"):
    test: Expr
    body: Expr
    orelse: Expr


class Parameter(_Node, frozen=True, tag="P"):
    """`kind` is "positional-only", "plain", "keyword-only", "*" or "**"."""

    name: str
    kind: str
    annotation: Expr | None
    default: Expr | None
    at: int


class Lambda(_Node, frozen=True, tag="l"):
    params: tuple[Parameter, ...]
    body: Expr
    at: int


class Await(_Node, frozen=True, tag="w"):
    value: Expr


class Yield(_Node, frozen=True, tag="y"):
    value: Expr | None
    is_from: bool


class Comprehension(_Node, frozen=True, tag="c"):
    """`kind` is "list", "set", "dict" or "generator"; a dict's element is its value."""

    kind: str
    element: Expr
    sources: tuple[tuple[Expr, Expr, tuple[Expr, ...]], ...]


class Format(_Node, frozen=True, tag="f"):
    """An f-string or an implicit concatenation that contains one."""

    parts: tuple[Expr, ...]


class Assigned(_Node, frozen=True, tag="="):
    """`name := value`."""

    target: Expr
    value: Expr


class Opaque(_Node, frozen=True, tag="o"):
    """Something not modelled (slices, match patterns, too deep an expression) and what it holds."""

    children: tuple[Expr, ...]


Expr: TypeAlias = (
    Name
    | Attribute
    | Constant
    | Call
    | Starred
    | Display
    | Dict
    | Subscript
    | Operation
    | Conditional
    | Lambda
    | Await
    | Yield
    | Comprehension
    | Format
    | Assigned
    | Opaque
)


class Expression(_Node, frozen=True, tag="E"):
    value: Expr
    at: int


class Assign(_Node, frozen=True, tag="="):
    """An assignment of any form; `op` is "+" for `+=`, `value` is `None` for a bare annotation."""

    targets: tuple[Expr, ...]
    value: Expr | None
    annotation: Expr | None
    op: str | None
    at: int


class Return(_Node, frozen=True, tag="R"):
    value: Expr | None
    at: int


class Raise(_Node, frozen=True, tag="X"):
    value: Expr | None
    cause: Expr | None
    at: int


class Delete(_Node, frozen=True, tag="d"):
    targets: tuple[Expr, ...]
    at: int


class Jump(_Node, frozen=True, tag="J"):
    """`break`, `continue`, `pass`, `global`, `nonlocal` or `assert`, as `word` says."""

    word: str
    names: tuple[str, ...]
    value: Expr | None
    at: int


class If(_Node, frozen=True, tag="I"):
    """An `if` with its `elif`s as further branches; the test of `else` is `None`."""

    branches: tuple[tuple[Expr | None, tuple[Stmt, ...]], ...]
    at: int


class For(_Node, frozen=True, tag="F"):
    target: Expr
    iter: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    is_async: bool
    at: int


class While(_Node, frozen=True, tag="W"):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    at: int


class With(_Node, frozen=True, tag="w"):
    items: tuple[tuple[Expr, Expr | None], ...]
    body: tuple[Stmt, ...]
    is_async: bool
    at: int


class Handler(_Node, frozen=True, tag="h"):
    """An `except` clause; `catches` is `None` for a bare one."""

    catches: Expr | None
    name: str | None
    body: tuple[Stmt, ...]
    at: int


class Try(_Node, frozen=True, tag="T"):
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]
    is_star: bool
    at: int


class Match(_Node, frozen=True, tag="M"):
    """A `match`; each case is its pattern's values and guard, the names it binds, and its body."""

    subject: Expr
    cases: tuple[tuple[Expr, tuple[str, ...], tuple[Stmt, ...]], ...]
    at: int


class Import(_Node, frozen=True, tag="i"):
    """One bound name: `from module import name as bound`; `import module as bound` has no name.

    `level` counts the leading dots. A star import binds "*".
    """

    module: str
    name: str | None
    bound: str
    level: int
    at: int


class Decorator(_Node, frozen=True, tag="@"):
    value: Expr
    at: int


class Function(_Node, frozen=True, tag="f"):
    """A function; its body is packed, and unpacked only when somebody asks (see `unpack`).

    `mentions` are the names, by last component, of everything that the body (with nested functions)
    calls, decorates with, or assigns as an attribute; `applied(name)` for a call that decorates or
    is called itself. `has_walrus` tells whether the body itself
    has a `:=`.
    """

    name: str
    params: tuple[Parameter, ...]
    returns: Expr | None
    decorators: tuple[Decorator, ...]
    is_async: bool
    is_generator: bool
    has_walrus: bool
    mentions: tuple[str, ...]
    packed: msgspec.Raw
    at: int


class Class(_Node, frozen=True, tag="c"):
    name: str
    bases: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]
    decorators: tuple[Decorator, ...]
    body: tuple[Stmt, ...]
    at: int


Stmt: TypeAlias = (
    Expression
    | Assign
    | Return
    | Raise
    | Delete
    | Jump
    | If
    | For
    | While
    | With
    | Try
    | Match
    | Import
    | Function
    | Class
)

Span: TypeAlias = tuple[int, int, int, int]
"""Start row, start column, end row, end column: all from 1, the end column exclusive."""


class Module(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A lowered module.

    `starts` and `spans` give each statement's (or decorator's) ordinal and span in source order;
    `exact` holds the spans of expressions that were asked for by name.
    """

    body: tuple[Stmt, ...]
    starts: tuple[int, ...]
    spans: tuple[Span, ...]
    exact: dict[int, Span]
    has_walrus: bool

    def span(self, at: int) -> Span:
        """The span of a node: exact where known, else that of the statement it stands in."""
        if (exact := self.exact.get(at)) is not None:
            return exact
        index = bisect_right(self.starts, at) - 1
        return self.spans[index] if index >= 0 else (1, 1, 1, 1)


_encoder = msgspec.msgpack.Encoder()
_body_decoder = msgspec.msgpack.Decoder(tuple[Stmt, ...])
_module_decoder = msgspec.msgpack.Decoder(Module)


def pack(body: tuple[Stmt, ...]) -> msgspec.Raw:
    """Pack a function's body."""
    return msgspec.Raw(_encoder.encode(body))


def unpack(function: Function) -> tuple[Stmt, ...]:
    """The body of a function."""
    return _body_decoder.decode(function.packed)


def encode(module: Module) -> bytes:
    """Serialise a module."""
    return _encoder.encode(module)


def decode(data: bytes) -> Module:
    """Read a serialised module. Raises `msgspec.DecodeError` if `data` is no such thing."""
    return _module_decoder.decode(data)


def applied(name: str) -> str:
    """How `Function.mentions` names `@name(...)` and `name(...)(function)`."""
    return f"@{name}"


def is_none(expr: Expr) -> bool:
    """Whether it is the constant None."""
    return isinstance(expr, Constant) and expr.value is None


def last_name(expr: Expr) -> str | None:
    """The last component of a name or an attribute chain: "get" of `app.router.get`."""
    kind = type(expr)
    if kind is Name:
        return expr.id  # type: ignore[union-attr]
    return expr.attr if kind is Attribute else None  # type: ignore[union-attr]
