"""Positions of the few nodes that may be reported.

Statements take theirs from the scan of logical lines. For an expression, the code of its logical
line is generated again, which reproduces the source exactly, and its place in there is noted. That
is about a hundred times cheaper than LibCST's position provider, which remains the fallback for a
text whose logical lines the scan does not count as the tree does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import libcst as cst
from libcst._nodes.internal import CodegenState

from .. import ir
from .scan import Scan

_NEXT_LINES = (
    cst.IndentedBlock,
    cst.If,
    cst.Else,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.Finally,
    cst.MatchCase,
)
"""Nodes inside a statement that begin further logical lines."""


class LineMismatch(Exception):
    """The tree has other logical lines than the scan found."""


class Locator(Protocol):
    """Gives positions to the lowering, which visits logical lines in source order."""

    def next_line(self, node: cst.CSTNode) -> ir.Span:
        """The span of the next logical line, which `node` begins; a block's is not part of it."""

    def locate(self, node: cst.CSTNode) -> ir.Span | None:
        """The span of an expression or argument on the current line, if it can be told."""

    def finish(self) -> None:
        """Called when all lines were visited."""


class ScanLocator:
    """Positions from the scan. Its methods raise `LineMismatch` when scan and tree disagree."""

    def __init__(self, text: str, scanned: Scan, tree: cst.Module) -> None:
        self._text = text
        self._scan = scanned
        self._tree = tree
        self._line = -1
        self._node: cst.CSTNode = tree
        self._offsets: _Offsets | None = None

    def next_line(self, node: cst.CSTNode) -> ir.Span:
        self._line += 1
        if self._line >= len(self._scan.logical):
            raise LineMismatch
        self._node = node
        self._offsets = None
        return self._span(*self._scan.logical[self._line])

    def finish(self) -> None:
        if self._line != len(self._scan.logical) - 1:
            raise LineMismatch

    def locate(self, node: cst.CSTNode) -> ir.Span | None:
        start, _ = self._scan.logical[self._line]
        if self._offsets is None:
            self._offsets = self._generate(start)
        place = self._offsets.places.get(node)
        if place is None:
            return None
        shift = start - self._offsets.origin
        return self._span(place[0] + shift, place[1] + shift)

    def _generate(self, start: int) -> _Offsets:
        row, _ = self._scan.lines.position(start)
        indent = self._text[self._scan.lines.starts[row - 1] : start]
        offsets = _Offsets(self._tree, self._node, indent)
        is_elif = isinstance(self._node, cst.If) and self._text.startswith("elif", start)
        try:
            if is_elif:
                self._node._codegen(offsets, is_elif=True)
            else:
                self._node._codegen(offsets)
        except _LineEnds:
            pass
        return offsets

    def _span(self, start: int, end: int) -> ir.Span:
        return (*self._scan.lines.position(start), *self._scan.lines.position(end))


class _LineEnds(Exception):
    """The code of a logical line has been generated."""


class _Offsets(CodegenState):
    """Generates the code of one logical line, of which it keeps only where each node stands.

    `origin` is where the line's own node begins.
    """

    def __init__(self, tree: cst.Module, line: cst.CSTNode, indent: str) -> None:
        super().__init__(tree.default_indent, tree.default_newline)
        self.increase_indent(indent)
        self.places: dict[cst.CSTNode, tuple[int, int]] = {}
        self.origin = 0
        self._line = line
        self._length = 0

    def add_indent_tokens(self) -> None:
        self._length += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        self._length += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        if isinstance(node, _NEXT_LINES) and node is not self._line:
            raise _LineEnds

    @contextmanager
    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Iterator[None]:
        start = self._length
        if node is self._line:
            self.origin = start
        yield
        self.places[node] = (start, self._length)


class ProviderLocator:
    """Positions from LibCST's own provider: slow, but right for every tree."""

    def __init__(self, tree: cst.Module) -> None:
        from libcst.metadata import MetadataWrapper, PositionProvider

        wrapper = MetadataWrapper(tree, unsafe_skip_copy=True)
        self._positions = wrapper.resolve(PositionProvider)

    def next_line(self, node: cst.CSTNode) -> ir.Span:
        start, end = self._positions[node].start, self._positions[node].end
        match node if isinstance(node, cst.Match) else getattr(node, "body", None):
            case cst.Match(whitespace_after_colon=space) | cst.IndentedBlock(header=space):
                end = self._positions[space].start
            case cst.SimpleStatementSuite(body=[*_, last]):
                end = self._positions[last].end
        return (start.line, start.column + 1, end.line, end.column + 1)

    def locate(self, node: cst.CSTNode) -> ir.Span | None:
        code = self._positions.get(node)
        if code is None:
            return None
        start, end = code.start, code.end
        return (start.line, start.column + 1, end.line, end.column + 1)

    def finish(self) -> None:
        pass
