"""Whether a test tells development from production, and what it gives in production."""

from __future__ import annotations

import re

from .. import ir

_DEVELOPMENT = re.compile(
    r"(?:^|_)(?:debug|debugging|dev|develop|development|local|localhost|testing|test|tests)(?:$|_)"
    r"|^(?:is|in)?(?:dev|debug|local|development)(?:mode)?$"
)
_PRODUCTION = re.compile(
    r"(?:^|_)(?:prod|production|live|staging)(?:$|_)|^(?:is|in)prod(?:uction)?$"
)
_TRUE = (True, 1, "1", "true", "True", "TRUE", "yes", "on")
_FALSE = (False, 0, "0", "false", "False", "FALSE", "no", "off", None, "")


def in_production(test: ir.Expr) -> bool | None:
    """The value of a test in production; `None` if it does not tell."""
    match test:
        case ir.Name(name) | ir.Attribute(_, name):
            return _word(name)
        case ir.Await(value) | ir.Assigned(_, value):
            return in_production(value)
        case ir.Operation("not", (operand,)):
            state = in_production(operand)
            return None if state is None else not state
        case ir.Operation("and", operands):
            return _combine([in_production(operand) for operand in operands], False)
        case ir.Operation("or", operands):
            return _combine([in_production(operand) for operand in operands], True)
        case ir.Operation("==" | "is" | "in", (left, right)):
            return _compare(left, right)
        case ir.Operation("!=" | "is not" | "not in", (left, right)):
            state = _compare(left, right)
            return None if state is None else not state
        case ir.Call(func, args, _):
            return _call(func, args)
        case ir.Subscript(_, (ir.Constant(str() as key),)):
            return _word(key)
    return None


def names_production(node: ir.Expr) -> bool | None:
    """Whether a key, such as "dev" or `Environment.production`, names production."""
    if isinstance(node, ir.Constant):
        return _word(node.value) if isinstance(node.value, str) else None
    return in_production(node)


def _word(name: str) -> bool | None:
    lowered = name.lower()
    if _PRODUCTION.search(lowered):
        return True
    if _DEVELOPMENT.search(lowered):
        return False
    return None


def _combine(values: list[bool | None], decisive: bool) -> bool | None:
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def _call(func: ir.Expr, args: tuple[ir.Expr, ...]) -> bool | None:
    name = ir.last_name(func)
    if name in ("lower", "upper", "strip", "casefold") and isinstance(func, ir.Attribute):
        return in_production(func.value)
    if name in ("bool", "int", "str") and args:
        return in_production(args[0])
    if name in ("getenv", "get", "config", "env", "getattr"):
        words = [arg.value for arg in args if isinstance(arg, ir.Constant)]
        return next((_word(word) for word in words if isinstance(word, str)), None)
    return _word(name) if name is not None else None


def _compare(left: ir.Expr, right: ir.Expr) -> bool | None:
    if isinstance(left, ir.Constant):
        left, right = right, left
    values = _words(right)
    if not values:
        return None
    states = [_word(value) for value in values if isinstance(value, str)]
    if states and None not in states:
        return _combine(states, True)
    flag = in_production(left)
    if flag is not None and len(values) == 1:
        if values[0] in _TRUE:
            return flag
        if values[0] in _FALSE:
            return not flag
    return None


def _words(node: ir.Expr) -> list[str | int | float | bool | None]:
    match node:
        case ir.Constant(value):
            return [value]
        case ir.Display(_, items):
            return [item.value for item in items if isinstance(item, ir.Constant)]
        case ir.Attribute(_, name):
            return [name]
        case ir.Call(ir.Name("getattr"), (_, ir.Constant(name), *_)):
            return [name]
    return []
