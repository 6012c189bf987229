"""`fastapi-lint baseline`: accepting the present findings, and seeing which are gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from . import baseline, writing
from .baseline import Entry
from .engine import Report, Request, run
from .errors import UserError
from .report import counted
from .roots import is_inside
from .run import Options, attended, baseline_path, refuse, request_for, write


def create(options: Options) -> int:
    """Write a new baseline file; gives the exit status. There must be none yet."""

    def work(request: Request, path: str) -> int:
        if os.path.lexists(path):
            raise UserError(f"{path} exists already", "`fastapi-lint baseline update` changes it")
        report = attended(request, options.quiet, run)
        _store(path, baseline.entries(report, path))
        _say(f"Accepted {counted(len(report.findings), 'finding')} in {os.path.relpath(path)}.")
        if request.loaded.settings.baseline is None:
            name = os.path.relpath(path, request.loaded.base(request.root)).replace(os.sep, "/")
            _say(f'It counts once the configuration says: baseline = "{name}"')
        return 2 if report.crashes else 0

    return _guarded(options, work)


def update(options: Options, *, prune: bool) -> int:
    """Take out of the baseline file what is gone, and add what is new unless told only to `prune`.

    Gives the exit status.
    """

    def work(request: Request, path: str) -> int:
        before, present, gone, report = _compared(request, options, path)
        new = frozenset() if prune else present - before
        _store(path, (before - gone) | new)
        _say(f"{len(new)} added, {len(gone)} removed, {len(before - gone)} kept.")
        return 2 if report.crashes else 0

    return _guarded(options, work)


def check(options: Options) -> int:
    """List the entries of the baseline file that are gone; gives the exit status."""

    def work(request: Request, path: str) -> int:
        before, _, gone, report = _compared(request, options, path)
        folder = os.path.dirname(path)
        for entry in sorted(gone):
            place = os.path.relpath(os.path.join(folder, entry.path))
            write(sys.stdout, f"{place}: {entry.code} {entry.message}\n")
        if gone:
            _say(f"Gone: {len(gone)} of {counted(len(before), 'accepted finding')}.")
            _say("`fastapi-lint baseline update --prune` takes out what is gone.")
        else:
            _say(f"Nothing is gone: {counted(len(before), 'accepted finding')}.")
        return 2 if report.crashes else 1 if gone else 0

    return _guarded(options, work)


def _guarded(options: Options, work: Callable[[Request, str], int]) -> int:
    try:
        request = request_for(options)
        base = request.loaded.base(request.root)
        path = baseline_path(request) or os.path.join(base, baseline.NAME)
        project = (os.path.realpath(base), os.path.realpath(request.root))
        is_inside_project = any(is_inside(os.path.realpath(path), folder) for folder in project)
        if not options.given.get("baseline") and not is_inside_project:
            raise UserError(
                f"{path}: the configuration names a baseline outside of the project",
                "the option --baseline may name any file",
            )
        return work(request, path)
    except UserError as error:
        return refuse(error)


def _compared(
    request: Request, options: Options, path: str
) -> tuple[frozenset[Entry], frozenset[Entry], frozenset[Entry], Report]:
    """The entries of the file; the findings there are; those of the file that are gone.

    An entry whose message has changed is the one of before, in the words of now.
    """
    stored = baseline.read(path)
    report = attended(request, options.quiet, run)
    present = {entry.fingerprint: entry for entry in baseline.entries(report, path)}
    before = frozenset(present.get(entry.fingerprint, entry) for entry in stored)
    now = frozenset(present.values())
    return before, now, baseline.judged(before, report, path, request.paths) - now, report


def _store(path: str, entries: Iterable[Entry]) -> None:
    try:
        writing.write(path, baseline.text(entries).encode())
    except writing.WriteError as error:
        raise UserError(f"cannot write {error}") from None


def _say(text: str) -> None:
    write(sys.stderr, f"{text}\n")
