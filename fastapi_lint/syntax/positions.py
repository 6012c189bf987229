"""Where the nodes of a LibCST tree stand in the text."""

from __future__ import annotations

from typing import Protocol

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from .. import ir


class Locator(Protocol):
    """Gives positions to the lowering."""

    def line(self, node: cst.CSTNode) -> ir.Span:
        """The span of the logical line that `node` begins; a block's is not part of it."""

    def locate(self, node: cst.CSTNode) -> ir.Span | None:
        """The span of an expression or argument, if it stands in the text itself."""


class ProviderLocator:
    """Positions from LibCST's own provider."""

    def __init__(self, tree: cst.Module) -> None:
        wrapper = MetadataWrapper(tree, unsafe_skip_copy=True)
        self._positions = wrapper.resolve(PositionProvider)

    def line(self, node: cst.CSTNode) -> ir.Span:
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
