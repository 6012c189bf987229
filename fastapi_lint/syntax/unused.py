"""Which imports does nothing need any more, once fixes have removed the last use of their names?

Only what the file itself has lost is asked about: an import that was not used before stays.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

import libcst as cst

from ..fix import Edit, Unfixable, apply
from ..source import Source, decode
from .editor import FileEditor
from .tree import Tree


def removals(tree: Tree, edits: Sequence[Edit], is_shared: Callable[[str], bool]) -> list[Edit]:
    """The edits that remove the imports whose last use other edits remove.

    `is_shared` tells whether another file imports a name from this one.
    """
    found: list[Edit] = []
    for name in _lost(tree, edits):
        removal = _removal(tree, name, is_shared)
        if removal is not None and not any(removal.touches(e) for e in (*edits, *found)):
            found.append(removal)
    return found


def without_unused(before: Source, after: bytes, is_shared: Callable[[str], bool]) -> bytes:
    """The new content of a file without the imports that only its old content uses."""
    used = Tree(before).names.reads.keys()
    while True:
        tree = Tree(decode(before.path, after))
        names = tree.names
        lost = [name for name in names.aliases if name in used and name not in names.reads]
        removal = next(filter(None, (_removal(tree, name, is_shared) for name in lost)), None)
        if removal is None:
            return after
        after = tree.source.encode(apply(tree.text, [removal]))


def _lost(tree: Tree, edits: Iterable[Edit]) -> Iterator[str]:
    """The imported names that are used in removed text alone."""
    removed = [edit for edit in edits if edit.start < edit.end]
    written = " ".join(edit.text for edit in edits)
    for name in tree.names.aliases:
        places = map(tree.inner, tree.names.reads.get(name, ()))
        is_gone = name in tree.names.reads and all(
            any(edit.start <= start and end <= edit.end for edit in removed)
            for start, end in places
        )
        if is_gone and not _has_word(name, written):
            yield name


def _removal(tree: Tree, name: str, is_shared: Callable[[str], bool]) -> Edit | None:
    """The edit that removes the one import of a name, if nothing but code could want it."""
    names = tree.names
    if len(names.aliases[name]) > 1 or names.bindings[name]:
        return None
    alias = names.aliases[name][0]
    statement = tree.parent(alias)
    start, end = tree.inner(statement)
    line = tree.text[tree.line_start(start) : tree.line_end(end)]
    is_exported = alias.asname is not None and tree.text[slice(*tree.inner(alias.name))] == name
    if (
        tree.parent(tree.parent(statement)) is not tree.module
        or (isinstance(statement, cst.ImportFrom) and "__future__" in line)
        or os.path.basename(tree.source.path) == "__init__.py"
        or is_exported
        or "noqa" in line
        or any(_has_word(name, text) for text in names.strings)
        or is_shared(name)
    ):
        return None
    editor = FileEditor(tree, lambda path: editor)
    with suppress(Unfixable):
        editor.delete_import(alias)
        return editor.edits[0]
    return None


def _has_word(word: str, text: str) -> bool:
    return word in text and re.search(rf"\b{re.escape(word)}\b", text) is not None
