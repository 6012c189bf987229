"""How the map calls what it shows: values, expressions, and conditions."""

from __future__ import annotations

from .. import ir
from ..model.scopes import Path
from ..model.values import (
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Instance,
    LambdaValue,
    Literal,
    Method,
    Partial,
    Unread,
    Value,
    without_parameters,
)
from ..walk import statements

_BINARY = frozenset(
    {"|", "+", "-", "*", "/", "and", "or", "in", "not in", "is", "is not", "==", "!=", "<", ">",
     "<=", ">="}
)  # fmt: skip
_LONGEST = 80


def name_of(value: Value) -> str | None:
    """A value's name; `None` where it has none."""
    match value:
        case FunctionValue(function) | Method(function, _):
            return function.qualname
        case ClassValue(cls):
            return cls.qualname
        case External(name) | Unread(_, name):
            return name.removesuffix("()").rpartition(".")[2]
        case Generic(origin):
            return name_of(origin)
        case Partial(callee):
            return name_of(callee)
        case Instance(cls):
            return _assigned(value) or name_of(cls)
        case Literal(constant):
            return str(constant)
        case LambdaValue():
            return "lambda"
    return None


def _assigned(value: Instance) -> str | None:
    """The name of the variable that an object is assigned to where it is made."""
    if value.call is None or value.scope is None:
        return None
    for node in statements(value.scope.body):
        if isinstance(node, ir.Assign) and node.value is value.call:
            return ir.last_name(node.targets[0])
    return None


def names(values: tuple[Value, ...]) -> str | None:
    """What an expression is called: "a or b" if it can be two things, `None` if it is unknown."""
    found = dict.fromkeys(name_of(value) or "?" for value in without_parameters(values))
    return None if [*found] == ["?"] else " or ".join(found)


def kind_of(values: tuple[Value, ...]) -> str | None:
    """The class of an object, as its name; `None` if it is unknown."""
    found = [v.cls if isinstance(v, Instance) else v for v in without_parameters(values)]
    return names(tuple(found))


def written(node: ir.Expr | None) -> str | None:
    """An expression as it is written, shortened; `None` if it has a part that has no short form."""
    text = _written(node)
    if text is None or len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 1]}…"


def _written(node: ir.Expr | None) -> str | None:
    match node:
        case ir.Name(name):
            return name
        case ir.Attribute(value, name):
            return _joined("", [value], "", f".{name}")
        case ir.Constant(value, "ellipsis"):
            return "..."
        case ir.Constant(value):
            return repr(value)
        case ir.Subscript(value, index):
            inner, outer = _joined(", ", index, "[", "]"), _written(value)
            return None if inner is None or outer is None else outer + inner
        case ir.Operation(op, operands) if op in _BINARY and len(operands) > 1:
            return _joined(f" {op} ", operands)
        case ir.Operation(op, (operand,)):
            return _joined("", [operand], "not " if op == "not" else op)
        case ir.Display("list", items):
            return _joined(", ", items, "[", "]")
        case ir.Call(func, args, keywords):
            given = "..." if args or keywords else ""
            return _joined("", [func], "", f"({given})")
        case ir.Await(value):
            return _joined("", [value], "await ")
    return None


def _joined(
    separator: str, parts: list[ir.Expr] | tuple[ir.Expr, ...], start: str = "", end: str = ""
) -> str | None:
    texts = [_written(part) for part in parts]
    return None if None in texts else start + separator.join(map(str, texts)) + end


def condition(node: ir.Expr) -> str | None:
    """What decides whether an expression has a value: the test of `value if test else None`."""
    match node:
        case ir.Conditional(test, body, orelse) if ir.is_none(body):
            return _negated(test)
        case ir.Conditional(test, _, orelse) if ir.is_none(orelse):
            return written(test)
    return written(node)


def _negated(test: ir.Expr) -> str | None:
    if isinstance(test, ir.Operation) and test.op == "not":
        return written(test.operands[0])
    text = written(test)
    is_simple = isinstance(test, (ir.Name, ir.Attribute, ir.Call))
    return None if text is None else f"not {text}" if is_simple else f"not ({text})"


def conditions(path: Path) -> tuple[str, ...]:
    """The tests that decide whether code with this path runs."""
    found: list[str] = []
    for branch in path:
        found.extend(_negated(test) or "not (?)" for test in branch.before)
        if branch.test is not None:
            found.append(written(branch.test) or "?")
    return tuple(found)
