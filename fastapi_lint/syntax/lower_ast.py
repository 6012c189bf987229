"""Lowering what the running interpreter parses: ten times faster than through LibCST.

Python's own parser is in C and makes no nodes for whitespace. It knows only the syntax of its own
version, so whatever it refuses goes to LibCST; whatever it accepts gives the same module here as
there. Logical lines come from the scan, in the order in which the statements take them.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from .. import ir
from .lowering import (
    CHANGED,
    MAX_EXPRESSION_DEPTH,
    FunctionState,
    Lowering,
    formatted,
    integer,
    text,
)
from .scan import Scan

_Suite: TypeAlias = tuple[ir.Stmt, ...]

_HAS_FORMAT_POSITIONS = sys.version_info >= (3, 12)
"""Whether the parser tells where the code in an f-string stands."""


_CLAUSE = re.compile(r"(except\*?)[ \t]([^:]+):$")


class Unsupported(Exception):
    """The interpreter's parser does not serve for this text; LibCST's may."""


def lower(source: str, scanned: Scan, wanted: frozenset[str]) -> ir.Module:
    """Parse and lower a text. Raises `Unsupported`, with the parser's refusal as cause if any."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parse(source, scanned)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unsupported from error
    return _Lowerer(source, scanned, wanted).module(tree)


def _parse(source: str, scanned: Scan) -> ast.Module:
    """Parse a text, also where clauses catch several exceptions without brackets (PEP 758)."""
    try:
        return ast.parse(source)
    except SyntaxError:
        bracketed = _with_brackets(source, scanned)
        if bracketed == source:
            raise
        with suppress(SyntaxError):
            return ast.parse(bracketed)
        raise


def _with_brackets(source: str, scanned: Scan) -> str:
    """The text with brackets around what clauses catch: the opening one in place of a space, the
    closing one where nothing follows, so that nothing changes its place."""
    parts, done = [], 0
    for start, end in scanned.logical:
        match = _CLAUSE.match(source, start, end)
        if match is not None and "," in match[2]:
            parts += [source[done : match.end(1)], "(", match[2], ")"]
            done = match.end(2)
    return "".join([*parts, source[done:]])


