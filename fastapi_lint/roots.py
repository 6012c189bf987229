"""Where the root of a project is. Imports nothing but `os`: a run without changes needs no more."""

from __future__ import annotations

import os

MARKERS = (
    "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "uv.lock",
    "poetry.lock", "pdm.lock", "pylock.toml", "fastapi-lint.toml",
)  # fmt: skip
CACHE_FOLDER = ".fastapi_lint_cache"


def folder_of(path: str) -> str:
    """The path itself if it is a folder, else the folder that it stands in."""
    return path if os.path.isdir(path) else os.path.dirname(path)


def common_folder(paths: tuple[str, ...]) -> str:
    """The innermost folder that holds all of these absolute paths."""
    return os.path.commonpath([folder_of(path) for path in paths])


def project_root(paths: tuple[str, ...]) -> str:
    """The root of the project that absolute paths belong to.

    That is the outermost folder with a Python project's marker at or above them, no further out
    than the repository; else the repository; else the working directory if it holds them; else
    their own folder, or the one that holds their package.
    """
    start = common_folder(paths)
    home = os.path.expanduser("~")
    outermost: str | None = None
    for folder in ancestors(start):
        if folder != home and any(os.path.exists(os.path.join(folder, m)) for m in MARKERS):
            outermost = folder
        if is_repository(folder):
            return outermost or folder
    if outermost is not None:
        return outermost
    here = os.getcwd()
    if start.startswith(here.rstrip(os.sep) + os.sep) and here not in (home, os.sep):
        return here
    while os.path.exists(os.path.join(start, "__init__.py")):
        start = os.path.dirname(start)
    return start


def is_repository(folder: str) -> bool:
    """Whether a folder is the top of a repository."""
    return any(os.path.exists(os.path.join(folder, name)) for name in (".git", ".hg"))


def is_inside(path: str, folder: str) -> bool:
    """Whether an absolute path is another one or lies below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def ancestors(folder: str) -> list[str]:
    """The folder and all above it, innermost first."""
    found = [folder]
    while (parent := os.path.dirname(found[-1])) != found[-1]:
        found.append(parent)
    return found
