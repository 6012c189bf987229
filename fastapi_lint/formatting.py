"""How long may the lines of a file be, by what its project tells its formatter?"""

from __future__ import annotations

import os

from . import roots, toml

_USUAL = 88


def configured(path: str) -> int | None:
    """The line length that ruff or black is given for the file at an absolute path, if any is."""
    if not os.path.isabs(path):
        return None
    for folder in roots.ancestors(os.path.dirname(path)):
        if (found := _told(os.path.join(folder, "pyproject.toml"))) is not None:
            return found
        if roots.is_repository(folder):
            break
    return None


def _told(path: str) -> int | None:
    try:
        with open(path, encoding="utf-8") as file:
            tools = toml.parse(file.read()).get("tool")
    except (OSError, ValueError):
        return None
    for tool in ("black", "ruff"):
        settings = tools.get(tool) if isinstance(tools, dict) else None
        if isinstance(settings, dict):
            usual = None if "extend" in settings else _USUAL
            length = settings.get("line-length", settings.get("line_length", usual))
            return length if isinstance(length, int) and length > 0 else None
    return None
