"""Where the nodes of a LibCST tree stand in the text.

Generating the code of a tree once, which reproduces the text, tells the range of every node: in a
tenth of the time that LibCST's position provider takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import libcst as cst
from libcst._nodes.internal import CodegenState

from .. import ir
from .scan import Lines, line_starts

Range: TypeAlias = tuple[int, int]
"""Start and end offset in the text, the end exclusive."""


class Ranges(CodegenState):
    """The text of a tree and the ranges of its nodes: `inner` without, `whole` with what surrounds
    them and belongs to them (parentheses, commas, whitespace). `parents` has all nodes but the
    tree's own, in source order, with those around them."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.inner: dict[cst.CSTNode, Range] = {}
        self.whole: dict[cst.CSTNode, Range] = {}
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self._begun: list[int] = []
        self._around: list[cst.CSTNode] = []
        self._length = 0
        module._codegen(self)
        self.text = "".join(self.tokens)

    def of(self, node: cst.CSTNode) -> Range:
        """A node's own text, without parentheses, commas and whitespace around it."""
        return self.inner.get(node) or self.whole[node]

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self._length += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._begun.append(self._length)
        if self._around:
            self.parents[node] = self._around[-1]
        self._around.append(node)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self.whole[node] = (self._begun.pop(), self._length)
        self._around.pop()

    @contextmanager
    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Iterator[None]:
        start = self._length
        yield
        first = start if start_node is None else self.of(start_node)[0]
        last = self._length if end_node is None else self.of(end_node)[1]
        self.inner[node] = (first, last)


class Locator:
    """Rows and columns of the nodes of a tree."""

    def __init__(self, module: cst.Module) -> None:
        self._ranges = Ranges(module)
        self._lines = Lines(line_starts(self._ranges.text))

    def line(self, node: cst.CSTNode) -> ir.Span:
        """The span of the logical line that `node` begins; a block's is not part of it."""
        start, end = self._ranges.of(node)
        match node if isinstance(node, cst.Match) else getattr(node, "body", None):
            case cst.Match(whitespace_after_colon=space) | cst.IndentedBlock(header=space):
                end = self._ranges.of(space)[0]
            case cst.SimpleStatementSuite(body=[*_, last]):
                end = self._ranges.of(last)[1]
        return self._span(start, end)

    def locate(self, node: cst.CSTNode) -> ir.Span | None:
        """The span of an expression or argument, if it stands in the text itself."""
        place = self._ranges.inner.get(node)
        return None if place is None else self._span(*place)

    def _span(self, start: int, end: int) -> ir.Span:
        return (*self._lines.position(start), *self._lines.position(end))