class _Lowerer(Lowering):
    def __init__(self, source: str, scanned: Scan, wanted: frozenset[str]) -> None:
        super().__init__(wanted)
        self._source = source
        self._scan = scanned
        self._is_ascii = source.isascii()
        self._rows = [scanned.lines.position(start)[0] for start, _ in scanned.logical]
        self._line_number = 0
        self._in_quotes = False
        self._in_format = False

    def module(self, tree: ast.Module) -> ir.Module:
        body = self._suite(tree.body)
        if self._line_number != len(self._rows):
            raise Unsupported
        return self._lowered(body)

    # Logical lines

    def _ordinal(self) -> int:
        self._next += 1
        return self._next

    def _line(self) -> int:
        """Step to the next logical line and give its ordinal."""
        if self._line_number >= len(self._rows):
            raise Unsupported
        start, end = self._scan.logical[self._line_number]
        self._line_number += 1
        at = self._ordinal()
        self._starts.append(at)
        position = self._scan.lines.position
        self._spans.append((*position(start), *position(end)))
        return at

    def _begins_line(self, node: ast.stmt) -> bool:
        """Whether a statement stands on the next logical line, not on the current one."""
        number = self._line_number
        return number < len(self._rows) and node.lineno >= self._rows[number]

    def _locate(self, at: int, node: ast.Call | ast.keyword) -> None:
        if self._in_quotes:
            return
        if self._in_format and not _HAS_FORMAT_POSITIONS:
            raise Unsupported
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = (node.end_lineno, self._column(node.end_lineno, node.end_col_offset))
        self._exact[at] = (node.lineno, self._column(node.lineno, node.col_offset), *end)

    def _column(self, row: int, offset: int) -> int:
        """The column, from 1 and in code points, of an offset in the bytes of a row."""
        if self._is_ascii:
            return offset + 1
        start = self._scan.lines.starts[row - 1]
        line = self._source[start : start + offset].encode()[:offset]
        return len(line.decode()) + 1

    # Statements

    def _block(self, body: Sequence[ast.stmt]) -> _Suite:
        first = body[0]
        if type(first) in _COMPOUND or self._begins_line(first):
            return self._suite(body)
        return tuple(self._small_statements(body))

    def _small_statements(self, nodes: Iterable[ast.stmt]) -> Iterable[ir.Stmt]:
        for node in nodes:
            yield from self._small(node, self._ordinal())

    def _suite(self, body: Iterable[ast.stmt]) -> _Suite:
        out: list[ir.Stmt] = []
        for node in body:
            compound = _COMPOUND.get(type(node))
            if compound is not None:
                out.append(compound(self, node))
            elif self._begins_line(node):
                out.extend(self._small(node, self._line()))
            else:
                out.extend(self._small(node, self._ordinal()))
        return tuple(out)

    def _small(self, node: ast.stmt, at: int) -> Iterable[ir.Stmt]:
        kind = type(node)
        if kind is ast.Import or kind is ast.ImportFrom:
            return self._imports(node, at)  # type: ignore[arg-type]
        try:
            lower = _SMALL[kind]
        except KeyError:
            raise Unsupported from None
        return (lower(self, node, at),)

    def _imports(self, node: ast.Import | ast.ImportFrom, at: int) -> list[ir.Import]:
        if isinstance(node, ast.Import):
            return [
                ir.Import(alias.name, None, alias.asname or alias.name.partition(".")[0], 0, at)
                for alias in node.names
            ]
        module, level = node.module or "", node.level
        return [
            ir.Import(module, alias.name, alias.asname or alias.name, level, at)
            for alias in node.names
        ]

    def _assign(self, node: ast.Assign, at: int) -> ir.Stmt:
        value = self._expr(node.value)
        targets = self._exprs(node.targets)
        for target in targets:
            self._mention_store(target)
        return ir.Assign(targets, value, None, None, at)

    def _aug_assign(self, node: ast.AugAssign, at: int) -> ir.Stmt:
        op = _AUGMENTED.get(type(node.op), "?")
        return ir.Assign((self._expr(node.target),), self._expr(node.value), None, op, at)

    def _type_alias(self, node: Any, at: int) -> ir.Stmt:
        return ir.Assign((ir.Name(node.name.id),), self._expr(node.value), None, None, at)

    def _raise(self, node: ast.Raise, at: int) -> ir.Stmt:
        return ir.Raise(self._optional(node.exc), self._optional(node.cause), at)

    def _delete(self, node: ast.Delete, at: int) -> ir.Stmt:
        return ir.Delete(self._exprs(node.targets), at)

    def _scope_names(self, node: ast.Global | ast.Nonlocal, at: int) -> ir.Stmt:
        return ir.Jump(type(node).__name__.lower(), tuple(node.names), None, at)

    def _if(self, node: ast.If) -> ir.Stmt:
        at = self._line()
        branches: list[tuple[ir.Expr | None, _Suite]] = [
            (self._expr(node.test), self._block(node.body))
        ]
        while node.orelse:
            is_elif = self._source.startswith("elif", self._next_start())
            self._line()
            if not is_elif:
                branches.append((None, self._block(node.orelse)))
                break
            other = node.orelse[0]
            assert isinstance(other, ast.If)
            branches.append((self._expr(other.test), self._block(other.body)))
            node = other
        return ir.If(tuple(branches), at)

    def _next_start(self) -> int:
        if self._line_number >= len(self._rows):
            raise Unsupported
        return self._scan.logical[self._line_number][0]

    def _else(self, body: Sequence[ast.stmt]) -> _Suite:
        if not body:
            return ()
        self._line()
        return self._block(body)

    def _for(self, node: ast.For | ast.AsyncFor) -> ir.Stmt:
        at = self._line()
        target, iterated = self._expr(node.target), self._expr(node.iter)
        body = self._block(node.body)
        is_async = type(node) is ast.AsyncFor
        return ir.For(target, iterated, body, self._else(node.orelse), is_async, at)

    def _while(self, node: ast.While) -> ir.Stmt:
        at = self._line()
        test = self._expr(node.test)
        return ir.While(test, self._block(node.body), self._else(node.orelse), at)

    def _with(self, node: ast.With | ast.AsyncWith) -> ir.Stmt:
        at = self._line()
        items = tuple(
            [
                (self._expr(item.context_expr), self._optional(item.optional_vars))
                for item in node.items
            ]
        )
        return ir.With(items, self._block(node.body), type(node) is ast.AsyncWith, at)

    def _try(self, node: Any) -> ir.Stmt:
        at = self._line()
        body = self._block(node.body)
        handlers = []
        for handler in node.handlers:
            line = self._line()
            catches = self._optional(handler.type)
            handlers.append(ir.Handler(catches, handler.name, self._block(handler.body), line))
        orelse = self._else(node.orelse)
        final = self._else(node.finalbody)
        return ir.Try(body, tuple(handlers), orelse, final, type(node) is not ast.Try, at)

    def _match(self, node: ast.Match) -> ir.Stmt:
        at = self._line()
        subject = self._expr(node.subject)
        cases = []
        for case in node.cases:
            self._line()
            names: list[str] = []
            parts = self._pattern(case.pattern, names)
            if case.guard is not None:
                parts.append(self._expr(case.guard))
            cases.append((ir.Opaque(tuple(parts)), tuple(names), self._block(case.body)))
        return ir.Match(subject, tuple(cases), at)

    def _pattern(self, node: ast.pattern, names: list[str]) -> list[ir.Expr]:
        inner: list[ast.pattern] = []
        found: list[ir.Expr] = []
        match node:
            case ast.MatchValue():
                return [self._expr(node.value)]
            case ast.MatchSingleton():
                return [_SINGLETONS[node.value]]
            case ast.MatchAs():
                if node.name is not None:
                    names.append(node.name)
                inner = [node.pattern] if node.pattern is not None else []
            case ast.MatchStar(name=str() as name):
                names.append(name)
            case ast.MatchMapping():
                if node.rest is not None:
                    names.append(node.rest)
                inner = node.patterns
            case ast.MatchSequence() | ast.MatchOr():
                inner = node.patterns
            case ast.MatchClass():
                found.append(self._expr(node.cls))
                inner = [*node.patterns, *node.kwd_patterns]
        for pattern in inner:
            found.extend(self._pattern(pattern, names))
        return found

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ir.Stmt:
        decorators = self._decorators(node.decorator_list)
        at = self._line()
        params = self._parameters(node.args)
        returns = self._annotation(node.returns) if node.returns is not None else None
        state = FunctionState()
        self._functions.append(state)
        body = self._block(node.body)
        self._functions.pop()
        self._functions[-1].mentions |= state.mentions
        return ir.Function(
            node.name,
            params,
            returns,
            decorators,
            type(node) is ast.AsyncFunctionDef,
            state.yields,
            state.walrus,
            tuple(sorted(state.mentions)),
            ir.pack(body),
            at,
        )

    def _class(self, node: ast.ClassDef) -> ir.Stmt:
        decorators = self._decorators(node.decorator_list)
        at = self._line()
        bases = self._exprs(node.bases)
        keywords = tuple([self._keyword(keyword) for keyword in node.keywords])
        body = self._block(node.body)
        return ir.Class(node.name, bases, keywords, decorators, body, at)

    def _decorators(self, nodes: Sequence[ast.expr]) -> tuple[ir.Decorator, ...]:
        decorators = []
        for node in nodes:
            at = self._line()
            value = self._expr(node)
            self._mention_decorator(value)
            decorators.append(ir.Decorator(value, at))
        return tuple(decorators)

    def _parameters(self, node: ast.arguments) -> tuple[ir.Parameter, ...]:
        positional = [*node.posonlyargs, *node.args]
        required = len(positional) - len(node.defaults)
        defaults: list[ast.expr | None] = [*[None] * required, *node.defaults]
        params: list[ir.Parameter] = []
        for index, (param, default) in enumerate(zip(positional, defaults, strict=True)):
            kind = "positional-only" if index < len(node.posonlyargs) else "plain"
            params.append(self._parameter(param, kind, default))
        if node.vararg is not None:
            params.append(self._parameter(node.vararg, "*", None))
        for param, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            params.append(self._parameter(param, "keyword-only", default))
        if node.kwarg is not None:
            params.append(self._parameter(node.kwarg, "**", None))
        return tuple(params)

    def _parameter(self, node: ast.arg, kind: str, default: ast.expr | None) -> ir.Parameter:
        at = self._ordinal()
        annotation = self._annotation(node.annotation) if node.annotation is not None else None
        return ir.Parameter(node.arg, kind, annotation, self._optional(default), at)

    def _parsed(self, text: str) -> ast.expr:
        return ast.parse(text, mode="eval").body

    def _quoted(self, annotation: str) -> ir.Expr:
        outer, self._in_quotes = self._in_quotes, True
        value = super()._quoted(annotation)
        self._in_quotes = outer
        return value

    # Expressions

    def _exprs(self, nodes: Iterable[ast.expr]) -> tuple[ir.Expr, ...]:
        return tuple([self._expr(node) for node in nodes])

    def _expr(self, node: ast.expr) -> ir.Expr:
        kind = type(node)
        if kind is ast.Name:
            return ir.Name(node.id)  # type: ignore[attr-defined]
        try:
            lower = _EXPRESSIONS[kind]
        except KeyError:
            raise Unsupported from None
        if self._depth > MAX_EXPRESSION_DEPTH:
            return ir.Opaque(())
        self._depth += 1
        value = lower(self, node)
        self._depth -= 1
        return value

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        return ir.Attribute(self._expr(node.value), node.attr)

    def _call(self, node: ast.Call) -> ir.Expr:
        at = self._ordinal()
        func = self._expr(node.func)
        if self._mention_call(func) in self._wanted:
            self._locate(at, node)
        if not node.keywords:
            return ir.Call(func, self._exprs(node.args), (), at)
        args: list[ir.Expr] = []
        keywords: list[ir.Keyword] = []
        for argument in _in_order(node):
            if isinstance(argument, ast.keyword):
                keywords.append(self._keyword(argument))
            else:
                args.append(self._expr(argument))
        return ir.Call(func, tuple(args), tuple(keywords), at)

    def _keyword(self, node: ast.keyword) -> ir.Keyword:
        at = self._ordinal()
        if node.arg in self._wanted:
            self._locate(at, node)
        return ir.Keyword(node.arg, self._expr(node.value), at)

    def _constant(self, node: ast.Constant) -> ir.Expr:
        match node.value:
            case str(value):
                return text(value)
            case bool() | None as value:
                return _SINGLETONS[value]
            case bytes(value):
                return text(value.decode("latin-1"))
            case int(value):
                return integer(value)
            case float(value):
                return ir.Constant(value, "float")
        return ir.Constant("Ellipsis", "ellipsis") if node.value is ... else ir.Opaque(())

    def _formatted(self, node: ast.JoinedStr) -> ir.Expr:
        outer, self._in_format = self._in_format, True
        parts: list[ir.Expr] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(self._expr(part.value))
                if part.conversion != -1 or part.format_spec is not None:
                    parts.append(CHANGED)
            else:
                parts.append(self._expr(part))
        self._in_format = outer
        return formatted(parts)

    def _list(self, node: ast.List) -> ir.Expr:
        return ir.Display("list", self._exprs(node.elts))

    def _tuple(self, node: ast.Tuple) -> ir.Expr:
        return ir.Display("tuple", self._exprs(node.elts))

    def _set(self, node: ast.Set) -> ir.Expr:
        return ir.Display("set", self._exprs(node.elts))

    def _dict(self, node: ast.Dict) -> ir.Expr:
        items: list[tuple[ir.Expr | None, ir.Expr]] = []
        for key, value in zip(node.keys, node.values, strict=True):
            items.append((self._optional(key), self._expr(value)))
        return ir.Dict(tuple(items))

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        value, inner = self._expr(node.value), node.slice
        if isinstance(inner, ast.Tuple) and inner.elts:
            return ir.Subscript(value, tuple([self._index(part) for part in inner.elts]))
        return ir.Subscript(value, (self._index(inner),))

    def _index(self, node: ast.expr) -> ir.Expr:
        return self._expr(node.value if isinstance(node, ast.Starred) else node)

    def _slice(self, node: ast.Slice) -> ir.Expr:
        bounds = [part for part in (node.lower, node.upper, node.step) if part is not None]
        return ir.Opaque(self._exprs(bounds))

    def _binary(self, node: ast.BinOp) -> ir.Expr:
        kind = type(node.op)
        chain = [node.right]
        left = node.left
        while isinstance(left, ast.BinOp) and type(left.op) is kind:
            chain.append(left.right)
            left = left.left
        chain.append(left)
        return ir.Operation(_BINARY.get(kind, "?"), self._exprs(reversed(chain)))

    def _boolean(self, node: ast.BoolOp) -> ir.Expr:
        kind = type(node.op)
        operands = node.values
        while isinstance(first := operands[0], ast.BoolOp) and type(first.op) is kind:
            operands = [*first.values, *operands[1:]]
        return ir.Operation("and" if kind is ast.And else "or", self._exprs(operands))

    def _unary(self, node: ast.UnaryOp) -> ir.Expr:
        return ir.Operation(_UNARY.get(type(node.op), "?"), (self._expr(node.operand),))

    def _comparison(self, node: ast.Compare) -> ir.Expr:
        op = _COMPARISONS.get(type(node.ops[0]), "?") if len(node.ops) == 1 else "?"
        return ir.Operation(op, self._exprs([node.left, *node.comparators]))

    def _lambda(self, node: ast.Lambda) -> ir.Expr:
        at = self._ordinal()
        return ir.Lambda(self._parameters(node.args), self._expr(node.body), at)

    def _await(self, node: ast.Await) -> ir.Expr:
        return ir.Await(self._expr(node.value))

    def _yield(self, node: ast.Yield) -> ir.Expr:
        self._functions[-1].yields = True
        return ir.Yield(self._optional(node.value), False)

    def _yield_from(self, node: ast.YieldFrom) -> ir.Expr:
        self._functions[-1].yields = True
        return ir.Yield(self._expr(node.value), True)

    def _comprehension(self, node: Any) -> ir.Expr:
        kind = _COMPREHENSIONS[type(node)]
        element = self._expr(node.value if kind == "dict" else node.elt)
        sources = []
        for source in node.generators:
            target, iterated = self._expr(source.target), self._expr(source.iter)
            sources.append((target, iterated, self._exprs(source.ifs)))
        return ir.Comprehension(kind, element, tuple(sources))


