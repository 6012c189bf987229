"""What the two ways of lowering share: limits, ordinals, and what is collected on the way.

`lower_ast.py` lowers what the running interpreter parses, which is fast; `lower.py` lowers a LibCST
tree, which also knows the syntax of other versions. Both give the same module for the same text.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from .. import ir

MAX_EXPRESSION_DEPTH = 120
MAX_QUOTED = 1_000
MAX_QUOTED_BRACKETS = 40
"""How long and how nested an annotation in quotes may be to be parsed: it was not scanned."""

CHANGED = ir.Opaque(())
"""Follows a value in an f-string that a conversion or format makes something else of."""


class FunctionState:
    """What is collected while the body of one function is lowered."""

    __slots__ = ("mentions", "walrus", "yields")

    def __init__(self) -> None:
        self.mentions: set[str] = set()
        self.yields = False
        self.walrus = False


class Lowering(ABC):
    """Lowers one module. `wanted` names the calls and keywords whose exact spans are needed.

    Here is what both kinds of trees say in the same words.
    """

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._next = 0
        self._depth = 0
        self._starts: list[int] = []
        self._spans: list[ir.Span] = []
        self._exact: dict[int, ir.Span] = {}
        self._functions = [FunctionState()]

    @abstractmethod
    def _expr(self, node: Any) -> ir.Expr:
        """Lower an expression."""

    @abstractmethod
    def _parsed(self, text: str) -> Any:
        """Parse an expression that stands in quotes. Raises what the parser does."""

    def _lowered(self, body: tuple[ir.Stmt, ...]) -> ir.Module:
        walrus = self._functions[0].walrus
        return ir.Module(body, tuple(self._starts), tuple(self._spans), self._exact, walrus)

    def _mention_call(self, func: ir.Expr) -> str | None:
        """Note what is called; gives its last name."""
        mentions = self._functions[-1].mentions
        if isinstance(func, ir.Call) and (maker := ir.last_name(func.func)) is not None:
            mentions.add(ir.applied(maker))
        name = ir.last_name(func)
        if name is not None:
            mentions.add(name)
        return name

    def _mention_decorator(self, value: ir.Expr) -> None:
        name = ir.last_name(value.func if isinstance(value, ir.Call) else value)
        if name is not None:
            self._functions[-1].mentions |= {name, ir.applied(name)}

    def _mention_store(self, target: ir.Expr) -> None:
        if isinstance(target, ir.Attribute):
            self._functions[-1].mentions.add(target.attr)

    # Statements

    def _ann_assign(self, node: Any, at: int) -> ir.Stmt:
        value = self._optional(node.value)
        annotation = self._annotation(node.annotation)
        return ir.Assign((self._expr(node.target),), value, annotation, None, at)

    def _expression(self, node: Any, at: int) -> ir.Stmt:
        value = self._expr(node.value)
        return ir.Jump("pass", (), None, at) if _is_text(value) else ir.Expression(value, at)

    def _return(self, node: Any, at: int) -> ir.Stmt:
        return ir.Return(self._optional(node.value), at)

    def _assert(self, node: Any, at: int) -> ir.Stmt:
        return ir.Jump("assert", (), self._expr(node.test), at)

    def _word(self, node: Any, at: int) -> ir.Stmt:
        return ir.Jump(type(node).__name__.lower(), (), None, at)

    # Expressions

    def _optional(self, node: Any) -> ir.Expr | None:
        return None if node is None else self._expr(node)

    def _annotation(self, node: Any) -> ir.Expr:
        value = self._expr(node)
        if isinstance(value, ir.Constant) and value.kind == "str":
            return self._quoted(str(value.value).strip())
        return value

    def _quoted(self, annotation: str) -> ir.Expr:
        if not _is_parsed_when_quoted(annotation):
            return ir.Opaque(())
        depth = self._depth
        try:
            return self._expr(self._parsed(annotation))
        except Exception:  # whatever a hostile annotation makes the parser raise
            self._depth = depth
            return ir.Opaque(())

    def _conditional(self, node: Any) -> ir.Expr:
        return ir.Conditional(self._expr(node.test), self._expr(node.body), self._expr(node.orelse))

    def _assigned(self, node: Any) -> ir.Expr:
        self._functions[-1].walrus = True
        return ir.Assigned(self._expr(node.target), self._expr(node.value))

    def _starred(self, node: Any) -> ir.Expr:
        return ir.Starred(self._expr(node.value))


def _is_parsed_when_quoted(text: str) -> bool:
    """Whether an annotation in quotes is short and flat enough to be parsed."""
    return len(text) <= MAX_QUOTED and sum(map(text.count, "([{")) <= MAX_QUOTED_BRACKETS


def text(value: str) -> ir.Constant:
    """A string of the program; lone surrogates are replaced, very long ones cut."""
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode("utf-8")
    return ir.Constant(value[: ir.MAX_STRING], "str")


def integer(value: int) -> ir.Expr:
    """An integer, if it is not too large to be kept."""
    return ir.Constant(value, "int") if value.bit_length() < 64 else ir.Opaque(())


def formatted(parts: Iterable[ir.Expr]) -> ir.Format:
    """An f-string from its parts: those in it are taken apart, neighbouring texts joined."""
    joined: list[ir.Expr] = []
    for part in parts:
        for piece in part.parts if isinstance(part, ir.Format) else (part,):
            last = joined[-1] if joined else None
            if _is_text(piece) and last is not None and _is_text(last):
                joined[-1] = text(f"{last.value}{piece.value}")  # type: ignore[union-attr]
            elif piece != ir.Constant("", "str"):
                joined.append(piece)
    return ir.Format(tuple(joined))


def _is_text(part: ir.Expr) -> bool:
    return isinstance(part, ir.Constant) and part.kind == "str"
