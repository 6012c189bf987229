"""Positions of the few nodes that may be reported.

Statements take theirs from the scan of logical lines, and an expression's own source text is
searched for from where its statement begins: LibCST reproduces that text exactly. That is about a
hundred times cheaper than LibCST's position provider, which remains the fallback for a text whose
logical lines the scan does not count as the tree does.
"""

from __future__ import annotations

from typing import Protocol

import libcst as cst
from libcst._nodes.internal import CodegenState

from .. import ir
from .scan import Scan


class LineMismatch(Exception):
    """The tree has other logical lines than the scan found."""


class Locator(Protocol):
    """Gives positions to the lowering, which visits logical lines in source order."""

    def next_line(self, node: cst.CSTNode) -> ir.Span:
        """The span of the next logical line, which `node` begins."""

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
        self._searched: dict[str, int] = {}

    def next_line(self, node: cst.CSTNode) -> ir.Span:
        self._line += 1
        if self._line >= len(self._scan.logical):
            raise LineMismatch
        self._searched.clear()
        return self._span(*self._scan.logical[self._line])

    def finish(self) -> None:
        if self._line != len(self._scan.logical) - 1:
            raise LineMismatch

    def locate(self, node: cst.CSTNode) -> ir.Span | None:
        start, _ = self._scan.logical[self._line]
        code = self._code(node, start)
        offset = self._searched.get(code, start)
        while (found := self._text.find(code, offset)) >= 0:
            before = self._text[found - 1 : found]
            offset = found + 1
            if not (before.isalnum() or before in ("_", ".")):
                self._searched[code] = offset
                return self._span(found, found + len(code))
        return None

    def _code(self, node: cst.CSTNode, start: int) -> str:
        row, _ = self._scan.lines.position(start)
        state = CodegenState(self._tree.default_indent, self._tree.default_newline)
        state.increase_indent(self._text[self._scan.lines.starts[row - 1] : start])
        node._codegen(state)
        return "".join(state.tokens)

    def _span(self, start: int, end: int) -> ir.Span:
        return (*self._scan.lines.position(start), *self._scan.lines.position(end))


class ProviderLocator:
    """Positions from LibCST's own provider: slow, but right for every tree."""

    def __init__(self, tree: cst.Module) -> None:
        from libcst.metadata import MetadataWrapper, PositionProvider

        wrapper = MetadataWrapper(tree, unsafe_skip_copy=True)
        self._positions = wrapper.resolve(PositionProvider)

    def next_line(self, node: cst.CSTNode) -> ir.Span:
        span = self.locate(node)
        return span if span is not None else (1, 1, 1, 1)

    def locate(self, node: cst.CSTNode) -> ir.Span | None:
        code = self._positions.get(node)
        if code is None:
            return None
        start, end = code.start, code.end
        return (start.line, start.column + 1, end.line, end.column + 1)

    def finish(self) -> None:
        pass
