"""Which file of the project an import names, if any."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import cache, cached_property

_NEVER_LOCAL = frozenset({"fastapi", "starlette"})
_SOURCE_FOLDERS = ("src", "lib", "backend", "app", "server", "api")


class Importer:
    """Resolves imports among the files of one project.

    A name is looked up from the importing file's own ancestors outwards, as if each could be on
    `sys.path`: that covers packages, namespace packages, src layouts, several projects in one
    repository and flat scripts alike. A folder that is itself a package comes late, and never for
    a name of the standard library; last comes the only package of that name in a workspace.
    """

    def __init__(self, files: Iterable[str], root: str) -> None:
        self._root = root
        self._files = frozenset(files)
        self._folders: set[str] = set()
        for path in self._files:
            folder = os.path.dirname(path)
            while folder not in self._folders and folder.startswith(root):
                self._folders.add(folder)
                if folder == root:
                    break
                folder = os.path.dirname(folder)
        self._search = cache(self._search_folders)

    def resolve(self, importer: str, module: str, level: int) -> str | None:
        """The file (or folder of a namespace package) of a module as `importer` names it."""
        folder = os.path.dirname(importer)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return self._find(folder, module) if module else self._package(folder)
        top = module.partition(".")[0]
        if top in _NEVER_LOCAL:
            return None
        plain, packages = self._search(folder)
        for base in plain:
            if (found := self._find(base, module)) is not None:
                return found
        if top not in sys.stdlib_module_names:
            only = self._outermost.get(top, [])
            for base in (*packages, *(only if len(only) == 1 else ())):
                if (found := self._find(base, module)) is not None:
                    return found
        return None

    def submodule(self, path: str, name: str) -> str | None:
        """The file of submodule `name` of the package whose file or folder is `path`."""
        if path.endswith(("/__init__.py", "/__init__.pyi")):
            return self._find(os.path.dirname(path), name)
        return self._find(path, name) if path in self._folders else None

    def _search_folders(self, folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        plain: list[str] = []
        packages: list[str] = []
        current = folder
        while True:
            (packages if self._is_package(current) else plain).append(current)
            if current == self._root or not current.startswith(self._root):
                break
            current = os.path.dirname(current)
        for base in tuple(plain):
            plain.extend(
                inner
                for name in _SOURCE_FOLDERS
                if (inner := f"{base}/{name}") in self._folders
                and inner not in plain
                and not self._is_package(inner)
            )
        return tuple(plain), tuple(packages)

    @cached_property
    def _outermost(self) -> dict[str, list[str]]:
        """The folders that hold an outermost package, by the package's name."""
        found: dict[str, list[str]] = {}
        for path in self._files:
            folder, name = os.path.split(path)
            if name == "__init__.py" and not self._is_inside_package(os.path.dirname(folder)):
                found.setdefault(os.path.basename(folder), []).append(os.path.dirname(folder))
        return found

    def _is_inside_package(self, folder: str) -> bool:
        while folder.startswith(self._root):
            if self._is_package(folder):
                return True
            if folder == self._root:
                break
            folder = os.path.dirname(folder)
        return False

    def _is_package(self, folder: str) -> bool:
        return f"{folder}/__init__.py" in self._files

    def _package(self, folder: str) -> str | None:
        for name in ("__init__.py", "__init__.pyi"):
            if (path := f"{folder}/{name}") in self._files:
                return path
        return folder if folder in self._folders else None

    def _find(self, base: str, module: str) -> str | None:
        path = f"{base}/{module.replace('.', '/')}"
        for suffix in (".py", ".pyi"):
            if path + suffix in self._files:
                return path + suffix
        return self._package(path)
