"""Responses that a dispatch makes anew: with another body, and the headers of the old one."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ...walk import own_parts, statements, walk, walk_all
from ..application import Place
from ..calls import keyword, results
from ..layers import Layer
from ..link import Application
from ..responses import RESPONSES, given
from ..scopes import Function
from ..values import External, FunctionValue, Method
from .wrapping import passes_on

_LENGTH = "content-length"
_STREAMS = tuple(
    name for name in RESPONSES if name.endswith(("StreamingResponse", "FileResponse", "Source"))
)
_COPIES = frozenset(
    {
        "builtins.dict",
        "starlette.datastructures.Headers",
        "starlette.datastructures.MutableHeaders",
    }
)
_CHANGING = frozenset(
    {
        "json.dumps", "gzip.compress", "zlib.compress", "brotli.compress", "base64.b64encode",
        "re.sub", "html.escape", "pprint.pformat", "builtins.str", "builtins.repr",
    }
)  # fmt: skip
"""Functions whose result has another length than what they get, but for rare cases."""

_SAME = frozenset({"encode", "decode", "tobytes", "copy"})
_EDITS = frozenset({"update", "pop", "append", "extend", "insert", "setdefault", "clear", "remove"})
_MAX_DEPTH = 6


class Rebuilt(msgspec.Struct, frozen=True):
    """A response that is made with a changed body and the headers of `original`."""

    place: Place
    cls: str
    original: str


def stale_lengths(layer: Layer, application: Application) -> Iterator[Rebuilt]:
    """Where a dispatch gives a new body the old Content-Length."""
    if layer.kind == "dispatch":
        yield from _Rebuilding(layer, application).found()


class _Rebuilding:
    def __init__(self, layer: Layer, application: Application) -> None:
        self._function = layer.function
        self._view = application.program.evaluator()
        self._originals = {
            target.id
            for node in statements(layer.function.body)
            if isinstance(node, ir.Assign) and node.value is not None
            for target in node.targets
            if isinstance(target, ir.Name)
            and any(passes_on(part, layer) for part in walk(node.value))
        }

    def found(self) -> Iterator[Rebuilt]:
        if not self._originals or self._corrects_length():
            return
        for node in statements(self._function.body):
            for part in own_parts(node):
                if isinstance(part, ir.Call) and (original := self._is_stale(part, node.at)):
                    place = Place(self._function.module, node.at)
                    yield Rebuilt(place, ir.last_name(part.func) or "Response", original)

    def _is_stale(self, call: ir.Call, at: int) -> str | None:
        """The response whose length a call keeps for another body."""
        for cls in self._view.evaluate(call.func, self._function.scope, at):
            if not self._view.is_a(cls, *RESPONSES) or self._view.is_a(cls, *_STREAMS):
                continue
            headers = given(call, "headers", cls, self._view)
            content = keyword(call, "content") or (call.args[0] if call.args else None)
            if headers is None or content is None:
                continue
            original = self._copied(headers, at, 0)
            if original is not None and self._is_changed(content, self._function, at, 0):
                return original
        return None

    def _corrects_length(self) -> bool:
        """Whether the function does something about the length, or about headers unknown here."""
        read = {
            id(part.args[0])
            for part in walk_all(self._function.body)
            if isinstance(part, ir.Call) and ir.last_name(part.func) == "get" and part.args
        }
        for part in walk_all(self._function.body):
            match part:
                case ir.Constant(str() as text) if text.lower() == _LENGTH and id(part) not in read:
                    return True
                case ir.Call(ir.Attribute(_, "pop"), (name, *_)) if not isinstance(
                    name, ir.Constant
                ):
                    return True
        return any(
            isinstance(node, ir.Delete)
            and any(
                isinstance(target, ir.Subscript)
                and not all(isinstance(item, ir.Constant) for item in target.index)
                for target in node.targets
            )
            for node in statements(self._function.body)
        )

    # Headers

    def _copied(self, node: ir.Expr, at: int, depth: int) -> str | None:
        """The response whose headers an expression has, all of them."""
        if depth > _MAX_DEPTH:
            return None
        match node:
            case ir.Attribute(ir.Name(name), "headers" | "raw_headers"):
                return name if name in self._originals else None
            case ir.Call(ir.Attribute(owner, "mutablecopy" | "copy" | "items"), ()):
                return self._copied(owner, at, depth + 1)
            case ir.Call(func, args, keywords):
                values = self._view.evaluate(func, self._function.scope, at)
                inner = (*args[:1], *(k.value for k in keywords if k.name in ("headers", "raw")))
                if inner and all(isinstance(v, External) and v.name in _COPIES for v in values):
                    return self._copied(inner[0], at, depth + 1)
            case ir.Dict(items):
                spread = (self._copied(v, at, depth + 1) for key, v in items if key is None)
                return next((name for name in spread if name is not None), None)
            case ir.Operation("|", operands):
                parts = (self._copied(operand, at, depth + 1) for operand in operands)
                return next((name for name in parts if name is not None), None)
            case ir.Comprehension("dict", _, ((_, iterated, ()),)):
                return self._copied(iterated, at, depth + 1)
            case ir.Name(name) if not self._is_handed_on(name):
                found = [
                    self._copied(value, place, depth + 1)
                    for value, place in _assigned(name, self._function)
                ]
                return found[0] if found and None not in found else None
        return None

    def _is_handed_on(self, name: str) -> bool:
        """Whether headers are given to something that may change them."""
        for part in walk_all(self._function.body):
            if isinstance(part, ir.Call) and ir.Name(name) in part.args:
                callees = self._view.evaluate(part.func, self._function.scope, part.at)
                if any(isinstance(c, (FunctionValue, Method)) for c in callees):
                    return True
        return False

    # Bodies

    def _is_changed(self, node: ir.Expr, function: Function, at: int, depth: int) -> bool:
        """Whether content certainly is, on some path, not what the old response had."""
        if depth > _MAX_DEPTH:
            return False

        def inner(part: ir.Expr) -> bool:
            return self._is_changed(part, function, at, depth + 1)

        match node:
            case ir.Constant(str() as text):
                return bool(text)
            case ir.Format() | ir.Dict():
                return True
            case ir.Await(value) | ir.Assigned(_, value):
                return inner(value)
            case ir.Conditional(_, body, orelse):
                return inner(body) or inner(orelse)
            case ir.Operation("+", operands):
                return any(inner(operand) for operand in operands)
            case ir.Call(ir.Attribute(_, "replace"), (ir.Constant(old), ir.Constant(new), *_)):
                return len(str(old)) != len(str(new))
            case ir.Call(ir.Attribute(_, "replace"), (_, _, *_)):
                return True
            case ir.Call(ir.Attribute(owner, method), _) if method in _SAME:
                return inner(owner)
            case ir.Call(func, args):
                return self._is_changed_by(func, args, function, at, depth)
            case ir.Name(name):
                return any(
                    self._is_changed(value, function, place, depth + 1)
                    for value, place in _assigned(name, function)
                ) or _is_edited(name, function)
        return False

    def _is_changed_by(
        self, func: ir.Expr, args: tuple[ir.Expr, ...], function: Function, at: int, depth: int
    ) -> bool:
        for callee in self._view.evaluate(func, function.scope, at):
            match callee:
                case External(name) if name in _CHANGING:
                    return True
                case External(name) if name.endswith(".dumps") and args:
                    return self._is_changed(args[0], function, at, depth + 1)
                case FunctionValue(helper) | Method(helper, _):
                    return any(
                        self._is_changed(value, helper, place, depth + 1)
                        for value, place in results(helper)
                    )
        return False


def _assigned(name: str, function: Function) -> Iterator[tuple[ir.Expr, int]]:
    """What a variable of a function is set to, or added to it."""
    for node in statements(function.body):
        if isinstance(node, ir.Assign) and node.value is not None and ir.Name(name) in node.targets:
            yield node.value, node.at


def _is_edited(name: str, function: Function) -> bool:
    """Whether something inside of a decoded document is changed."""
    for node in statements(function.body):
        if isinstance(node, (ir.Assign, ir.Delete)):
            for target in node.targets:
                while isinstance(target, ir.Subscript):
                    target = target.value
                    if target == ir.Name(name):
                        return True
    decoded = any(
        isinstance(part, ir.Call) and ir.last_name(part.func) == "loads"
        for value, _ in _assigned(name, function)
        for part in walk(value)
    )
    return decoded and any(
        isinstance(part, ir.Call)
        and isinstance(part.func, ir.Attribute)
        and part.func.value == ir.Name(name)
        and part.func.attr in _EDITS
        for part in walk_all(function.body)
    )
