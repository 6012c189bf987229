"""How is a name of another module written in a file, and where is it imported if it is not yet?

An import that the file has at its top is used. Otherwise an import from the same module is
extended in its own style, or a new line is put where the file's own order has its place. A name
that the file also uses for something else is never imported over.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import libcst as cst
import msgspec

from ..fix import Edit, Unfixable
from ..model.names import canonical
from .lower import dotted
from .names import bound_by
from .tree import Tree

_Statement: TypeAlias = cst.Import | cst.ImportFrom
_FRAMEWORK = frozenset({"fastapi", "starlette", "pydantic", "sqlalchemy", "httpx", "jose", "jwt"})
_ONE_OBJECT = frozenset({"fastapi", "starlette", "typing", "typing_extensions"})
"""Where names that are canonically one are one object, and not only alike."""


class _Import(msgspec.Struct, frozen=True):
    """One import statement at the top of a file, alone on its line."""

    node: _Statement
    module: str

    @property
    def is_from(self) -> bool:
        return isinstance(self.node, cst.ImportFrom)

    @property
    def key(self) -> tuple[bool, str]:
        """Its place in the order that isort and ruff make: `import a` before `from a import b`."""
        return self.is_from, self.module.lower()

    @property
    def section(self) -> int:
        return _section(self.module)

    @property
    def aliases(self) -> Sequence[cst.ImportAlias]:
        names = self.node.names
        return () if isinstance(names, cst.ImportStar) else names


class Imports:
    """The imports of one file."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def name(self, module: str, name: str, otherwise: str | None) -> tuple[str, Edit | None]:
        """How to write `module.name`, and the edit that imports it, if one is needed.

        Raises `Unfixable` if the file uses all possible spellings for something else.
        """
        for statement in self._top:
            if statement.is_from and _is_same(statement.module, module, name):
                for alias in statement.aliases:
                    bound = bound_by(alias)
                    if dotted(alias.name) == name and self._is_free(bound):
                        return bound, None
        known = self._known_module(module)
        if known is not None:
            return f"{known}.{name}", None
        if self._is_unused(name, module, name):
            return name, self._new_name(module, name, None)
        if otherwise is not None and self._is_unused(otherwise, module, name):
            return otherwise, self._new_name(module, name, otherwise)
        spelling, edit = self.module(module)
        return f"{spelling}.{name}", edit

    def module(self, module: str) -> tuple[str, Edit | None]:
        """How to write a module, and the edit that imports it, if one is needed."""
        known = self._known_module(module)
        if known is not None:
            return known, None
        top = module.partition(".")[0]
        if not self._is_unused(top, top, None):
            raise Unfixable(f"`{top}` is the name of something else in this file")
        return module, self._insert(module, f"import {module}", is_from=False)

    def instead(self, module: str, name: str) -> tuple[cst.ImportAlias, Edit]:
        """The import that binds a name now, and the edit that imports it from another module.

        Raises `Unfixable` if it is not bound by one import at the top, or not only called.
        """
        found = [
            alias
            for statement in self._top
            if statement.is_from and statement.module != module
            for alias in statement.aliases
            if alias.asname is None and bound_by(alias) == name
        ]
        if len(found) != 1 or not self._is_free(name):
            raise Unfixable(f"`{name}` is not bound by one import")
        for node in self._tree.names.reads[name]:
            match self._tree.parent(node):
                case cst.Call(func=word) if word is node:
                    pass
                case _:
                    raise Unfixable(f"`{name}` is used for more than calls")
        return found[0], self._new_name(module, name, None)

    def _known_module(self, module: str) -> str | None:
        parent, _, last = module.rpartition(".")
        for statement in self._top:
            for alias in statement.aliases:
                bound = bound_by(alias)
                if statement.is_from:
                    found = bool(parent) and (statement.module, dotted(alias.name)) == (
                        parent, last)  # fmt: skip
                    spelling = bound
                else:
                    found = dotted(alias.name) == module
                    spelling = bound if alias.asname is not None else module
                if found and self._is_free(bound):
                    return spelling
        return None

    def _is_free(self, bound: str) -> bool:
        """Whether a name that is imported means nothing else anywhere in the file."""
        return self._tree.names.bindings[bound] == 0 and len(self._tree.names.imported[bound]) == 1

    def _is_unused(self, name: str, module: str, original: str | None) -> bool:
        """Whether a name can be imported: the file knows it only from such an import for types."""
        sources = self._tree.names.imported.get(name)
        if self._tree.names.bindings[name]:
            return False
        if sources:
            return sources <= {(module, original)} and name in self._tree.names.typing_only
        return name not in self._tree.names.reads

    @cached_property
    def _top(self) -> list[_Import]:
        """The imports before the first function or class of the module, in order."""
        found: list[_Import] = []
        for line in self._tree.module.body:
            if isinstance(line, (cst.FunctionDef, cst.ClassDef)):
                break
            if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
                node = line.body[0]
                if isinstance(node, cst.ImportFrom):
                    dots = "." * len(node.relative)
                    module = dots + (dotted(node.module) if node.module is not None else "")
                    found.append(_Import(node, module))
                elif isinstance(node, cst.Import):
                    found.append(_Import(node, dotted(node.names[0].name)))
        return found

    def extended(self, edit: Edit) -> cst.ImportFrom | None:
        """The import statement that an edit gives more names, if it is one."""
        for statement in self._top:
            start, end = self._tree.inner(statement.node)
            if isinstance(statement.node, cst.ImportFrom) and start < edit.start <= end:
                return statement.node
        return None

    # Edits

    def _new_name(self, module: str, name: str, alias: str | None) -> Edit:
        written = name if alias is None else f"{name} as {alias}"
        for statement in self._head:
            is_plain = statement.aliases and all(a.asname is None for a in statement.aliases)
            if statement.is_from and statement.module == module and is_plain and alias is None:
                return self._extend(statement, name, written)
        return self._insert(module, f"from {module} import {written}", is_from=True)

    def _extend(self, statement: _Import, name: str, written: str) -> Edit:
        """Add a name to an import statement, in the order that its names have."""
        aliases = statement.aliases
        names = [dotted(alias.name) for alias in aliases]
        index = len(names)
        for key in (_typed_key, str.lower, str):
            if names == sorted(names, key=key):
                index = bisect_right([key(other) for other in names], key(name))
                break
        if index < len(aliases):
            start, _ = self._tree.inner(aliases[index])
            return Edit(start, start, f"{written}{self._separator(start)}")
        start, end = self._tree.inner(aliases[-1])
        return Edit(end, end, f"{self._separator(start)}{written}")

    def _separator(self, start: int) -> str:
        """What stands between the names of an import, one of which begins here."""
        if not self._tree.is_blank_before(start):
            return ", "
        indent = self._tree.text[self._tree.line_start(start) : start]
        return f",{self._newline(start)}{indent}"

    def _insert(self, module: str, line: str, *, is_from: bool) -> Edit:
        """A new import statement, where the order of the file has its place."""
        head = [statement for statement in self._head if statement.module != "__future__"]
        section = _section(module)
        key = (is_from, module.lower())
        same = _blocks([s for s in head if s.section == section], self._tree)
        block = next((b for b in same if any(_is_framework(s.module) for s in b)), None)
        block = block or (same[0] if same else None)
        if block:
            block = _alike(block, module, is_from)
            earlier = [statement for statement in block if statement.key <= key]
            if earlier:
                return self._line_after(earlier[-1].node, line)
            return self._line_before(block[0].node, line)
        before = [statement for statement in head if statement.section < section]
        if before:
            return self._line_after(before[-1].node, line, gap_before=True)
        if head:
            return self._line_before(head[0].node, line, gap_after=True)
        return self._first(line)

    def _first(self, line: str) -> Edit:
        """The first import of a file: below its comments, docstring and `__future__` imports."""
        body = self._tree.module.body
        last: cst.CSTNode | None = None
        for statement in body:
            if not isinstance(statement, cst.SimpleStatementLine):
                break
            small = statement.body[0]
            is_docstring = isinstance(small, cst.Expr) and isinstance(
                small.value, (cst.SimpleString, cst.ConcatenatedString)
            )
            is_future = isinstance(small, cst.ImportFrom) and (
                small.module is not None and dotted(small.module) == "__future__"
            )
            if not is_docstring and not is_future:
                break
            last = small
        if last is not None:
            return self._line_after(last, line, gap_before=True)
        start = (
            self._tree.line_start(self._tree.inner(body[0])[0]) if body else len(self._tree.text)
        )
        newline = self._newline(start)
        is_definition = bool(body) and isinstance(body[0], (cst.FunctionDef, cst.ClassDef))
        return Edit(start, start, f"{line}{newline}{newline * (2 if is_definition else 1)}")

    @cached_property
    def _head(self) -> list[_Import]:
        """The imports at the top with no other statement between them than conditional imports."""
        found: list[_Import] = []
        top = {id(self._tree.parent(statement.node)): statement for statement in self._top}
        for line in self._tree.module.body:
            if id(line) in top:
                found.append(top[id(line)])
            elif found and not isinstance(line, (cst.If, cst.Try)):
                break
        return found

    def _line_after(self, node: cst.CSTNode, line: str, *, gap_before: bool = False) -> Edit:
        _, end = self._tree.inner(node)
        stop = self._tree.line_end(end)
        if ";" in self._tree.text[end:stop]:
            raise Unfixable("an import shares its line with another statement")
        newline = self._newline(end)
        gap = newline if gap_before else ""
        if self._tree.text[stop - 1 : stop] not in ("\r", "\n"):
            return Edit(stop, stop, f"{newline}{gap}{line}")
        return Edit(stop, stop, f"{gap}{line}{newline}")

    def _line_before(self, node: cst.CSTNode, line: str, *, gap_after: bool = False) -> Edit:
        start = self._tree.line_start(self._tree.inner(node)[0])
        newline = self._newline(start)
        return Edit(start, start, f"{line}{newline}{newline if gap_after else ''}")

    def _newline(self, offset: int) -> str:
        match = re.search(r"\r\n|\r|\n", self._tree.text[offset:])
        return match[0] if match else self._tree.module.default_newline


