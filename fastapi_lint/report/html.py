"""One self-contained page: the findings by topic with their code, and the map."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator

from ..engine import Report
from ..registry import OWN, all_rules
from ..rule import Finding, Severity
from ..source import Unreadable, read
from . import counted
from .markup import Child, Element
from .markup import element as e
from .page import controls, document

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTEXT = 2
_LONGEST = 6
_WIDEST = 400
"""Characters of a line of code that are shown."""


def render(report: Report) -> str:
    """The page."""
    from ..map.build import build
    from ..map.html import sections

    counts = Counter(finding.severity for finding in report.findings)
    boxes = [_box(severity, counts[severity]) for severity in Severity if counts[severity]]
    links = (e("a", "Findings", href="#findings"), e("a", "Map", href="#map"))
    return document(
        "fastapi-lint",
        _summary(report),
        controls("Filter findings and routes", e("nav", links), *boxes),
        e("div", _findings(report), id="findings"),
        e("div", e("h2", "Map"), sections(build(report)), id="map"),
    )


def _summary(report: Report) -> str:
    summary = report.summary
    found = len(report.findings)
    version = summary.fastapi.describe() if summary.fastapi is not None else "no FastAPI"
    return (
        f"{counted(found, 'finding')}, {summary.files} files, "
        f"{summary.apps} applications, {summary.routes} routes, {version}"
    )


def _box(severity: Severity, count: int) -> Element:
    box = e("input", type="checkbox", checked="", data_severity=severity.value)
    return e("label", box, e("span", f"{severity.value} {count}", class_=f"badge {severity.value}"))


def _findings(report: Report) -> Iterator[Element]:
    if not report.findings:
        yield e("p", "No findings.", class_="note")
    topics = _topics()
    groups: dict[str, list[Finding]] = {topic: [] for topic in dict.fromkeys(topics.values())}
    for finding in report.findings:
        groups.setdefault(topics.get(finding.code, "Other rules"), []).append(finding)
    lines: dict[str, list[str]] = {}
    for topic, findings in groups.items():
        if findings:
            heading = e("h2", topic, e("small", str(len(findings))))
            yield e("section", heading, [_finding(f, lines) for f in findings], data_group="")


def _topics() -> dict[str, str]:
    """The topic of each code, as the package of its rule says in its docstring."""
    found = dict.fromkeys(OWN, "Files and suppressions")
    for rule in all_rules():
        package = sys.modules[type(rule).__module__.rpartition(".")[0]]
        topic = (package.__doc__ or "").strip().removeprefix("Rules about ").rstrip(".")
        found[rule.code] = topic[:1].upper() + topic[1:]
    return found


def _finding(finding: Finding, lines: dict[str, list[str]]) -> Element:
    severity = finding.severity.value
    path, row = _path(finding.path), finding.span[0]
    notes = [("why", finding.why), ("help", finding.help)]
    return e(
        "article",
        e(
            "div",
            e("span", f"{severity} {finding.code}", class_=f"badge {severity}"),
            " ",
            e("span", finding.name, class_="note"),
            e("p", finding.message, class_="message"),
            class_="head",
        ),
        _frame(finding.path, finding.span, _CONTEXT, lines),
        [
            part
            for related in finding.related
            for part in (
                e("div", related.message, class_="place"),
                *_frame(related.path, related.span, 0, lines),
            )
        ],
        e("dl", [e(tag, text) for label, note in notes if note
                 for tag, text in (("dt", label), ("dd", note))]),
        class_="finding",
        data_severity=severity,
        data_text=f"{finding.code} {finding.name} {severity} {finding.message} {path}:{row}",
    )  # fmt: skip


def _frame(
    path: str, span: tuple[int, int, int, int], context: int, lines: dict[str, list[str]]
) -> Iterator[Element]:
    row, column, end_row, end_column = span
    yield e("div", f"{_path(path)}:{row}:{column}", class_="place")
    if path not in lines:
        lines[path] = _lines(path)
    last = min(len(lines[path]), end_row if end_row - row < _LONGEST else row)
    rows = []
    for number in range(max(1, row - context), last + 1):
        line = lines[path][number - 1]
        start = column - 1 if number == row else 0
        end = end_column - 1 if number == end_row else len(line)
        rows.append(_row(number, line[:_WIDEST], (start, end) if number >= row else None))
    if rows:
        yield e("div", rows, class_="frame")


def _row(number: int, line: str, marked: tuple[int, int] | None) -> Element:
    parts: tuple[Child, ...] = (line,)
    if marked is not None:
        start, end = max(marked[0], len(line) - len(line.lstrip())), max(marked)
        parts = (line[:start], e("mark", line[start:end]), line[end:])
    code = e("code", parts)
    return e("div", e("span", str(number), class_="number"), code, class_="row")


def _lines(path: str) -> list[str]:
    try:
        return _LINE_END.split(read(path).text)
    except Unreadable:
        return []


def _path(path: str) -> str:
    return os.path.relpath(path)