def _in_order(node: ast.Call) -> Iterable[ast.expr | ast.keyword]:
    """The arguments of a call in source order: `*more` may follow keywords."""
    if any(isinstance(argument, ast.Starred) for argument in node.args):
        return sorted([*node.args, *node.keywords], key=lambda a: (a.lineno, a.col_offset))
    return [*node.args, *node.keywords]


_SINGLETONS = {
    True: ir.Constant(True, "bool"),
    False: ir.Constant(False, "bool"),
    None: ir.Constant(None, "none"),
}
_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.BitOr: "|",
    ast.BitAnd: "&",
}
_AUGMENTED: dict[type[ast.operator], str] = {ast.Add: "+", ast.BitOr: "|", ast.Sub: "-"}
_UNARY: dict[type[ast.unaryop], str] = {ast.Not: "not", ast.USub: "-"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Lt: "<",
    ast.Gt: ">",
    ast.LtE: "<=",
    ast.GtE: ">=",
}
_COMPREHENSIONS: dict[type[ast.expr], str] = {
    ast.ListComp: "list",
    ast.SetComp: "set",
    ast.GeneratorExp: "generator",
    ast.DictComp: "dict",
}

_COMPOUND: dict[type[ast.stmt], Callable[[_Lowerer, Any], ir.Stmt]] = {
    ast.If: _Lowerer._if,
    ast.For: _Lowerer._for,
    ast.AsyncFor: _Lowerer._for,
    ast.While: _Lowerer._while,
    ast.With: _Lowerer._with,
    ast.AsyncWith: _Lowerer._with,
    ast.Try: _Lowerer._try,
    ast.Match: _Lowerer._match,
    ast.FunctionDef: _Lowerer._function,
    ast.AsyncFunctionDef: _Lowerer._function,
    ast.ClassDef: _Lowerer._class,
}
_SMALL: dict[type[ast.stmt], Callable[[_Lowerer, Any, int], ir.Stmt]] = {
    ast.Expr: _Lowerer._expression,
    ast.Assign: _Lowerer._assign,
    ast.AnnAssign: _Lowerer._ann_assign,
    ast.AugAssign: _Lowerer._aug_assign,
    ast.Return: _Lowerer._return,
    ast.Raise: _Lowerer._raise,
    ast.Delete: _Lowerer._delete,
    ast.Assert: _Lowerer._assert,
    ast.Global: _Lowerer._scope_names,
    ast.Nonlocal: _Lowerer._scope_names,
    ast.Pass: _Lowerer._word,
    ast.Break: _Lowerer._word,
    ast.Continue: _Lowerer._word,
}
if sys.version_info >= (3, 11):
    _COMPOUND[ast.TryStar] = _Lowerer._try
