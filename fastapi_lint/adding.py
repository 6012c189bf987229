"""`--add-ignore` and `--add-noqa`: comments that suppress all findings of a report are written."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator

import msgspec

from . import comments
from .engine import Report
from .fixes import Change
from .report import counted, visible
from .rule import Finding
from .source import Source
from .writing import WriteError, write_together

_UNSUPPRESSIBLE = {
    "FAL001": "comments of a file that cannot be parsed are not read",
    "FAL002": "comments of a file that cannot be read are not read",
    "FAL003": "`--fix` takes unused suppressions out",
}


class Added(msgspec.Struct, frozen=True):
    """How many findings of one file were suppressed, and why the others were not."""

    number: int
    failed: tuple[tuple[Finding, str], ...]


def add(report: Report, form: str) -> tuple[str, bool]:
    """Suppress all findings by comments of a form: what is said about it, and whether all were."""
    files: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        files[finding.path].append(finding)
    added = [_add_to_file(path, findings, report, form) for path, findings in files.items()]
    number = sum(each.number for each in added)
    changed = sum(each.number > 0 for each in added)
    failed = [pair for each in added for pair in each.failed]
    return "".join(f"{line}\n" for line in _lines(number, changed, failed)), not failed


def _lines(number: int, files: int, failed: list[tuple[Finding, str]]) -> Iterator[str]:
    yield f"Suppressed {counted(number, 'finding')} in {counted(files, 'file')}."
    for finding, reason in failed:
        place = f"{visible(os.path.relpath(finding.path))}:{finding.span[0]}"
        yield f"{place}: {finding.code} is not suppressed: {visible(reason)}"


def _add_to_file(path: str, findings: list[Finding], report: Report, form: str) -> Added:
    source = report.texts.source(path)
    usable = [f for f in findings if source is not None and f.code not in _UNSUPPRESSIBLE]
    failed = [(f, _UNSUPPRESSIBLE[f.code]) for f in findings if f.code in _UNSUPPRESSIBLE]
    if source is None or not usable:
        return Added(0, tuple(failed))
    if source.is_generated:
        failed.extend((finding, "the file says that it is `@generated`") for finding in usable)
        return Added(0, tuple(failed))
    text, without_place = comments.suppressed(source.text, usable, form)
    failed.extend((f, "no comment can stand there") for f in without_place)
    try:
        _write(source, text, report.root)
    except (UnicodeError, WriteError) as error:
        return Added(0, (*failed, *((f, str(error)) for f in usable if f not in without_place)))
    return Added(len(usable) - len(without_place), tuple(failed))


def _write(source: Source, text: str, root: str) -> None:
    """Write the changed text. Raises `UnicodeError` or `WriteError`; nothing has changed then."""
    if text != source.text:
        write_together([Change(source.path, source.data, source.encode(text))], root)
