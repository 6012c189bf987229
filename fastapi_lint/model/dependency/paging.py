"""Page sizes: numbers of a request that decide how many rows are read without any bound."""

from __future__ import annotations

from collections.abc import Iterator

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place
from ..calls import argument_for, results
from ..dependencies import Injection
from ..graph import Graph
from ..index import Index
from ..names import ANNOTATED
from ..program import Program
from ..scopes import Function
from ..values import External, FunctionValue, Generic, Instance, Literal, Method, Sequence

_SIZES = frozenset({"limit", "size", "per_page", "page_size", "pagesize", "page_limit", "take"})
_SOURCES = tuple(
    External(f"fastapi.{module}{name}")
    for module in ("", "params.", "param_functions.")
    for name in ("Query", "Path", "Header", "Body", "Form", "Cookie")
)
_BOUNDS = frozenset({"le", "lt"})
_COMPARISONS = frozenset({"<", ">", "<=", ">=", "in", "not in"})
_MAX_DEPTH = 4


class Paging:
    """Answers which parameters of a request bound nothing but the caller's wishes."""

    def __init__(self, program: Program, index: Index, graph: Graph, injection: Injection) -> None:
        self._program = program
        self._eval = program.evaluator()
        self._index = index
        self._graph = graph
        self._injection = injection

    def unbounded(self, function: Function) -> Iterator[tuple[ir.Parameter, Place]]:
        """The integer parameters of an endpoint or dependency that decide how much is read, without
        a bound, and where they do."""
        for param in function.node.params:
            if self._is_integer(function, param) and not self._is_bounded(function, param):
                sink = self._sink(function, param.name, 0) or self._kept(function, param)
                if sink is not None:
                    yield param, sink

    def _is_integer(self, function: Function, param: ir.Parameter) -> bool:
        if param.kind in ("*", "**") or param.annotation is None:
            return False
        names_int = any(part == ir.Name("int") for part in walk(param.annotation))
        if not names_int and param.name not in _SIZES:
            return False
        if self._injection.injected(function, param) is not None:
            return False
        types = self._injection.types(param.annotation, function.parent, function.node.at)
        known = [value for value in types if value != External("builtins.NoneType")]
        return known == [External("builtins.int")]

    def _is_bounded(self, function: Function, param: ir.Parameter) -> bool:
        """Whether something may bound a parameter where it is declared."""
        scope, at = function.parent, function.node.at
        if param.default is not None:
            for value in self._eval.evaluate(param.default, scope, at):
                if not isinstance(value, Literal) and not self._is_open(value):
                    return True
        assert param.annotation is not None
        for value in self._eval.evaluate(param.annotation, scope, at):
            if isinstance(value, Generic) and value.origin == External(ANNOTATED):
                for node in value.args[1:]:
                    found = self._eval.evaluate(node, value.scope, value.at)
                    if not all(map(self._is_open, found)):
                        return True
        return False

    def _is_open(self, value: object) -> bool:
        """Whether a declaration is one of FastAPI without an upper bound."""
        if isinstance(value, Literal):
            return True
        if not isinstance(value, Instance) or value.cls not in _SOURCES or value.call is None:
            return False
        return not any(k.name is None or k.name in _BOUNDS for k in value.call.keywords)

    def _sink(self, function: Function, name: str, depth: int) -> Place | None:
        """Where a parameter decides how much is read, if nothing in the function tests it."""
        if depth > _MAX_DEPTH or self._is_handled(function, name):
            return None
        scope = function.scope
        for node in statements(function.body):
            for part in own_parts(node):
                if _decides(part, name) and not self._is_written_out(part, function, node.at):
                    return Place(function.module, node.at)
                if not isinstance(part, ir.Call) or not _passes(part, name):
                    continue
                for value in self._eval.evaluate(part.func, scope, node.at):
                    if not isinstance(value, (FunctionValue, Method)):
                        continue
                    for inner in value.function.node.params:
                        given = argument_for(value.function, inner, part)
                        if given == ir.Name(name):
                            found = self._sink(value.function, inner.name, depth + 1)
                            if found is not None:
                                return found
        return None

    def _is_written_out(self, part: ir.Expr, function: Function, at: int) -> bool:
        """Whether a slice is one of a list whose items all stand in the code, with none added."""
        if not isinstance(part, ir.Subscript) or not isinstance(part.value, ir.Name):
            return False
        values = self._eval.evaluate(part.value, function.scope, at)
        if len(values) != 1 or not isinstance(values[0], Sequence) or not values[0].items:
            return False
        if any(isinstance(item, ir.Starred) for item in values[0].items):
            return False
        return not any(
            isinstance(site.call.func, ir.Attribute)
            and values[0] in self._eval.evaluate(site.call.func.value, site.scope, site.at)
            for site in self._program.sites("append", "extend", "insert")
        )

    def _is_handled(self, function: Function, name: str) -> bool:
        """Whether a function compares the parameter, gives it another value, or bounds it."""
        if any(binding.kind != "parameter" for binding in function.scope.bindings.get(name, ())):
            return True
        for node in statements(function.body):
            for part in own_parts(node):
                match part:
                    case ir.Operation(op, operands) if (
                        op in _COMPARISONS and ir.Name(name) in operands
                    ):
                        return True
                    case ir.Call(ir.Name("min" | "max" | "clamp"), args) if any(
                        ir.Name(name) == p for arg in args for p in walk(arg)
                    ):
                        return True
        return False

    def _kept(self, function: Function, param: ir.Parameter) -> Place | None:
        """A parameter of a dependency that is read from what it gives: `page.limit` of an object,
        `page["limit"]` of a dict."""
        if self._is_handled(function, param.name):
            return None
        given = ir.Name(param.name)
        for user in self._users(function):
            for holder in user.node.params:
                name = ir.Name(holder.name)
                wanted: list[ir.Expr] = [
                    ir.Attribute(name, attribute)
                    for attribute, values in function.self_assignments.items()
                    if function.name == "__init__" and any(value == given for value, _ in values)
                ]
                wanted += [
                    ir.Subscript(name, (key,))
                    for returned, _ in results(function)
                    if isinstance(returned, ir.Dict)
                    for key, value in returned.items
                    if value == given and key is not None
                ]
                for read in wanted:
                    if (found := self._read_from(user, read)) is not None:
                        return found
        return None

    def _users(self, function: Function) -> Iterator[Function]:
        for use in self._graph.uses_of(function):
            if use.function is not None:
                yield use.function

    def _read_from(self, function: Function, wanted: ir.Expr) -> Place | None:
        for node in statements(function.body):
            for part in own_parts(node):
                is_test = isinstance(part, ir.Operation) and part.op in _COMPARISONS
                if is_test and isinstance(part, ir.Operation) and wanted in part.operands:
                    return None
        for node in statements(function.body):
            for part in own_parts(node):
                if isinstance(part, ir.Call) and _is_limit(part) and part.args == (wanted,):
                    return Place(function.module, node.at)
        return None


def _is_limit(call: ir.Call) -> bool:
    return isinstance(call.func, ir.Attribute) and call.func.attr in ("limit", "fetchmany")


def _decides(part: ir.Expr, name: str) -> bool:
    """`query.limit(name)`, `rows[:name]`, `rows[start : start + name]`."""
    match part:
        case ir.Call(_, (ir.Name(given),)) if _is_limit(part):
            return given == name
        case ir.Subscript(_, (ir.Opaque((upper,)),)):
            return upper == ir.Name(name) and name in _SIZES
        case ir.Subscript(_, (ir.Opaque((_, ir.Operation("+", operands))),)):
            return operands[-1] == ir.Name(name)
    return False


def _passes(call: ir.Call, name: str) -> bool:
    given = (*call.args, *[keyword.value for keyword in call.keywords])
    return ir.Name(name) in given