if sys.version_info >= (3, 12):
    _SMALL[ast.TypeAlias] = _Lowerer._type_alias
_EXPRESSIONS: dict[type[ast.expr], Callable[[_Lowerer, Any], ir.Expr]] = {
    ast.Attribute: _Lowerer._attribute,
    ast.Call: _Lowerer._call,
    ast.Constant: _Lowerer._constant,
    ast.JoinedStr: _Lowerer._formatted,
    ast.List: _Lowerer._list,
    ast.Tuple: _Lowerer._tuple,
    ast.Set: _Lowerer._set,
    ast.Dict: _Lowerer._dict,
    ast.Subscript: _Lowerer._subscript,
    ast.Slice: _Lowerer._slice,
    ast.BinOp: _Lowerer._binary,
    ast.BoolOp: _Lowerer._boolean,
    ast.UnaryOp: _Lowerer._unary,
    ast.Compare: _Lowerer._comparison,
    ast.IfExp: _Lowerer._conditional,
    ast.Lambda: _Lowerer._lambda,
    ast.Await: _Lowerer._await,
    ast.Yield: _Lowerer._yield,
    ast.YieldFrom: _Lowerer._yield_from,
    ast.ListComp: _Lowerer._comprehension,
    ast.SetComp: _Lowerer._comprehension,
    ast.GeneratorExp: _Lowerer._comprehension,
    ast.DictComp: _Lowerer._comprehension,
    ast.NamedExpr: _Lowerer._assigned,
    ast.Starred: _Lowerer._starred,
}
