"""Which node of a file has an ordinal, and which part of the text is it?

A parsed file as fixes need it: the lowering runs once more and notes the LibCST node of each
ordinal and expression; generating the code once tells the text range of every node.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

import libcst as cst

from .. import ir
from ..fix import Unfixable
from ..formatting import configured
from ..source import Source
from .lower import Lowerer
from .names import Names
from .parse import uncollected
from .positions import Range, Ranges
from .scan import TooComplex, line_starts, scan

_NARROW, _WIDE = 88, 100
_STRINGS = (cst.SimpleString, cst.FormattedString, cst.TemplatedString)


class Tree:
    """A parsed file. Raises `Unfixable` if it cannot be parsed and written back as it is."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        recorder = _Recorder()
        try:
            scan(self.text)
            with uncollected():
                self.module = cst.parse_module(self.text)
                recorder.module(self.module)
                ranges = Ranges(self.module)
            faithful = source.encode(self.text) == source.data
        except (TooComplex, cst.ParserSyntaxError, RecursionError, ValueError) as error:
            raise Unfixable(f"the file cannot be parsed again: {error}") from None
        head, rest = self.text[: len(ranges.text)], self.text[len(ranges.text) :]
        if not faithful or head != ranges.text or rest.strip("\r\n"):
            raise Unfixable("the file cannot be written back byte by byte")
        self._nodes: Mapping[int, cst.CSTNode] = recorder.nodes
        self.expressions: Mapping[cst.CSTNode, ir.Expr] = recorder.expressions
        self._ranges = ranges

    def node(self, at: int) -> cst.CSTNode:
        """The node with an ordinal. Raises `Unfixable` if its text is not in the file itself."""
        node = self._nodes.get(at)
        if node is None or node not in self._ranges.whole:
            raise Unfixable("the code stands in a quoted annotation")
        return node

    def inner(self, node: cst.CSTNode) -> Range:
        """A node's own text, without parentheses, commas and whitespace around it."""
        start, end = self._ranges.of(node)
        if isinstance(node, cst.Param):
            for part in (node.annotation, node.default):
                end = max(end, self.whole(part)[1]) if part is not None else end
        return start, end

    def whole(self, node: cst.CSTNode) -> Range:
        """A node's text with the parentheses, commas and whitespace that belong to it."""
        start, end = self._ranges.whole[node]
        return start, min(end, len(self.text))

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        """The node around a node."""
        return self._ranges.parents[node]

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around a node, innermost first."""
        while node is not self.module:
            node = self._ranges.parents[node]
            yield node

    @cached_property
    def names(self) -> Names:
        """The names that the file imports, binds and reads."""
        return Names(self._ranges.parents)

    @cached_property
    def long_strings(self) -> tuple[Range, ...]:
        """The string literals that span lines, in source order."""
        places = [self.inner(node) for node in self._ranges.parents if isinstance(node, _STRINGS)]
        return tuple(place for place in places if self.row(place[0]) != self.row(place[1]))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offsets at which physical lines start."""
        return line_starts(self.text)

    @cached_property
    def width(self) -> int:
        """How long lines may be: as the formatter is told, or else as they are in this file."""
        return configured(self.source.path) or min(
            max(_NARROW, *map(len, self.text.splitlines())), _WIDE
        )

    @cached_property
    def quote(self) -> str:
        """The quotes in which most strings of the file stand."""
        found = Counter(
            node.quote for node in self._ranges.parents if isinstance(node, cst.SimpleString)
        )
        return "'" if found["'"] > found['"'] else '"'

    def row(self, offset: int) -> int:
        """The physical line of an offset, from 0."""
        return bisect_right(self.starts, offset) - 1

    def line_start(self, offset: int) -> int:
        """Where the physical line of an offset begins."""
        return self.starts[self.row(offset)]

    def line_end(self, offset: int) -> int:
        """The offset after the physical line of an offset, its newline included."""
        row = self.row(offset) + 1
        return self.starts[row] if row < len(self.starts) else len(self.text)

    def is_blank_before(self, offset: int) -> bool:
        """Whether nothing but whitespace stands before an offset on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" \t\f")


def descendants(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and everything in it, in source order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.children))


class _Recorder(Lowerer):
    """Notes which node got which ordinal, and what each expression was lowered to."""

    def __init__(self) -> None:
        super().__init__(None, frozenset())
        self.nodes: dict[int, cst.CSTNode] = {}
        self.expressions: dict[cst.CSTNode, ir.Expr] = {}

    def _ordinal(self, node: cst.CSTNode) -> int:
        at = super()._ordinal(node)
        self.nodes[at] = node.body[0] if isinstance(node, cst.SimpleStatementLine) else node
        return at

    def _expr(self, node: cst.CSTNode) -> ir.Expr:
        self.expressions[node] = lowered = super()._expr(node)
        return lowered
