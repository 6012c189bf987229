"""Page sizes: numbers of a request that decide how many rows are read without any bound."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place
from ..calls import argument_for, is_receiver, results
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
_TEXTS = (External("builtins.str"), External("builtins.bytes"))
_EXECUTES = frozenset({"execute", "fetch", "fetchall", "fetch_all", "fetchrow", "scalars", "exec"})
_CHECKS = re.compile(r"valid|check|ensure|assert|verif", re.I)
_LIMIT = re.compile(r"\bLIMIT\s+(?:\?|%s|%\(|[:@]\w|\$\d|$)", re.I)
"""The end of a statement of SQL whose number of rows is a parameter."""

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
                sink = self._sink(function, ir.Name(param.name), 0) or self._kept(function, param)
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

    def _sink(self, function: Function, held: ir.Expr, depth: int) -> Place | None:
        """Where something that a function got decides how much is read, if nothing in the function
        tests it: a parameter, or what one holds."""
        if (
            depth > _MAX_DEPTH
            or self._is_handled(function, held)
            or self._is_refused(function, held)
        ):
            return None
        for node in statements(function.body):
            for part in own_parts(node):
                if _decides(part, held) and not self._is_in_memory(part, function, node.at):
                    return Place(function.module, node.at)
                if isinstance(part, ir.Call):
                    for callee, inner in self._passed(part, held, function, node.at):
                        if (found := self._sink(callee, inner, depth + 1)) is not None:
                            return found
        return None

    def _is_refused(self, function: Function, held: ir.Expr) -> bool:
        """Whether something is given to a function that may refuse it: one that compares it, or
        one that is not known and called for nothing else."""
        for node in statements(function.body):
            if not isinstance(node, ir.Expression):
                continue
            call = node.value.value if isinstance(node.value, ir.Await) else node.value
            if not isinstance(call, ir.Call):
                continue
            given = (*call.args, *[keyword.value for keyword in call.keywords])
            if held not in given or _decides(call, held):
                continue
            callees = list(self._passed(call, held, function, node.at))
            if any(self._is_handled(callee, inner) for callee, inner in callees):
                return True
            if not callees and _CHECKS.search(ir.last_name(call.func) or ""):
                return True
        return False

    def _passed(
        self, call: ir.Call, held: ir.Expr, function: Function, at: int
    ) -> Iterator[tuple[Function, ir.Expr]]:
        """The functions of the project that a call gives something, or the object that holds it;
        and how it is spelt there."""
        owner = held.value if isinstance(held, (ir.Attribute, ir.Subscript)) else None
        receives = isinstance(call.func, ir.Attribute) and call.func.value == owner
        given = (*call.args, *[keyword.value for keyword in call.keywords])
        if held not in given and (owner is None or not (owner in given or receives)):
            return
        for value in self._eval.evaluate(call.func, function.scope, at):
            if not isinstance(value, (FunctionValue, Method)):
                continue
            for param in value.function.node.params:
                argument = argument_for(value.function, param, call)
                if receives and is_receiver(value.function, param):
                    argument = owner
                if argument is not None and argument == held:
                    yield value.function, ir.Name(param.name)
                elif argument is not None and argument == owner:
                    yield value.function, _held_by(ir.Name(param.name), held)

    def _is_in_memory(self, part: ir.Expr, function: Function, at: int) -> bool:
        """Whether a slice is one of a text, or of a list whose items all stand in the code, with
        none added."""
        if not isinstance(part, ir.Subscript):
            return False
        values = self._eval.evaluate(part.value, function.scope, at)
        if any(isinstance(value, Literal) for value in values) or self._is_text(part, function):
            return True
        if not isinstance(part.value, ir.Name):
            return False
        if len(values) != 1 or not isinstance(values[0], Sequence) or not values[0].items:
            return False
        if any(isinstance(item, ir.Starred) for item in values[0].items):
            return False
        return not any(
            isinstance(site.call.func, ir.Attribute)
            and values[0] in self._eval.evaluate(site.call.func.value, site.scope, site.at)
            for site in self._program.sites("append", "extend", "insert")
        )

    def _is_text(self, part: ir.Subscript, function: Function) -> bool:
        """Whether a parameter is sliced that is declared to be a text."""
        param = function.parameter(part.value.id) if isinstance(part.value, ir.Name) else None
        if param is None or param.annotation is None:
            return False
        types = self._injection.types(param.annotation, function.parent, function.node.at)
        return any(value in _TEXTS for value in types)

    def _is_handled(self, function: Function, held: ir.Expr) -> bool:
        """Whether a function compares what it got, gives it another value, or bounds it."""
        if isinstance(held, ir.Name) and any(
            binding.kind != "parameter" for binding in function.scope.bindings.get(held.id, ())
        ):
            return True
        for node in statements(function.body):
            if isinstance(node, ir.Assign) and held in node.targets:
                return True
            for part in own_parts(node):
                match part:
                    case ir.Operation(op, operands) if op in _COMPARISONS and held in operands:
                        return True
                    case ir.Call(ir.Name("min" | "max" | "clamp"), args) if any(
                        held == p for arg in args for p in walk(arg)
                    ):
                        return True
        return False

    def _kept(self, function: Function, param: ir.Parameter) -> Place | None:
        """A parameter of a dependency that is read from what it gives: `page.limit` of an object,
        `page["limit"]` of a dict."""
        given = ir.Name(param.name)
        if self._is_handled(function, given):
            return None
        attributes = [
            attribute
            for attribute, values in function.self_assignments.items()
            if function.name == "__init__" and any(value == given for value, _ in values)
        ]
        keys = [
            key
            for returned, _ in results(function)
            if isinstance(returned, ir.Dict)
            for key, value in returned.items
            if value == given and key is not None
        ]
        for user in self._users(function):
            for holder in user.node.params if attributes or keys else ():
                name = ir.Name(holder.name)
                wanted: list[ir.Expr] = [ir.Attribute(name, attribute) for attribute in attributes]
                wanted += [ir.Subscript(name, (key,)) for key in keys]
                for read in wanted:
                    if (found := self._sink(user, read, 0)) is not None:
                        return found
        return None

    def _users(self, function: Function) -> Iterator[Function]:
        for use in self._graph.uses_of(function):
            if use.function is not None:
                yield use.function


def _decides(part: ir.Expr, held: ir.Expr) -> bool:
    """`query.limit(held)`, `cursor.to_list(length=held)`, `rows[:held]`, `rows[start : start +
    held]`, or a statement of SQL with a `LIMIT` that it fills."""
    match part:
        case ir.Call(ir.Attribute(_, "limit" | "fetchmany" | "to_list"), args, keywords):
            given = (*args, *[k.value for k in keywords])
            return given == (held,)
        case ir.Call(ir.Attribute(_, "find" | "find_many"), _, keywords):
            return any(k.name in ("limit", "take") and k.value == held for k in keywords)
        case ir.Call(ir.Attribute(_, name), (first, *more)) if name in _EXECUTES:
            return _fills_limit(first, more, held)
        case ir.Subscript(_, (ir.Opaque((upper,)),)):
            return upper == held and _named(held) in _SIZES
        case ir.Subscript(_, (ir.Opaque((_, ir.Operation("+", operands))),)):
            return operands[-1] == held
    return False


def _fills_limit(statement: ir.Expr, values: list[ir.Expr], held: ir.Expr) -> bool:
    """Whether a statement of SQL limits its rows by a value that it is given."""
    texts = [p.value for p in walk(statement) if isinstance(p, ir.Constant)]
    limits = [text for text in texts if isinstance(text, str) and _LIMIT.search(text)]
    if not limits or _named(held) not in _SIZES:
        return False
    return any(held == part for value in (statement, *values) for part in walk(value))


def _held_by(owner: ir.Name, held: ir.Expr) -> ir.Expr:
    """The same attribute or item of another object."""
    match held:
        case ir.Attribute(_, name):
            return ir.Attribute(owner, name)
        case ir.Subscript(_, index):
            return ir.Subscript(owner, index)
    return held


def _named(held: ir.Expr) -> str | None:
    """The name by which something is held."""
    match held:
        case ir.Subscript(_, (ir.Constant(str() as key),)):
            return key
    return ir.last_name(held)