def joined(one: Edit, other: Edit) -> Edit | None:
    """Two new imports at one place as one edit, in order; `None` if they are no neighbours."""
    lines = sorted({*one.text.split("\n"), *other.text.split("\n")} - {""}, key=_line_key)
    is_one_place = one.start == one.end == other.start == other.end
    if not is_one_place or not all(re.match(r"(?:from|import) ", line) for line in lines):
        return None
    if len({_section(line.split()[1]) for line in lines}) > 1 or "\r" in one.text:
        return None
    first = one.text.strip("\n")
    return Edit(one.start, one.end, one.text.replace(first, "\n".join(lines)))


def _line_key(line: str) -> tuple[bool, str]:
    return line.startswith("from"), "".join(line.split()[1:2]).lower()


def _blocks(statements: Sequence[_Import], tree: Tree) -> list[list[_Import]]:
    """Imports in groups that blank lines separate."""
    groups: list[list[_Import]] = []
    end = -1
    for statement in statements:
        start, stop = tree.inner(statement.node)
        gap = re.findall(r"\r\n|\r|\n", tree.text[end:start]) if groups else []
        if not groups or len(gap) > 1:
            groups.append([])
        groups[-1].append(statement)
        end = stop
    return groups


def _alike(block: list[_Import], module: str, is_from: bool) -> list[_Import]:
    """The statements of an unsorted block that a new one belongs to: from the same package, or
    from another one of the framework; all of them if there is order, or nothing alike."""
    keys = [statement.key for statement in block]
    if keys == sorted(keys):
        return block
    found = [statement for statement in block if statement.is_from == is_from]
    root = module.partition(".")[0]
    return (
        [statement for statement in found if statement.module.partition(".")[0] == root]
        or [s for s in found if _is_framework(module) and _is_framework(s.module)]
        or block
    )


def _section(module: str) -> int:
    """Where isort puts a module: 0 standard library, 1 the packages, 2 relative imports."""
    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def _is_framework(module: str) -> bool:
    return module.partition(".")[0] in _FRAMEWORK


def _is_same(module: str, other: str, name: str) -> bool:
    """Whether two modules give the same object under a name."""
    if module == other:
        return True
    roots = {module.partition(".")[0], other.partition(".")[0]}
    return (
        roots <= _ONE_OBJECT
        and module != "fastapi.params"
        and canonical(f"{module}.{name}") == canonical(f"{other}.{name}")
    )


def _typed_key(name: str) -> str:
    """The order of ruff and isort: constants, classes, then the rest, each by its letters."""
    kind = "0" if name.isupper() and len(name) > 1 else "1" if name[:1].isupper() else "2"
    return f"{kind}{name.lower()}"
