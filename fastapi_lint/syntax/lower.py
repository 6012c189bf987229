"""Lowering a LibCST tree: one walk that gives the intermediate representation of a module.

It serves texts in the syntax of another Python version than the running one, and tells fixes which
node an ordinal means.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import libcst as cst

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
from .positions import Locator

_Suite: TypeAlias = tuple[ir.Stmt, ...]


def lower(source: str, wanted: frozenset[str]) -> ir.Module:
    """Parse and lower a text. Raises `libcst.ParserSyntaxError` if it is no Python."""
    tree = cst.parse_module(source)
    return Lowerer(Locator(tree), wanted).module(tree)


_OPERATORS: dict[type[cst.CSTNode], str] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.Modulo: "%",
    cst.BitOr: "|",
    cst.BitAnd: "&",
    cst.AddAssign: "+",
    cst.BitOrAssign: "|",
    cst.SubtractAssign: "-",
    cst.And: "and",
    cst.Or: "or",
    cst.Not: "not",
    cst.Minus: "-",
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.In: "in",
    cst.NotIn: "not in",
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.LessThan: "<",
    cst.GreaterThan: ">",
    cst.LessThanEqual: "<=",
    cst.GreaterThanEqual: ">=",
}


AnyImport: TypeAlias = cst.Import | cst.ImportFrom | cst.LazyImport | cst.LazyImportFrom
IMPORTS = (cst.Import, cst.LazyImport)
IMPORTS_FROM = (cst.ImportFrom, cst.LazyImportFrom)
_CODE = cst.Module([])
_NOWHERE: ir.Span = (1, 1, 1, 1)


def _string_value(node: cst.SimpleString) -> str:
    """The value of a string literal; bytes are read as latin-1."""
    raw = node.value
    if "\\" not in raw and "\r" not in raw:
        quote = raw[-3:] if len(raw) >= 6 and raw[-1] == raw[-2] == raw[-3] else raw[-1]
        return raw[raw.index(quote) + len(quote) : -len(quote)]
    try:
        value = node.evaluated_value
    except (SyntaxError, ValueError):
        return raw
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _literal_text(raw: str, start: str) -> str:
    """The value of the text between replacement fields; `start` is the prefix with the quote."""
    raw = raw.replace("{{", "{").replace("}}", "}")
    if "\\" not in raw and "\r" not in raw:
        return raw
    quote = start.lstrip("fFrRtT")
    prefix = "r" if "r" in start.lower() else ""
    try:
        return str(ast.literal_eval(f"{prefix}{quote}{raw}{quote}"))
    except (SyntaxError, ValueError):
        return raw


class Lowerer(Lowering):
    """Lowers a tree. Without a locator, all spans are the beginning of the file."""

    def __init__(self, locator: Locator | None, wanted: frozenset[str]) -> None:
        super().__init__(wanted)
        self._locator = locator

    def module(self, tree: cst.Module) -> ir.Module:
        """Lower a whole module, without the interpreter's warnings about its literals."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._lowered(self._suite(tree.body))

    # Statements

    def _line(self, node: cst.CSTNode) -> int:
        """Step to the next logical line, which `node` begins, and give its ordinal."""
        at = self._ordinal(node)
        self._starts.append(at)
        self._spans.append(self._locator.line(node) if self._locator else _NOWHERE)
        return at

    def _ordinal(self, node: cst.CSTNode) -> int:
        """The ordinal of a node; called once for each node that has one, in source order."""
        self._next += 1
        return self._next

    def _block(self, block: cst.BaseSuite) -> _Suite:
        if isinstance(block, cst.IndentedBlock):
            return self._suite(block.body)
        assert isinstance(block, cst.SimpleStatementSuite)
        return tuple(self._small_statements(block.body, self._ordinal(block.body[0])))

    def _suite(self, body: Iterable[cst.CSTNode]) -> _Suite:
        out: list[ir.Stmt] = []
        for node in body:
            if type(node) is cst.SimpleStatementLine:
                out.extend(self._small_statements(node.body, self._line(node)))
            else:
                out.append(_STATEMENTS[type(node)](self, node))
        return tuple(out)

    def _small_statements(
        self, nodes: Sequence[cst.BaseSmallStatement], first: int
    ) -> Iterable[ir.Stmt]:
        at = first
        for index, node in enumerate(nodes):
            if index:
                at = self._ordinal(node)
            kind = type(node)
            if kind in IMPORTS or kind in IMPORTS_FROM:
                yield from self._imports(node, at)
            else:
                yield _SMALL[kind](self, node, at)

    def _imports(self, node: Any, at: int) -> Iterable[ir.Import]:
        if type(node) in IMPORTS:
            for alias in node.names:
                module = dotted(alias.name)
                if alias.asname is not None:
                    yield ir.Import(module, None, dotted(alias.asname.name), 0, at)
                else:
                    top = module.partition(".")[0]
                    yield ir.Import(module, None, top, 0, at)
            return
        module = dotted(node.module) if node.module is not None else ""
        level = len(node.relative)
        if isinstance(node.names, cst.ImportStar):
            yield ir.Import(module, "*", "*", level, at)
            return
        for alias in node.names:
            name = dotted(alias.name)
            bound = dotted(alias.asname.name) if alias.asname is not None else name
            yield ir.Import(module, name, bound, level, at)

    def _assign(self, node: cst.Assign, at: int) -> ir.Stmt:
        value = self._expr(node.value)
        targets = tuple([self._store(target.target) for target in node.targets])
        return ir.Assign(targets, value, None, None, at)

    def _store(self, node: cst.BaseExpression) -> ir.Expr:
        target = self._expr(node)
        self._mention_store(target)
        return target

    def _aug_assign(self, node: cst.AugAssign, at: int) -> ir.Stmt:
        op = _OPERATORS.get(type(node.operator), "?")
        return ir.Assign((self._expr(node.target),), self._expr(node.value), None, op, at)

    def _type_alias(self, node: cst.TypeAlias, at: int) -> ir.Stmt:
        return ir.Assign((ir.Name(node.name.value),), self._expr(node.value), None, None, at)

    def _raise(self, node: cst.Raise, at: int) -> ir.Stmt:
        cause = node.cause.item if node.cause is not None else None
        return ir.Raise(self._optional(node.exc), self._optional(cause), at)

    def _delete(self, node: cst.Del, at: int) -> ir.Stmt:
        target = node.target
        if isinstance(target, cst.Tuple) and not target.lpar:
            return ir.Delete(tuple([self._expr(item.value) for item in target.elements]), at)
        return ir.Delete((self._expr(target),), at)

    def _scope_names(self, node: cst.Global | cst.Nonlocal, at: int) -> ir.Stmt:
        word = "global" if isinstance(node, cst.Global) else "nonlocal"
        return ir.Jump(word, tuple([item.name.value for item in node.names]), None, at)

    def _if(self, node: cst.If) -> ir.Stmt:
        at = self._line(node)
        branches: list[tuple[ir.Expr | None, _Suite]] = [
            (self._expr(node.test), self._block(node.body))
        ]
        other: cst.If | cst.Else | None = node.orelse
        while other is not None:
            self._line(other)
            if isinstance(other, cst.Else):
                branches.append((None, self._block(other.body)))
                break
            branches.append((self._expr(other.test), self._block(other.body)))
            other = other.orelse
        return ir.If(tuple(branches), at)

    def _else(self, node: cst.Else | cst.Finally | None) -> _Suite:
        if node is None:
            return ()
        self._line(node)
        return self._block(node.body)

    def _for(self, node: cst.For) -> ir.Stmt:
        at = self._line(node)
        target, iterated = self._expr(node.target), self._expr(node.iter)
        body = self._block(node.body)
        is_async = node.asynchronous is not None
        return ir.For(target, iterated, body, self._else(node.orelse), is_async, at)

    def _while(self, node: cst.While) -> ir.Stmt:
        at = self._line(node)
        test = self._expr(node.test)
        return ir.While(test, self._block(node.body), self._else(node.orelse), at)

    def _with(self, node: cst.With) -> ir.Stmt:
        at = self._line(node)
        items = tuple(
            [
                (
                    self._expr(item.item),
                    self._expr(item.asname.name) if item.asname is not None else None,
                )
                for item in node.items
            ]
        )
        return ir.With(items, self._block(node.body), node.asynchronous is not None, at)

    def _try(self, node: cst.Try | cst.TryStar) -> ir.Stmt:
        at = self._line(node)
        body = self._block(node.body)
        handlers = []
        for handler in node.handlers:
            line = self._line(handler)
            name = handler.name.name if handler.name is not None else None
            bound = name.value if isinstance(name, cst.Name) else None
            catches = self._optional(handler.type)
            handlers.append(ir.Handler(catches, bound, self._block(handler.body), line))
        orelse = self._else(node.orelse)
        final = self._else(node.finalbody)
        return ir.Try(body, tuple(handlers), orelse, final, isinstance(node, cst.TryStar), at)

    def _match(self, node: cst.Match) -> ir.Stmt:
        at = self._line(node)
        subject = self._expr(node.subject)
        cases = []
        for case in node.cases:
            self._line(case)
            names: list[str] = []
            parts = self._pattern(case.pattern, names)
            if case.guard is not None:
                parts.append(self._expr(case.guard))
            cases.append((ir.Opaque(tuple(parts)), tuple(names), self._block(case.body)))
        return ir.Match(subject, tuple(cases), at)

    def _pattern(self, node: cst.CSTNode, names: list[str]) -> list[ir.Expr]:
        if isinstance(node, cst.MatchValue):
            return [self._expr(node.value)]
        if isinstance(node, cst.MatchSingleton):
            return [self._expr(node.value)]
        if isinstance(node, (cst.MatchAs, cst.MatchStar)) and node.name is not None:
            names.append(node.name.value)
        if isinstance(node, cst.MatchMapping) and node.rest is not None:
            names.append(node.rest.value)
        cls = node.cls if isinstance(node, cst.MatchClass) else None
        found = [self._expr(cls)] if cls is not None else []
        for child in node.children:
            if child is not cls and not isinstance(
                child, (cst.BaseParenthesizableWhitespace, cst.Name)
            ):
                found.extend(self._pattern(child, names))
        return found

    def _function(self, node: cst.FunctionDef) -> ir.Stmt:
        decorators = self._decorators(node.decorators)
        at = self._line(node)
        params = self._parameters(node.params)
        returns = self._annotation(node.returns) if node.returns is not None else None
        state = FunctionState()
        self._functions.append(state)
        body = self._block(node.body)
        self._functions.pop()
        self._functions[-1].mentions |= state.mentions
        return ir.Function(
            node.name.value,
            params,
            returns,
            decorators,
            node.asynchronous is not None,
            state.yields,
            state.walrus,
            tuple(sorted(state.mentions)),
            ir.pack(body),
            at,
        )

    def _class(self, node: cst.ClassDef) -> ir.Stmt:
        decorators = self._decorators(node.decorators)
        at = self._line(node)
        bases = tuple([self._argument(arg) for arg in node.bases])
        keywords = tuple([self._keyword(arg) for arg in node.keywords])
        body = self._block(node.body)
        return ir.Class(node.name.value, bases, keywords, decorators, body, at)

    def _decorators(self, nodes: Sequence[cst.Decorator]) -> tuple[ir.Decorator, ...]:
        decorators = []
        for node in nodes:
            at = self._line(node)
            value = self._expr(node.decorator)
            self._mention_decorator(value)
            decorators.append(ir.Decorator(value, at))
        return tuple(decorators)

    def _parameters(self, node: cst.Parameters) -> tuple[ir.Parameter, ...]:
        params: list[ir.Parameter] = []
        for kind, group in (
            ("positional-only", node.posonly_params),
            ("plain", node.params),
            ("*", (node.star_arg,)),
            ("keyword-only", node.kwonly_params),
            ("**", (node.star_kwarg,)),
        ):
            for param in group:
                if isinstance(param, cst.Param):
                    params.append(self._parameter(param, kind))
        return tuple(params)

    def _parameter(self, node: cst.Param, kind: str) -> ir.Parameter:
        at = self._ordinal(node)
        annotation = self._annotation(node.annotation) if node.annotation is not None else None
        return ir.Parameter(node.name.value, kind, annotation, self._optional(node.default), at)

    def _annotation(self, node: cst.Annotation) -> ir.Expr:
        return super()._annotation(node.annotation)

    def _parsed(self, text: str) -> cst.BaseExpression:
        return cst.parse_expression(text)

    # Expressions

    def _expr(self, node: cst.CSTNode) -> ir.Expr:
        lower = _EXPRESSIONS.get(type(node))
        if lower is None or self._depth > MAX_EXPRESSION_DEPTH:
            return ir.Opaque(())
        self._depth += 1
        value = lower(self, node)
        self._depth -= 1
        return value

    def _name(self, node: cst.Name) -> ir.Expr:
        constant = _KEYWORD_CONSTANTS.get(node.value)
        return constant if constant is not None else ir.Name(node.value)

    def _attribute(self, node: cst.Attribute) -> ir.Expr:
        return ir.Attribute(self._expr(node.value), node.attr.value)

    def _call(self, node: cst.Call) -> ir.Expr:
        at = self._ordinal(node)
        func = self._expr(node.func)
        if self._mention_call(func) in self._wanted:
            self._locate(at, node)
        args: list[ir.Expr] = []
        keywords: list[ir.Keyword] = []
        for arg in node.args:
            if arg.keyword is not None or arg.star == "**":
                keywords.append(self._keyword(arg))
            else:
                args.append(self._argument(arg))
        return ir.Call(func, tuple(args), tuple(keywords), at)

    def _argument(self, arg: cst.Arg) -> ir.Expr:
        value = self._expr(arg.value)
        return ir.Starred(value) if arg.star else value

    def _keyword(self, arg: cst.Arg) -> ir.Keyword:
        at = self._ordinal(arg)
        name = arg.keyword.value if arg.keyword is not None else None
        if name in self._wanted:
            self._locate(at, arg)
        return ir.Keyword(name, self._expr(arg.value), at)

    def _locate(self, at: int, node: cst.CSTNode) -> None:
        if self._locator is not None and (span := self._locator.locate(node)) is not None:
            self._exact[at] = span

    def _string(self, node: cst.SimpleString) -> ir.Expr:
        return text(_string_value(node))

    def _concatenated(self, node: cst.ConcatenatedString) -> ir.Expr:
        parts: list[ir.Expr] = []
        rest: cst.BaseExpression = node
        while isinstance(rest, cst.ConcatenatedString):
            parts.append(self._expr(rest.left))
            rest = rest.right
        parts.append(self._expr(rest))
        whole = formatted(parts)
        if any(isinstance(part, ir.Format) for part in parts):
            return whole
        return whole.parts[0] if whole.parts else text("")

    def _formatted(self, node: Any) -> ir.Expr:
        parts: list[ir.Expr] = []
        for part in node.parts:
            if isinstance(part, (cst.FormattedStringText, cst.TemplatedStringText)):
                parts.append(text(_literal_text(part.value, node.start)))
            else:
                if part.equal is not None:
                    parts.append(text(self._code(part.expression, part.equal)))
                parts.append(self._expr(part.expression))
                if part.equal or part.conversion or part.format_spec:
                    parts.append(CHANGED)
        return formatted(parts)

    def _code(self, *nodes: cst.CSTNode) -> str:
        return "".join([_CODE.code_for_node(node) for node in nodes])

    def _integer(self, node: cst.Integer) -> ir.Expr:
        try:
            value = int(node.value.replace("_", ""), 0)
        except ValueError:
            return ir.Constant(node.value, "number")
        return integer(value)

    def _float(self, node: cst.Float) -> ir.Expr:
        return ir.Constant(float(node.value.replace("_", "")), "float")

    def _ellipsis(self, _: cst.Ellipsis) -> ir.Expr:
        return ir.Constant("Ellipsis", "ellipsis")

    def _display(self, node: cst.List | cst.Tuple | cst.Set) -> ir.Expr:
        items: list[ir.Expr] = []
        for element in node.elements:
            value = self._expr(element.value)
            items.append(ir.Starred(value) if isinstance(element, cst.StarredElement) else value)
        return ir.Display(type(node).__name__.lower(), tuple(items))

    def _dict(self, node: cst.Dict) -> ir.Expr:
        items: list[tuple[ir.Expr | None, ir.Expr]] = []
        for element in node.elements:
            key = self._expr(element.key) if isinstance(element, cst.DictElement) else None
            items.append((key, self._expr(element.value)))
        return ir.Dict(tuple(items))

    def _subscript(self, node: cst.Subscript) -> ir.Expr:
        value = self._expr(node.value)
        index: list[ir.Expr] = []
        for element in node.slice:
            part = element.slice
            if isinstance(part, cst.Index):
                index.append(self._expr(part.value))
            else:
                assert isinstance(part, cst.Slice)
                bounds = (part.lower, part.upper, part.step)
                index.append(ir.Opaque(tuple(self._expr(b) for b in bounds if b is not None)))
        match index:
            case [ir.Display("tuple", [_, *_] as items)]:
                index = list(items)
        return ir.Subscript(value, tuple(index))

    def _binary(self, node: cst.BinaryOperation | cst.BooleanOperation) -> ir.Expr:
        kind = type(node.operator)
        chain = [node.right]
        left = node.left
        while isinstance(left, (cst.BinaryOperation, cst.BooleanOperation)) and (
            type(left.operator) is kind
        ):
            chain.append(left.right)
            left = left.left
        chain.append(left)
        operands = tuple([self._expr(operand) for operand in reversed(chain)])
        return ir.Operation(_OPERATORS.get(kind, "?"), operands)

    def _unary(self, node: cst.UnaryOperation) -> ir.Expr:
        op = _OPERATORS.get(type(node.operator), "?")
        return ir.Operation(op, (self._expr(node.expression),))

    def _comparison(self, node: cst.Comparison) -> ir.Expr:
        operands = [self._expr(node.left)]
        operands.extend(self._expr(part.comparator) for part in node.comparisons)
        op = "?"
        if len(node.comparisons) == 1:
            op = _OPERATORS.get(type(node.comparisons[0].operator), "?")
        return ir.Operation(op, tuple(operands))

    def _lambda(self, node: cst.Lambda) -> ir.Expr:
        at = self._ordinal(node)
        return ir.Lambda(self._parameters(node.params), self._expr(node.body), at)

    def _await(self, node: cst.Await) -> ir.Expr:
        return ir.Await(self._expr(node.expression))

    def _yield(self, node: cst.Yield) -> ir.Expr:
        self._functions[-1].yields = True
        if isinstance(node.value, cst.From):
            return ir.Yield(self._expr(node.value.item), True)
        return ir.Yield(self._optional(node.value), False)

    def _comprehension(self, node: Any) -> ir.Expr:
        if isinstance(node, cst.DictComp):
            kind, element = "dict", self._expr(node.value)
        else:
            kind = _COMPREHENSIONS[type(node)]
            element = self._expr(node.elt)
        sources: list[tuple[ir.Expr, ir.Expr, tuple[ir.Expr, ...]]] = []
        source: cst.CompFor | None = node.for_in
        while source is not None:
            target, iterated = self._expr(source.target), self._expr(source.iter)
            tests = tuple([self._expr(test.test) for test in source.ifs])
            sources.append((target, iterated, tests))
            source = source.inner_for_in
        return ir.Comprehension(kind, element, tuple(sources))


