"""How is a line broken that a fix has made too long?

As formatters do it: what stands in the outermost brackets around the change moves to one indented
line of its own, or, where that is too long as well, to a line for each item. The other way round,
code that is moved from several lines is put on one if it is short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import libcst as cst

from ..fix import Edit
from .tree import Tree, descendants

_SHORT = 72
_OPENING = (
    cst.BaseComp, cst.Dict, cst.DictComp, cst.FormattedString, cst.Lambda, cst.List, cst.Set,
    cst.Subscript, cst.Tuple,
)  # fmt: skip


def fitted(tree: Tree, changed: cst.CSTNode, edits: list[Edit]) -> list[Edit]:
    """The edits that changed a node, with those that break its line.

    There are no others if the line is short enough, has a comment, or is not one that this breaks:
    the outermost brackets are those of a call or of parameters, and what stands in them is on one
    line, with the brackets or without.
    """
    if isinstance(changed, cst.ImportFrom):
        return _fitted_import(tree, changed, edits)
    items = _items(tree, changed)
    if not items:
        return edits
    first, last = tree.inner(items[0])[0], tree.inner(items[-1])[1]
    start, end = tree.line_start(first), tree.line_end(first)
    line = tree.text[start:end].rstrip("\r\n")
    made = [edit for edit in edits if start <= edit.start and edit.end <= end]
    if (
        last > end
        or "#" in line
        or any("\n" in edit.text for edit in made)
        or len(line) + _growth(made) <= tree.width
    ):
        return edits
    newline = tree.text[start + len(line) : end] or tree.module.default_newline
    before, after = tree.text[start:first], tree.text[last : start + len(line)]
    indent = before[: len(before) - len(before.lstrip())]
    if indent == before and not after.strip():
        return [*_apart(tree, items, edits, newline + indent), Edit(last, last, ",")]
    opening = start + len(before.rstrip())
    closing = last + len(after) - len(after.lstrip())
    is_touched = any(edit.start == edit.end == opening for edit in made)
    if is_touched or tree.text[opening - 1] != "(" or tree.text[closing : closing + 1] != ")":
        return edits
    inner = indent + tree.module.default_indent
    inside = [edit for edit in made if opening <= edit.start and edit.end <= last]
    is_short = len(inner) + last - first + _growth(inside) <= tree.width
    is_lone = len(items) == 1 and not any(_is_added(edit, last) for edit in edits)
    comma = "," if (isinstance(items[0], cst.Param) if is_lone else not is_short) else ""
    return [
        *(edits if is_short else _apart(tree, items, edits, newline + inner)),
        Edit(opening, first, newline + inner),
        Edit(last, closing, comma + newline + indent),
    ]


def _fitted_import(tree: Tree, changed: cst.ImportFrom, edits: list[Edit]) -> list[Edit]:
    """The edits that gave an import more names, with those that put each on a line of its own."""
    start, end = tree.inner(changed)
    names = () if isinstance(changed.names, cst.ImportStar) else changed.names
    made = [edit for edit in edits if start <= edit.start and edit.end <= end]
    if (
        changed.lpar is not None
        or tree.row(start) != tree.row(end)
        or tree.text[end : tree.line_end(end)].strip()
        or any(edit.end > edit.start or "\n" in edit.text for edit in made)
        or end - tree.line_start(start) + _growth(made) <= tree.width
    ):
        return edits
    newline = tree.text[end : tree.line_end(end)].lstrip(" \t") or tree.module.default_newline
    line = newline + tree.module.default_indent
    first, last = tree.inner(names[0])[0], tree.inner(names[-1])[1]
    return [
        Edit(first, first, f"({line}"),
        *(
            Edit(e.start, e.end, e.text.replace(", ", f",{line}")) if e in made else e
            for e in _apart(tree, names, edits, line)
        ),
        Edit(last, last, f",{newline})"),
    ]


def _apart(
    tree: Tree, items: Sequence[cst.CSTNode], edits: Iterable[Edit], separator: str
) -> Iterator[Edit]:
    """The edits with those that put each item, and one that is added at the end, on its line."""
    last = tree.inner(items[-1])[1]
    for edit in edits:
        added = f",{separator}{edit.text[2:]}"
        yield Edit(last, last, added) if _is_added(edit, last) else edit
    for item, following in pairwise(items):
        comma = tree.text.index(",", tree.inner(item)[1])
        yield Edit(comma + 1, tree.inner(following)[0], separator)


def _is_added(edit: Edit, last: int) -> bool:
    """Whether an edit puts an item behind the last one."""
    return edit.start == edit.end == last and edit.text.startswith(", ")


def _growth(edits: Iterable[Edit]) -> int:
    return sum(len(edit.text) - (edit.end - edit.start) for edit in edits)


def _items(tree: Tree, changed: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """What stands in the outermost brackets around a node that is on one line, if these are of a
    call or a `def`."""
    found: Sequence[cst.CSTNode] = changed.args if isinstance(changed, cst.Call) else ()
    inner = changed
    for node in tree.ancestors(changed):
        items: Sequence[cst.CSTNode] | None = None
        if isinstance(node, (cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.Decorator)):
            break
        if isinstance(node, cst.Call) and isinstance(inner, cst.Arg):
            items = node.args
        elif isinstance(node, cst.Parameters) and not isinstance(tree.parent(node), cst.Lambda):
            items = node.children
        elif isinstance(node, _OPENING) or getattr(node, "lpar", None):
            items = ()
        inner = node
        if items is None:
            continue
        start, end = tree.whole(node)
        if items:
            start, end = tree.inner(items[0])[0], tree.inner(items[-1])[1]
        if tree.row(start) != tree.row(end):
            break
        found = items
    return found


def closed_up(tree: Tree, shrunk: cst.Call | cst.Parameters, edits: list[Edit]) -> list[Edit]:
    """The edits that took items out of brackets, which are put on one line again if they were only
    broken because of the length: those of what is left fit, or nothing is left."""
    items = shrunk.args if isinstance(shrunk, cst.Call) else shrunk.children
    first, last = tree.inner(items[0])[0], tree.inner(items[-1])[1]
    opening = len(tree.text[:first].rstrip())
    closing = len(tree.text) - len(tree.text[last:].lstrip(" \t\f\r\n,"))
    inside = [edit for edit in edits if opening <= edit.start and edit.end <= closing]
    if (
        tree.text[opening - 1] != "("
        or tree.text[closing] != ")"
        or tree.row(opening) == tree.row(closing)
        or "#" in tree.text[opening:closing]
        or any(edit.text for edit in inside)
    ):
        return edits
    left = [
        tree.text[slice(*place)].rstrip(", \t\f\r\n")
        for place in map(tree.inner, items)
        if not any(edit.start <= place[0] and place[1] <= edit.end for edit in inside)
    ]
    before = tree.text[tree.line_start(opening) : opening]
    line = f"{before}{', '.join(left)}{tree.text[closing : tree.line_end(closing)].rstrip()}"
    is_one_line = tree.row(first) == tree.row(last) and not tree.text[last:closing].strip()
    if left and (not is_one_line or len(line) > tree.width):
        return edits
    kept = [edit for edit in edits if edit not in inside]
    return [*kept, Edit(opening, closing, ", ".join(left))]


def on_one_line(text: str, node: cst.CSTNode) -> str | None:
    """The code of an expression on one line, if it is short then and nothing is lost."""
    if "#" in text or "\\" in text or '"""' in text or "'''" in text:
        return None
    if any(isinstance(part, cst.Tuple) for part in descendants(node)):
        return None
    text = re.sub(r"(?<=[(\[{])\s*[\r\n]\s*", "", text)
    text = re.sub(r",?\s*[\r\n]\s*(?=[)\]}])", "", text)
    text = re.sub(r"\s*[\r\n]\s*", " ", text)
    return text if len(text) <= _SHORT else None
