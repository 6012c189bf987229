"""`fastapi-lint clean`: which caches belong to some paths, and what removing them has removed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from . import storage
from .report import counted
from .roots import CACHE_FOLDER, project_root


def clean(paths: Sequence[str], given: str | None) -> str:
    """Remove the caches in the projects of the paths, and all in a folder that the user named."""
    folders: list[str] = []
    for path in paths:
        folders.extend(_below(project_root((os.path.abspath(path),))))
    base = given or os.environ.get(storage.VARIABLE)
    if base:
        folders.extend(storage.caches_in(os.path.abspath(base)))
    removed = [number for folder in dict.fromkeys(folders) if (number := storage.clean(folder))]
    files = sum(removed)
    if not removed:
        return "No cache to remove."
    return f"Removed {counted(len(removed), 'cache')} ({counted(files, 'file')})."


def _below(root: str) -> Iterator[str]:
    """The cache folders in a project, which has several if parts of it were linted on their own."""
    for folder, folders, _ in os.walk(root):
        if CACHE_FOLDER in folders:
            folders.remove(CACHE_FOLDER)
            yield os.path.join(folder, CACHE_FOLDER)
