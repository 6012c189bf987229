"""How is a line broken that a fix has made too long?

As formatters do it: what stands in the outermost brackets around the change moves to one indented
line of its own, or, where that is too long as well, to a line for each item.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import libcst as cst

from ..fix import Edit
from .tree import Tree

_NARROW, _WIDE = 88, 100
_OPENING = (
    cst.BaseComp, cst.Dict, cst.DictComp, cst.FormattedString, cst.Lambda, cst.List, cst.Set,
    cst.Subscript, cst.Tuple,
)  # fmt: skip


def fitted(tree: Tree, changed: cst.CSTNode, edits: list[Edit]) -> list[Edit]:
    """The edits that changed a node, with those that break its line.

    There are no others if the line is short enough, has a comment, or is not one that this breaks:
    a statement on a single line whose outermost brackets are those of a call or of parameters.
    """
    items = _items(tree, changed)
    if not items:
        return edits
    first, last = tree.inner(items[0])[0], tree.inner(items[-1])[1]
    row = sum(1 for start in tree.starts if start <= first) - 1
    start = tree.starts[row]
    end = tree.starts[row + 1] if row + 1 < len(tree.starts) else len(tree.text)
    line = tree.text[start:end].rstrip("\r\n")
    opening = first - (len(tree.text[start:first]) - len(tree.text[start:first].rstrip()))
    closing = last + len(tree.text[last:end]) - len(tree.text[last:end].lstrip())
    made = [edit for edit in edits if start <= edit.start and edit.end <= end]
    if (
        last > end
        or "#" in line
        or tree.text[opening - 1] != "("
        or tree.text[closing : closing + 1] != ")"
        or any("\n" in edit.text or edit.start == edit.end == opening for edit in made)
        or len(line) + _growth(made) <= _width(tree)
    ):
        return edits
    newline = tree.text[start + len(line) : end] or tree.module.default_newline
    indent = line[: len(line) - len(line.lstrip())]
    inner = indent + tree.module.default_indent
    inside = [edit for edit in made if opening <= edit.start and edit.end <= last]
    is_short = len(inner) + last - first + _growth(inside) <= _width(tree)
    found = [*edits, Edit(opening, first, newline + inner)]
    if not is_short:
        for index, edit in enumerate(edits):
            if edit.start == edit.end == last and edit.text.startswith(", "):
                found[index] = Edit(last, last, f",{newline}{inner}{edit.text[2:]}")
        for before, after in pairwise(items):
            end_of_comma = tree.text.index(",", tree.inner(before)[1]) + 1
            found.append(Edit(end_of_comma, tree.inner(after)[0], newline + inner))
    is_lone_parameter = len(items) == 1 and isinstance(items[0], cst.Param)
    comma = "," if is_lone_parameter or not is_short else ""
    return [*found, Edit(last, closing, comma + newline + indent)]


def _growth(edits: Iterable[Edit]) -> int:
    return sum(len(edit.text) - (edit.end - edit.start) for edit in edits)


def _items(tree: Tree, changed: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """What stands in the outermost brackets around a node, if these are of a call or a `def`."""
    found: Sequence[cst.CSTNode] = changed.args if isinstance(changed, cst.Call) else ()
    inner = changed
    for node in tree.ancestors(changed):
        if isinstance(node, (cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.Decorator)):
            break
        if isinstance(node, cst.Call) and isinstance(inner, cst.Arg):
            found = node.args
        elif isinstance(node, cst.Parameters) and not isinstance(tree.parent(node), cst.Lambda):
            found = node.children
        elif isinstance(node, _OPENING) or getattr(node, "lpar", None):
            found = ()
        inner = node
    return found


def _width(tree: Tree) -> int:
    """How long lines may be: as in this file, within the limits that are usual."""
    longest = max(map(len, tree.text.splitlines()), default=0)
    return min(max(longest, _NARROW), _WIDE)
