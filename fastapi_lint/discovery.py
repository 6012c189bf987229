"""Which files belong to a project."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .roots import CACHE_FOLDER

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = (".py", ".pyi")
_GROUP_NAME = re.compile(r"\?P<\w+>")
_SKIPPED = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache",
        ".ruff_cache", CACHE_FOLDER, ".ipynb_checkpoints", "__pycache__", "__pypackages__",
        "node_modules", "site-packages", "dist-packages",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The Python files of a project, sorted; the folders and ignore files that were read for it."""

    files: tuple[str, ...]
    folders: tuple[str, ...]
    ignore_files: tuple[str, ...]


def find(root: str, exclude: Iterable[str] = (), base: str | None = None) -> Found:
    """All Python files below `root` that neither `.gitignore` files nor `exclude` leave out.

    `exclude` holds patterns in gitignore's form, relative to `base`. Virtual environments are told
    by `pyvenv.cfg` and `site-packages`; links are not followed.
    """
    patterns = tuple(exclude)
    ignores: list[_Ignore] = []
    if patterns:
        ignores.append(_ignore(base or root, patterns))
    ignores.extend(_inherited(root))
    files: list[str] = []
    folders: list[str] = []
    _scan(root, ignores, files, folders)
    read = [os.path.join(ignore.folder, ".gitignore") for ignore in ignores[bool(patterns) :]]
    read.extend(path for f in folders if os.path.exists(path := os.path.join(f, ".gitignore")))
    return Found(tuple(sorted(files)), tuple(folders), tuple(read))


def is_excluded(path: str, exclude: Iterable[str], base: str) -> bool:
    """Whether patterns relative to `base` match a file."""
    patterns = tuple(exclude)
    return bool(patterns) and bool(_ignore(base, patterns).verdict(path, False))


@dataclass(frozen=True)
class _Ignore:
    """Patterns relative to a folder; `any` matches at least what one of them mentions."""

    folder: str
    spec: GitIgnoreSpec
    any: re.Pattern[str]

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """True: ignored; False: expressly not; None: not mentioned."""
        if not path.startswith(self.folder.rstrip(os.sep) + os.sep):
            return None
        relative = path[len(self.folder.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
        if is_folder:
            relative += "/"
        if self.any.match(relative) is None:
            return None
        return self.spec.check_file(relative).include


def _ignore(folder: str, lines: Iterable[str]) -> _Ignore:
    from pathspec import GitIgnoreSpec

    good: list[str] = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        good.append(line)
    spec = GitIgnoreSpec.from_lines(good)
    parts = [
        f"(?:{_GROUP_NAME.sub('?:', pattern.regex.pattern)})"
        for pattern in spec.patterns
        if pattern.regex is not None
    ]
    return _Ignore(folder, spec, re.compile("|".join(parts) or r"(?!)"))


def _read_ignore(path: str, folder: str) -> Iterator[_Ignore]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except (OSError, ValueError):
        return
    if any(line.strip() and not line.startswith("#") for line in lines):
        yield _ignore(folder, lines)


def _inherited(root: str) -> list[_Ignore]:
    """What the folders above the root ignore, up to the repository's own."""
    found: list[_Ignore] = []
    folder = root
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        folder = parent
        found[:0] = _read_ignore(os.path.join(folder, ".gitignore"), folder)
    found[:0] = _read_ignore(os.path.join(folder, ".git", "info", "exclude"), folder)
    return found


def _scan(folder: str, ignores: list[_Ignore], files: list[str], folders: list[str]) -> None:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return
    names = {entry.name for entry in entries}
    if "pyvenv.cfg" in names:
        return
    folders.append(folder)
    inner = ignores
    if ".gitignore" in names:
        inner = [*ignores, *_read_ignore(os.path.join(folder, ".gitignore"), folder)]
    for entry in entries:
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder:
                if entry.name not in _SKIPPED and not _ignored(entry.path, True, inner):
                    _scan(entry.path, inner, files, folders)
            elif (
                entry.name.endswith(SUFFIXES)
                and entry.is_file(follow_symlinks=False)
                and not _ignored(entry.path, False, inner)
            ):
                files.append(entry.path)
        except OSError:
            continue


def _ignored(path: str, is_folder: bool, ignores: list[_Ignore]) -> bool:
    for ignore in reversed(ignores):
        verdict = ignore.verdict(path, is_folder)
        if verdict is not None:
            return verdict
    return False