_KEYWORD_CONSTANTS = {
    "True": ir.Constant(True, "bool"),
    "False": ir.Constant(False, "bool"),
    "None": ir.Constant(None, "none"),
}
_COMPREHENSIONS: dict[type[Any], str] = {
    cst.ListComp: "list",
    cst.SetComp: "set",
    cst.GeneratorExp: "generator",
}

_STATEMENTS: dict[type[cst.CSTNode], Callable[[Lowerer, Any], ir.Stmt]] = {
    cst.If: Lowerer._if,
    cst.For: Lowerer._for,
    cst.While: Lowerer._while,
    cst.With: Lowerer._with,
    cst.Try: Lowerer._try,
    cst.TryStar: Lowerer._try,
    cst.Match: Lowerer._match,
    cst.FunctionDef: Lowerer._function,
    cst.ClassDef: Lowerer._class,
}
_SMALL: dict[type[cst.CSTNode], Callable[[Lowerer, Any, int], ir.Stmt]] = {
    cst.Expr: Lowerer._expression,
    cst.Assign: Lowerer._assign,
    cst.AnnAssign: Lowerer._ann_assign,
    cst.AugAssign: Lowerer._aug_assign,
    cst.TypeAlias: Lowerer._type_alias,
    cst.Return: Lowerer._return,
    cst.Raise: Lowerer._raise,
    cst.Del: Lowerer._delete,
    cst.Assert: Lowerer._assert,
    cst.Global: Lowerer._scope_names,
    cst.Nonlocal: Lowerer._scope_names,
    cst.Pass: Lowerer._word,
    cst.Break: Lowerer._word,
    cst.Continue: Lowerer._word,
}
_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[Lowerer, Any], ir.Expr]] = {
    cst.Name: Lowerer._name,
    cst.Attribute: Lowerer._attribute,
    cst.Call: Lowerer._call,
    cst.SimpleString: Lowerer._string,
    cst.ConcatenatedString: Lowerer._concatenated,
    cst.FormattedString: Lowerer._formatted,
    cst.TemplatedString: Lowerer._formatted,
    cst.Integer: Lowerer._integer,
    cst.Float: Lowerer._float,
    cst.Ellipsis: Lowerer._ellipsis,
    cst.List: Lowerer._display,
    cst.Tuple: Lowerer._display,
    cst.Set: Lowerer._display,
    cst.Dict: Lowerer._dict,
    cst.Subscript: Lowerer._subscript,
    cst.BinaryOperation: Lowerer._binary,
    cst.BooleanOperation: Lowerer._binary,
    cst.UnaryOperation: Lowerer._unary,
    cst.Comparison: Lowerer._comparison,
    cst.IfExp: Lowerer._conditional,
    cst.Lambda: Lowerer._lambda,
    cst.Await: Lowerer._await,
    cst.Yield: Lowerer._yield,
    cst.ListComp: Lowerer._comprehension,
    cst.SetComp: Lowerer._comprehension,
    cst.GeneratorExp: Lowerer._comprehension,
    cst.DictComp: Lowerer._comprehension,
    cst.NamedExpr: Lowerer._assigned,
    cst.StarredElement: Lowerer._starred,
}


def dotted(node: cst.CSTNode) -> str:
    """A name or a chain of attributes as it is written, as far as it consists of names."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return ".".join(reversed(parts))
