"""Which findings a project has accepted for now: the baseline file, read, compared and written."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace

import msgspec

from .engine import Report
from .errors import UserError
from .fingerprint import fingerprints
from .registry import names
from .report import encodable
from .report.paths import relative
from .roots import is_inside
from .source import Unreadable, read_bytes

NAME = "fastapi-lint-baseline.json"
_VERSION = 1
_MAX_BYTES = 100_000_000


class Entry(msgspec.Struct, frozen=True, order=True):
    """One accepted finding. `path` is relative to the folder of the file; the message is for
    people."""

    path: str
    code: str
    fingerprint: str
    message: str


class _File(msgspec.Struct):
    version: int
    findings: tuple[Entry, ...]


def read(path: str) -> tuple[Entry, ...]:
    """The entries of a baseline file. Raises `UserError` where there are none to be read."""
    if not os.path.exists(path):
        raise UserError(
            f"the baseline {path} does not exist", "`fastapi-lint baseline create` makes it"
        )
    try:
        stored = msgspec.json.decode(read_bytes(path, _MAX_BYTES), type=_File)
    except Unreadable as error:
        raise UserError(f"{path}: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path}: {error}") from None
    if stored.version != _VERSION:
        raise UserError(f"{path}: baselines of version {stored.version} are not understood")
    return stored.findings


def text(entries: Iterable[Entry]) -> str:
    """The content of a baseline file: the same for the same entries, whatever their order."""
    encoded = msgspec.json.encode(_File(_VERSION, tuple(sorted(set(entries)))))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def entries(report: Report, path: str) -> tuple[Entry, ...]:
    """The findings of a report as entries of the baseline file at `path`."""
    folder = os.path.dirname(path)
    prints = fingerprints(report.findings, report.texts, lambda name: relative(name, folder))
    return tuple(
        Entry(encodable(relative(f.path, folder)), f.code, print_, encodable(f.message))
        for f, print_ in zip(report.findings, prints, strict=True)
    )


def apply(report: Report, path: str) -> Report:
    """The report without the findings that the baseline file at `path` accepts.

    Raises `UserError` as `read` does.
    """
    known = {entry.fingerprint for entry in read(path)}
    inputs = replace(report.inputs, seen={**report.inputs.seen, path: ""})
    folder = os.path.dirname(path)
    return replace(report, inputs=inputs).without(known, lambda name: relative(name, folder))


def judged(
    accepted: Iterable[Entry], report: Report, path: str, checked: Iterable[str]
) -> frozenset[Entry]:
    """The entries that a run over the paths `checked` can say something about: would their
    findings still be there, the report had them."""
    checked = tuple(checked)
    folder = os.path.dirname(path)
    known = frozenset(names(report.rules).values())
    return frozenset(
        entry
        for entry in accepted
        if (entry.code in report.codes or entry.code not in known)
        and any(is_inside(os.path.normpath(os.path.join(folder, entry.path)), p) for p in checked)
    )
