"""Functions outside the project whose results are known: of the language and of configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import ir
from .calls import keyword
from .scopes import Scope
from .values import UNKNOWN, External, Instance, Literal, Mapping, Partial, Sequence, Value

if TYPE_CHECKING:
    from .evaluate import Evaluator

_SAME = frozenset({"typing.cast", "copy.copy", "copy.deepcopy"})
_COLLECT = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed"})
_TEXT = frozenset(
    {"strip", "lstrip", "rstrip", "removesuffix", "removeprefix", "lower", "upper", "replace"}
)
_METHODS = frozenset({"split", "copy", "get", "items", "values"}) | _TEXT
ENVIRONMENT = frozenset(
    {"os.getenv", "os.environ.get", "decouple.config", "environs.Env", "starlette.config.Config"}
)


def external_call(
    view: Evaluator, name: str, node: ir.Call, scope: Scope, at: int
) -> Iterator[Value]:
    """What calling a function outside the project gives: known ones are followed."""
    short = name.removeprefix("builtins.")
    if name in _SAME and node.args:
        yield from view.evaluate(node.args[-1 if name == "typing.cast" else 0], scope, at)
    elif short in ("next", "anext") and node.args:
        found = tuple(view.generated(node.args[0], scope, at))
        yield from found or (UNKNOWN,)
    elif short == "enumerate" and node.args:
        for value in view.evaluate(node.args[0], scope, at):
            if isinstance(value, Sequence):
                pairs = [ir.Display("tuple", (ir.Opaque(()), item)) for item in value.items]
                yield Sequence("list", view.made(pairs), value.scope, value.at)
            else:
                yield UNKNOWN
    elif short in _COLLECT:
        if node.args:
            yield from view.collected(node.args[0], scope, at)
        else:
            yield Sequence(short, (), scope, at)
    elif short == "dict" and not node.args:
        items = tuple((ir.Constant(k.name, "str"), k.value) for k in node.keywords if k.name)
        yield Mapping(ir.Dict(items), scope, at)
    elif name == "functools.partial" and node.args:
        call = ir.Call(node.args[0], node.args[1:], node.keywords, node.at)
        for callee in view.evaluate(node.args[0], scope, at):
            yield Partial(callee, call, scope, at)
    elif name in ENVIRONMENT and name != "starlette.config.Config":
        yield from environment(view, node, scope, at)
    elif name == "json.loads" and node.args:
        yield from _json(view, node.args[0], scope, at)
    else:
        yield Instance(External(name), node, scope, at)


def shortened(text: str, scope: Scope | None = None, at: int = 0) -> Value:
    """A text that the program puts together; unknown if it is longer than any that is kept."""
    return Literal(text, scope, at) if len(text) <= ir.MAX_STRING else UNKNOWN


def environment(view: Evaluator, node: ir.Call, scope: Scope, at: int) -> Iterator[Value]:
    default = keyword(node, "default")
    if default is None and len(node.args) > 1:
        default = node.args[-1]
    if default is not None:
        yield from view.evaluate(default, scope, at)
    yield UNKNOWN


def _json(view: Evaluator, argument: ir.Expr, scope: Scope, at: int) -> Iterator[Value]:
    for value in view.evaluate(argument, scope, at):
        try:
            parsed = json.loads(value.value) if isinstance(value, Literal) else None  # type: ignore[arg-type]
        except (ValueError, TypeError, RecursionError):
            parsed = None
        if isinstance(parsed, list) and all(isinstance(item, str) for item in parsed):
            yield Sequence("list", tuple(ir.Constant(i, "str") for i in parsed), scope, at)
        else:
            yield UNKNOWN


def _changed(owner: Literal, text: str, method: str, args: tuple[ir.Expr, ...]) -> Value:
    """What a method of a text gives; unknown with arguments that are no constants."""
    given = [arg.value for arg in args if isinstance(arg, ir.Constant)]
    texts = [value for value in given if isinstance(value, str)]
    if len(texts) != len(args):
        return UNKNOWN
    try:
        changed: str = getattr(text, method)(*texts)
    except TypeError:
        return UNKNOWN
    return shortened(changed, owner.scope, owner.at)


def text_method(
    view: Evaluator, node: ir.Call, func: ir.Attribute, scope: Scope, at: int
) -> Iterator[Value]:
    if func.attr not in _METHODS:
        return
    for owner in view.evaluate(func.value, scope, at):
        match owner:
            case Literal(str() as text) if func.attr == "split":
                separator = node.args[0].value if node.args and isinstance(
                    node.args[0], ir.Constant
                ) else None  # fmt: skip
                parts = text.split(separator or None) if isinstance(
                    separator, (str, type(None))
                ) else [text]  # fmt: skip
                yield Sequence("list", tuple(ir.Constant(p, "str") for p in parts), scope, at)
            case Literal(str() as text) if func.attr in _TEXT:
                yield _changed(owner, text, func.attr, node.args)
            case Mapping(table, inner, place) if func.attr == "items":
                pairs = [ir.Display("tuple", (key, item)) for key, item in table.items if key]
                yield Sequence("list", view.made(pairs), inner, place)
            case Mapping(table, inner, place) if func.attr == "values":
                yield Sequence("list", tuple([item for _, item in table.items]), inner, place)
            case Sequence() if func.attr == "copy":
                yield owner
            case Mapping() if func.attr == "get" and node.args:
                key = node.args[0]
                if isinstance(key, ir.Constant) and isinstance(key.value, str):
                    yield from view.entry(owner, key.value)
                else:
                    yield from view.entries(owner)
