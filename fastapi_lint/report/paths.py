"""How the files of a report are named by those who read it on another machine."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from ..engine import Report
from ..roots import ancestors, is_repository


def repository(report: Report) -> str:
    """The top of the repository around the project, or the project's root without one."""
    return next(filter(is_repository, ancestors(report.root)), report.root)


def relative(path: str, base: str) -> str:
    """A path below a folder with `/` between its parts; undecodable bytes are surrogates."""
    return os.path.relpath(path, base).replace(os.sep, "/")


def reference(path: str, base: str) -> str:
    """The path below a folder as a relative URI reference."""
    return quote(os.fsencode(relative(path, base)))


def folder_uri(folder: str) -> str:
    """The `file:` URI of an absolute folder, with a slash at the end."""
    return Path(folder).as_uri().rstrip("/") + "/"
