"""What calls give to functions, and what functions give back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import ir
from ..walk import children, expressions, own_parts, statements, walk, walk_all
from .scopes import END, Function

_LOGGING = frozenset(
    {"print", "debug", "info", "warning", "error", "exception", "critical", "log", "print_exc"}
)
_CHANGING = frozenset({"clear", "pop", "popitem", "setdefault", "update"})


def is_logging(call: ir.Call) -> bool:
    """Whether a call, by its name, only tells people something."""
    return ir.last_name(call.func) in _LOGGING


def results(function: Function) -> Iterator[tuple[ir.Expr, int]]:
    """The returned expressions of a function and their ordinals."""
    for node in statements(function.body):
        if isinstance(node, ir.Return) and node.value is not None:
            yield node.value, node.at


def gives_back(function: Function, name: str) -> bool:
    """Whether a function returns what a parameter holds, as it is or in a dict or list."""
    wanted = ir.Name(name)

    def holds(node: ir.Expr) -> bool:
        match node:
            case ir.Dict() | ir.Display() | ir.Call(ir.Name("dict")):
                return any(holds(child) for child in children(node) if child is not None)
        return node == wanted

    return not function.node.is_generator and any(
        holds(node) and all(b.kind == "parameter" for b in function.scope.reaching(name, at))
        for node, at in results(function)
    )


def yields(function: Function) -> Iterator[tuple[ir.Yield, int]]:
    """The `yield` expressions of a function that have a value, and their ordinals."""
    for node in statements(function.body):
        for part in own_parts(node):
            if isinstance(part, ir.Yield) and part.value is not None:
                yield part, node.at


def outcomes(node: ir.Expr) -> Iterator[ir.Expr]:
    """The parts of an expression that become its value: `b` and `c` of `b if a else c`."""
    match node:
        case ir.Operation("and" | "or", operands):
            yield from outcomes(operands[-1])
        case ir.Conditional(_, body, orelse):
            yield from outcomes(body)
            yield from outcomes(orelse)
        case _:
            yield node


def assigned(body: Iterable[ir.Stmt], name: ir.Expr) -> Iterator[ir.Expr]:
    """What a name is assigned in a block."""
    for node in statements(body):
        if isinstance(node, ir.Assign) and name in node.targets and node.value is not None:
            yield node.value


def keyword(call: ir.Call, name: str) -> ir.Expr | None:
    """The value of a keyword argument."""
    return next((k.value for k in call.keywords if k.name == name), None)


def argument_for(function: Function, param: ir.Parameter, call: ir.Call) -> ir.Expr | None:
    """The argument that a call gives to a parameter; `None` if there is none, or it is unclear."""
    if (given := keyword(call, param.name)) is not None:
        return given
    positional = [p for p in function.node.params if p.kind in ("positional-only", "plain")]
    if positional and is_receiver(function, positional[0]):
        positional = positional[1:]
    if param not in positional:
        return None
    index = positional.index(param)
    before = call.args[: index + 1]
    if len(before) <= index or any(isinstance(arg, ir.Starred) for arg in before):
        return None
    return before[index]


def gathered(function: Function, call: ir.Call) -> ir.Dict:
    """The keyword arguments of a call that no parameter of its own takes: those for `**`."""
    named = {p.name for p in function.node.params if p.kind in ("plain", "keyword-only")}
    return ir.Dict(
        tuple(
            (None if item.name is None else ir.Constant(item.name, "str"), item.value)
            for item in call.keywords
            if item.name not in named
        )
    )


def changes(function: Function, param: ir.Parameter) -> bool:
    """Whether a function may change the dict that a parameter holds."""
    name = ir.Name(param.name)
    return len(function.scope.bindings[param.name]) > 1 or any(
        _stores_into(node, name)
        or any(
            isinstance(part, ir.Attribute) and part.value == name and part.attr in _CHANGING
            for part in own_parts(node)
        )
        for node in statements(function.body)
    )


def _stores_into(node: ir.Stmt, name: ir.Name) -> bool:
    return isinstance(node, (ir.Assign, ir.Delete)) and any(
        isinstance(target, ir.Subscript) and target.value == name for target in node.targets
    )


def has_unpacking(call: ir.Call) -> bool:
    """Whether a call may give more than is spelt out, through `*` or `**`."""
    return any(isinstance(arg, ir.Starred) for arg in call.args) or any(
        item.name is None for item in call.keywords
    )


def is_receiver(function: Function, param: ir.Parameter) -> bool:
    """Whether a parameter is the `self` or `cls` of a method."""
    return (
        function.owner is not None
        and function.node.params[:1] == (param,)
        and not function.has_decorator("staticmethod")
    )


def reads_given(function: Function, param: ir.Parameter) -> bool:
    """Whether a function reads what a parameter was given, not only what it puts there itself."""
    name = ir.Name(param.name)

    def holds(at: int) -> bool:
        return any(
            binding.kind == "parameter" for binding in function.scope.reaching(param.name, at)
        )

    return any(name in _read(node) and holds(node.at) for node in statements(function.body)) or any(
        param.name not in inner.scope.bindings and name in walk_all(inner.body) and holds(END)
        for inner in function.scope.functions.values()
    )


def _read(node: ir.Stmt) -> Iterator[ir.Expr]:
    """The expressions of a statement that are read, not those that it binds."""
    bound: list[ir.Expr | None] = []
    match node:
        case ir.Assign(targets, _, _, None):
            bound.extend(targets)
        case ir.For(target):
            bound.append(target)
        case ir.With(items):
            bound.extend(entered for _, entered in items)
    names = {id(part) for target in bound for part in _bound(target)}
    for expression in expressions(node):
        yield from (part for part in walk(expression) if id(part) not in names)


def _bound(target: ir.Expr | None) -> Iterator[ir.Expr]:
    match target:
        case ir.Name():
            yield target
        case ir.Starred(value):
            yield from _bound(value)
        case ir.Display(_, items):
            for item in items:
                yield from _bound(item)
