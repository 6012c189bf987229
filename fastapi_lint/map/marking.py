"""Which findings stand on what the map shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..model.scopes import Class, Function
from ..rule import Finding
from ..walk import statements
from .structure import Location, Mark

_END = 1 << 60


@dataclass(frozen=True)
class Extent:
    """Some rows of a file, from `first` to `last`."""

    path: str
    first: int
    last: int


class Marks:
    """The findings of a run by place."""

    def __init__(
        self, findings: Iterable[Finding], locate: Callable[[str, int, int], Location]
    ) -> None:
        self._found: dict[str, list[tuple[int, Mark]]] = {}
        for finding in findings:
            row, column, _, _ = finding.span
            location = locate(finding.path, row, column)
            mark = Mark(
                finding.code, finding.name, finding.severity.value, finding.message, location
            )
            self._found.setdefault(finding.path, []).append((row, mark))

    def within(self, extents: Iterable[Extent]) -> tuple[Mark, ...]:
        """The findings that begin in some rows."""
        found: dict[Mark, None] = {}
        for extent in extents:
            for row, mark in self._found.get(extent.path, ()):
                if extent.first <= row <= extent.last:
                    found[mark] = None
        return tuple(found)


def extent(node: Function | Class) -> Extent:
    """The rows of a function or class with its decorators, up to what follows it."""
    module, decorators = node.module, node.node.decorators
    first = module.node.span(decorators[0].at if decorators else node.node.at)[0]
    return Extent(module.path, first, _last(node))


def _last(node: Function | Class) -> int:
    following = [other for other in statements(node.parent.body) if other.at > node.node.at]
    if following:
        first = following[0]
        decorators = getattr(first, "decorators", ())
        at = decorators[0].at if decorators else first.at
        return node.module.node.span(at)[0] - 1
    owner = node.parent.owner
    return _last(owner) if owner is not None else _END
