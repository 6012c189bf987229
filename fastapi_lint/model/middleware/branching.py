"""Middleware that tells routes apart by their paths, and what it does for single ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place
from ..layers import Layer
from ..link import Application
from ..responses import HTTP_ERRORS, RESPONSES, given, statuses
from ..scopes import Function
from ..values import FunctionValue, Literal, Method, Sequence

_REFUSED = frozenset({401, 403})
_LIMITED = frozenset({429})
_PATH = ir.Constant("path", "str")


class Branching(msgspec.Struct, frozen=True):
    """A statement that decides by literal paths; `checks` tells that the middleware decides who
    may ask, otherwise it answers some routes differently."""

    place: Place
    paths: tuple[str, ...]
    checks: bool


def branchings(layer: Layer, application: Application) -> Iterator[Branching]:
    """Where a layer runs the logic of single routes."""
    function = layer.function
    names = _Paths(layer, application)
    checks = bool(_answers(function.body, function, application) & _REFUSED)
    for node in statements(function.body):
        if isinstance(node, ir.If):
            for test, body in node.branches:
                if test is not None and (found := names.tested(test, node.at)):
                    if (
                        checks
                        or _answers(body, function, application) - _LIMITED
                        or _sets_state(body, layer)
                    ):
                        yield Branching(Place(function.module, node.at), found, checks)
                    break
        elif isinstance(node, ir.Match) and names.is_path(node.subject):
            found = tuple(
                str(part.value)
                for pattern, _, _ in node.cases
                for part in walk(pattern)
                if isinstance(part, ir.Constant)
            )
            inside = [inner for _, _, body in node.cases for inner in body]
            if found and (checks or _answers(inside, function, application) - _LIMITED):
                yield Branching(Place(function.module, node.at), found, checks)


def _sets_state(body: Iterable[ir.Stmt], layer: Layer) -> bool:
    """Whether a block puts something that it has computed on the request's state."""
    return any(
        isinstance(node, ir.Assign)
        and not isinstance(node.value, (ir.Constant, type(None)))
        and any(
            isinstance(target, ir.Attribute)
            and target.value == ir.Attribute(ir.Name(layer.names[0]), "state")
            for target in node.targets
        )
        for node in statements(body)
    )


class _Paths:
    """How a layer spells the path of a request, and what it compares it with."""

    def __init__(self, layer: Layer, application: Application) -> None:
        self._layer = layer
        self._eval = application.program.evaluator()
        self._aliases: set[ir.Name] = set()
        self._aliases = {
            target
            for node in statements(layer.function.body)
            if isinstance(node, ir.Assign) and node.value is not None and self.is_path(node.value)
            for target in node.targets
            if isinstance(target, ir.Name)
        }

    def is_path(self, node: ir.Expr) -> bool:
        first = ir.Name(self._layer.names[0])
        match node:
            case ir.Attribute(ir.Attribute(owner, "url"), "path"):
                return self._layer.kind == "asgi" or owner == first
            case ir.Subscript(owner, (index,)) if index == _PATH:
                return owner in (first, ir.Attribute(first, "scope"))
            case ir.Call(ir.Attribute(owner, "get"), (index, *_)) if index == _PATH:
                return owner in (first, ir.Attribute(first, "scope"))
            case ir.Call(ir.Attribute(owner, "rstrip" | "lower" | "strip" | "removesuffix")):
                return self.is_path(owner)
            case ir.Name():
                return node in self._aliases
        return False

    def tested(self, test: ir.Expr, at: int) -> tuple[str, ...]:
        """The literal paths that a condition compares the path of the request with."""
        found: list[str] = []
        for part in walk(test):
            match part:
                case ir.Operation("==" | "!=" | "in" | "not in", (left, right)):
                    if self.is_path(left):
                        found.extend(self._texts(right, at))
                    elif self.is_path(right) and part.op in ("==", "!="):
                        found.extend(self._texts(left, at))
                case ir.Call(ir.Attribute(owner, "startswith" | "endswith"), (prefix,)):
                    if self.is_path(owner):
                        found.extend(self._texts(prefix, at))
                case ir.Call(ir.Attribute(_, "match" | "fullmatch" | "search"), (pattern, text)):
                    if self.is_path(text):
                        found.extend(self._texts(pattern, at))
                case ir.Comprehension(_, element, ((ir.Name() as target, iterated, _),)):
                    if self._compares(element, target):
                        found.extend(self._texts(iterated, at))
        return tuple(dict.fromkeys(found))

    def _compares(self, node: ir.Expr, other: ir.Name) -> bool:
        """Whether an expression compares the path with a variable."""
        match node:
            case ir.Call(ir.Attribute(owner, "startswith" | "endswith"), (prefix,)):
                return self.is_path(owner) and prefix == other
            case ir.Operation("==" | "in", (left, right)):
                return other in (left, right) and (self.is_path(left) or self.is_path(right))
            case ir.Call(_, args):
                return other in args and any(self.is_path(arg) for arg in args)
        return False

    def _texts(self, node: ir.Expr, at: int) -> Iterator[str]:
        scope = self._layer.function.scope
        for value in self._eval.evaluate(node, scope, at):
            items = self._eval.items((value,)) if isinstance(value, Sequence) else (value,)
            for item in items:
                if isinstance(item, Literal) and isinstance(item.value, str):
                    yield item.value


def _answers(
    body: Iterable[ir.Stmt], function: Function, application: Application, depth: int = 1
) -> frozenset[int]:
    """The statuses of the responses and HTTP errors that a block makes, itself or through the
    functions that it calls; 200 where a response says nothing."""
    view = application.program.evaluator()
    found: set[int] = set()
    for node in statements(body):
        for part in own_parts(node):
            if not isinstance(part, ir.Call):
                continue
            for value in view.evaluate(part.func, function.scope, node.at):
                if view.is_a(value, *RESPONSES, *HTTP_ERRORS):
                    code = given(part, "status_code", value, view)
                    codes = statuses(view.evaluate(code, function.scope, node.at))
                    found |= codes or {200}
                elif isinstance(value, (FunctionValue, Method)) and depth:
                    found |= _answers(value.function.body, value.function, application, depth - 1)
    return frozenset(found)
