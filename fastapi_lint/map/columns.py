"""A table for the terminal whose cells are broken between names, not amid them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

_GAP = 2
_ATOM = re.compile(r"[^\s/,\[]*(?:[/,\[]+|\s+|$)")
"""What stays together: up to a slash, a comma, a bracket, or blanks."""


@dataclass(frozen=True)
class Columns:
    """Rows of cells below titles."""

    titles: Sequence[str]
    rows: Sequence[Sequence[Text]]

    @property
    def width(self) -> int:
        """The width at which nothing is broken."""
        return sum(map(_natural, self._cells())) + self._gaps

    @property
    def least(self) -> int:
        """The width below which names would be broken."""
        return sum(self._leasts()) + self._gaps

    def table(self, width: int, order: Sequence[int]) -> Table:
        """A table for a width, which is not below the least.

        Each column is at least as wide as its longest name. What is left over goes to the columns
        in that order, each until nothing in it needs to be broken.
        """
        widths, spare = self._leasts(), width - self.least
        cells = self._cells()
        for index in order:
            more = max(0, min(spare, _natural(cells[index]) - widths[index]))
            widths[index] += more
            spare -= more
        drawn = new_table(header_style="dim")
        for title, size in zip(self.titles, widths, strict=True):
            drawn.add_column(title, width=size)
        for row in self.rows:
            drawn.add_row(*map(_broken, row, widths))
        return drawn

    @property
    def _gaps(self) -> int:
        return _GAP * (len(self.titles) - 1)

    def _cells(self) -> list[list[Text]]:
        titles = [Text(title) for title in self.titles]
        return [[*cells] for cells in zip(titles, *self.rows, strict=True)]

    def _leasts(self) -> list[int]:
        return [max(map(_least, cells)) for cells in self._cells()]


def new_table(**attributes: Any) -> Table:
    """A table without lines."""
    return Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, **attributes)


def _natural(cells: Sequence[Text]) -> int:
    return max(cell_len(line) for cell in cells for line in cell.plain.split("\n"))


def _least(cell: Text) -> int:
    return max(cell_len(atom.rstrip()) for atom in _ATOM.findall(cell.plain))


def _broken(cell: Text, width: int) -> Text:
    """A cell with line breaks where the next name would be too much."""
    return Text("\n").join([part for line in cell.split("\n") for part in _lines(line, width)])


def _lines(line: Text, width: int) -> list[Text]:
    atoms = _ATOM.findall(line.plain)
    ends = [*accumulate(map(len, atoms))]
    breaks, start = [], 0
    for atom, end in zip(atoms, ends, strict=True):
        if cell_len(line.plain[start:end].rstrip()) > width and end - len(atom) > start:
            start = end - len(atom)
            breaks.append(start)
    parts = [*line.divide(breaks)]
    for part in parts:
        part.rstrip()
    return parts
