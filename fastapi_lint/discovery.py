"""Which files belong to a project."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from . import contents
from .source import Unreadable, read_bytes, reason

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = (".py", ".pyi")
_GROUP_NAME = re.compile(r"\?P<\w+>")
_LITERAL = re.compile(r"[\w.-]+")
_SUFFIX = re.compile(r"\*\.[\w-]+")
_MAX_STARS = 3
"""Wildcards in one part of a pattern: matching more can take minutes on a name made for it."""


class Found(msgspec.Struct, frozen=True):
    """The Python files of a project, sorted, and what decided on them.

    `folders` were listed and `ignore_files` read, both with what was seen there: `None` for those
    that were looked for in vain above the root. `unread` are folders that could not be listed, each
    with the reason.
    """

    files: tuple[str, ...]
    folders: Mapping[str, str]
    ignore_files: Mapping[str, str | None]
    unread: tuple[tuple[str, str], ...] = ()


def find(root: str, exclude: Iterable[str] = (), base: str | None = None) -> Found:
    """All Python files below `root` that neither `exclude` nor `.gitignore` files leave out.

    `exclude` holds patterns in gitignore's form, relative to `base`; no `.gitignore` brings back
    what they match. Virtual environments are told by `pyvenv.cfg` and `site-packages`; links are
    not followed.
    """
    excluded = _patterns(base or root, tuple(exclude))
    above = _ignore_files_above(root)
    files: list[str] = []
    folders: dict[str, str] = {}
    unread: list[tuple[str, str]] = []
    ignore_files: dict[str, str | None] = {}
    waiting = [(root, [_read_ignore(path, folder, ignore_files) for folder, path in above])]
    while waiting:
        folder, ignores = waiting.pop()
        try:
            entries = _entries(folder)
            listing = contents.of_folder(entries.values())
        except OSError as error:
            unread.append((folder, reason(error)))
            continue
        folders[folder] = listing
        if "pyvenv.cfg" in entries:
            continue
        if ".gitignore" in entries:
            path = entries[".gitignore"].path
            ignores = [*ignores, _read_ignore(path, folder, ignore_files)]
        for name, entry in entries.items():
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if name in contents.SKIPPED if is_folder else not name.endswith(SUFFIXES):
                    continue
                if excluded.verdict(entry.path, is_folder):
                    continue
                if _is_ignored(entry.path, is_folder, ignores):
                    continue
                if is_folder:
                    waiting.append((entry.path, ignores))
                elif entry.is_file(follow_symlinks=False):
                    files.append(entry.path)
            except OSError:
                continue
    return Found(tuple(sorted(files)), folders, ignore_files, tuple(unread))


def is_excluded(path: str, exclude: Iterable[str], base: str) -> bool:
    """Whether patterns relative to `base` match a file."""
    return bool(_patterns(base, tuple(exclude)).verdict(path, False))


class _Patterns(msgspec.Struct, frozen=True):
    """Patterns relative to a folder.

    What they mention has a part of one of the `names` or `suffixes`, or matches `others`: this is
    told much faster than what they say of it.
    """

    folder: str
    spec: GitIgnoreSpec
    names: frozenset[str]
    suffixes: frozenset[str]
    others: re.Pattern[str]

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """True: ignored; False: expressly not; None: not mentioned."""
        if not path.startswith(self.folder.rstrip(os.sep) + os.sep):
            return None
        relative = path[len(self.folder.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
        if is_folder:
            relative += "/"
        if not self._may_mention(relative):
            return None
        return self.spec.check_file(relative).include

    def _may_mention(self, relative: str) -> bool:
        parts = relative.split("/")
        return (
            not self.names.isdisjoint(parts)
            or any(part[part.rfind(".") :] in self.suffixes for part in parts if "." in part)
            or self.others.match(relative) is not None
        )


@lru_cache
def _patterns(folder: str, lines: tuple[str, ...]) -> _Patterns:
    from pathspec import GitIgnoreSpec

    names: set[str] = set()
    suffixes: set[str] = set()
    others: list[str] = []
    patterns = []
    for line, pattern in _usable(lines):
        patterns.append(pattern)
        word = line.strip().removeprefix("!").strip("/")
        if _LITERAL.fullmatch(word) is not None:
            names.add(word)
        elif _SUFFIX.fullmatch(word) is not None:
            suffixes.add(word[1:])
        elif pattern.regex is not None:
            others.append(f"(?:{_GROUP_NAME.sub('?:', pattern.regex.pattern)})")
    mention = re.compile("|".join(others) or r"(?!)")
    return _Patterns(
        folder, GitIgnoreSpec(patterns), frozenset(names), frozenset(suffixes), mention
    )


def _usable(lines: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The lines that are patterns which can be matched in a short time, each with its pattern."""
    from pathspec import GitIgnoreSpec

    for line in lines:
        stars = [part.count("*") for part in line.split("/") if part != "**"]
        if max([line.count("**"), *stars]) <= _MAX_STARS:
            try:
                patterns = GitIgnoreSpec.from_lines([line]).patterns
            except (ValueError, re.error):
                continue
            yield from ((line, pattern) for pattern in patterns)


def _read_ignore(path: str, folder: str, seen: dict[str, str | None]) -> _Patterns:
    """The patterns of an ignore file; none if it cannot be read. What was read is noted in `seen`,
    nothing if it can be told only by the file's stamp."""
    try:
        data = read_bytes(path)
        seen[path] = contents.digest(data)
    except Unreadable:
        data = b""
        seen[path] = "" if os.path.exists(path) else None
    text = data.decode("utf-8-sig", "surrogateescape")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return _patterns(folder, tuple(line for line in lines if line and not line.startswith("#")))


def _ignore_files_above(root: str) -> list[tuple[str, str]]:
    """Folder and path of the ignore files that a repository has above the root, outermost first."""
    found: list[tuple[str, str]] = []
    folder = root
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        folder = parent
        found.insert(0, (folder, os.path.join(folder, ".gitignore")))
    return [(folder, os.path.join(folder, ".git", "info", "exclude")), *found]


def _entries(folder: str) -> dict[str, os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        return {entry.name: entry for entry in listing}


def _is_ignored(path: str, is_folder: bool, ignores: Sequence[_Patterns]) -> bool:
    """Whether ignore files, given from the outermost, leave a path out: the innermost decides."""
    verdicts = (ignore.verdict(path, is_folder) for ignore in reversed(ignores))
    return next((verdict for verdict in verdicts if verdict is not None), False)
