"""Which names does a file import, bind and read? Everything is found in one walk over its tree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import libcst as cst

from .lower import IMPORTS, IMPORTS_FROM, AnyImport, dotted

_BINDING = frozenset({
    cst.AnnAssign, cst.AssignTarget, cst.AugAssign, cst.ClassDef, cst.CompFor, cst.Del,
    cst.ExceptHandler, cst.For, cst.FunctionDef, cst.MatchAs, cst.MatchStar, cst.NameItem,
    cst.NamedExpr, cst.Param, cst.WithItem,
})  # fmt: skip
"""The nodes that bind names, besides imports. Asked by type: LibCST's classes are slow to test."""


class Names:
    """The names of one file, whatever scope they are in.

    `bindings` counts how often each is bound otherwise than by an import. `imported` holds what
    imports bind it to, a module and, unless it is the module itself, a name in it; `aliases` where
    they do. `typing_only` are those that only one import under `if TYPE_CHECKING:` binds. `reads`
    are the places where a name stands for a variable; `strings` the strings that are no docstrings,
    as they are written, since an annotation or `__all__` may name something in one.
    """

    def __init__(self, parents: Mapping[cst.CSTNode, cst.CSTNode]) -> None:
        self.bindings: Counter[str] = Counter()
        self.imported: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
        self.aliases: dict[str, list[cst.ImportAlias]] = defaultdict(list)
        self.reads: dict[str, list[cst.Name]] = defaultdict(list)
        self.strings: list[str] = []
        for node, parent in parents.items():
            kind = type(node)
            if kind in _BINDING:
                self.bindings.update(names_bound(node))
            elif kind is cst.Name:
                assert isinstance(node, cst.Name)
                if is_variable(node, parent):
                    self.reads[node.value].append(node)
            elif kind is cst.SimpleString:
                assert isinstance(node, cst.SimpleString)
                if not isinstance(parent, cst.Expr):
                    self.strings.append(node.value)
            elif isinstance(node, (*IMPORTS, *IMPORTS_FROM)):
                self._import(node)
        self.typing_only = frozenset(
            name
            for name, found in self.aliases.items()
            if len(found) == 1 and _is_for_types(found[0], parents)
        )

    def _import(self, node: AnyImport) -> None:
        for alias in () if isinstance(node.names, cst.ImportStar) else node.names:
            bound, name = bound_by(alias), dotted(alias.name)
            self.aliases[bound].append(alias)
            if isinstance(node, IMPORTS_FROM):
                module = "." * len(node.relative) + (dotted(node.module) if node.module else "")
                self.imported[bound].add((module, name))
            else:
                module = name if alias.asname is not None else name.partition(".")[0]
                self.imported[bound].add((module, None))


def is_variable(node: cst.Name, parent: cst.CSTNode) -> bool:
    """Whether a name stands for a variable: not for an attribute or keyword, nor behind `as`, nor
    for a part of an import."""
    match parent:
        case cst.Attribute(attr=word) | cst.Arg(keyword=word):
            return word is not node
        case cst.ImportAlias() | cst.ImportFrom() | cst.LazyImportFrom() | cst.AsName():
            return False
    return True


def _is_for_types(node: cst.CSTNode, parents: Mapping[cst.CSTNode, cst.CSTNode]) -> bool:
    """Whether a node stands under `if TYPE_CHECKING:`."""
    while (around := parents.get(node)) is not None:
        if isinstance(around, cst.If) and dotted(around.test).endswith("TYPE_CHECKING"):
            return True
        node = around
    return False


def bound_by(alias: cst.ImportAlias) -> str:
    """The name that an import binds."""
    if alias.asname is not None:
        return dotted(alias.asname.name)
    return dotted(alias.name).partition(".")[0]


def names_bound(node: cst.CSTNode) -> Iterator[str]:
    """The names that a node itself binds; those of imports are left out."""
    match node:
        case cst.FunctionDef(name=name) | cst.ClassDef(name=name) | cst.Param(name=name):
            yield name.value
        case cst.AssignTarget(target=target) | cst.AnnAssign(target=target):
            yield from _names_in(target)
        case cst.AugAssign(target=target) | cst.For(target=target) | cst.CompFor(target=target):
            yield from _names_in(target)
        case cst.NamedExpr(target=target) | cst.Del(target=target):
            yield from _names_in(target)
        case cst.WithItem(asname=cst.AsName(name=target)):
            yield from _names_in(target)
        case cst.ExceptHandler(name=cst.AsName(name=target)):
            yield from _names_in(target)
        case cst.MatchAs(name=cst.Name(value=bound)) | cst.MatchStar(name=cst.Name(value=bound)):
            yield bound
        case cst.NameItem(name=name):
            yield name.value


def _names_in(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, (cst.Attribute, cst.Subscript)):
        return
    if isinstance(target, cst.Name):
        yield target.value
    for inner in target.children:
        yield from _names_in(inner)
