"""Which findings are new since a commit: those that a run over the commit's files does not have.

So a finding counts as new wherever it stands if it was caused by what changed, a file of settings
or the FastAPI version included; and an old one does not count because a line beside it changed.
"""

from __future__ import annotations

import os
from dataclasses import replace

from . import history
from .config import Loaded
from .engine import Report, Request, run
from .errors import UserError
from .fingerprint import fingerprints
from .report.paths import relative
from .roots import is_inside


def new_since(revision: str, request: Request, report: Report) -> Report:
    """The report without the findings that were there before. Raises `UserError`."""
    root = os.path.realpath(request.root)
    with history.at(revision, root) as past:
        known = _fingerprints(request, past)
        prefix = past.prefix

        def name(path: str) -> str:
            place = prefix + relative(path, request.root)
            return past.renamed.get(place, place)

        return report.without(known, name)


def _fingerprints(request: Request, past: history.Past) -> frozenset[str]:
    loaded = request.loaded
    path = loaded.path
    if path is not None and is_inside(path, request.root):
        path = os.path.join(past.root, os.path.relpath(path, request.root))
    before = replace(
        request,
        paths=(past.root,),
        loaded=Loaded(loaded.settings, path),
        root=past.root,
        overlays={},
        cache_folder=None,
    )
    try:
        report = run(before)
    except UserError:  # there was no Python file yet
        return frozenset()
    return frozenset(
        fingerprints(report.findings, report.texts, lambda path: relative(path, past.folder))
    )
