"""One self-contained page: the findings by topic with their code, and the map."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator

from ..engine import Report
from ..registry import OWN, all_rules
from ..rule import Finding, Severity
from . import counted
from .frame import Line, frame
from .markup import Child, Element, prose
from .markup import element as e
from .page import controls, document

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
    version = summary.fastapi.describe() if summary.fastapi is not None else "no FastAPI"
    return (
        f"{counted(len(report.findings), 'finding')}, {counted(summary.files, 'file')}, "
        f"{counted(summary.apps, 'application')}, {counted(summary.routes, 'route')}, {version}"
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
    for topic, findings in groups.items():
        if findings:
            heading = e("h2", topic, e("small", str(len(findings))))
            yield e("section", heading, [_finding(f, report) for f in findings], data_group="")


def _topics() -> dict[str, str]:
    """The topic of each code, as the package of its rule says in its docstring."""
    found = dict.fromkeys(OWN, "Files and suppressions")
    for rule in all_rules():
        package = sys.modules[type(rule).__module__.rpartition(".")[0]]
        topic = (package.__doc__ or "").strip().removeprefix("Rules about ").rstrip(".")
        found[rule.code] = topic[:1].upper() + topic[1:]
    return found


def _finding(finding: Finding, report: Report) -> Element:
    severity, lines = finding.severity.value, report.texts.lines
    path, row = _path(finding.path), finding.span[0]
    fix = finding.fix
    notes = [("why", finding.why), ("help", finding.help)]
    return e(
        "article",
        e(
            "div",
            e("span", f"{severity} {finding.code}", class_=f"badge {severity}"),
            " ",
            e("span", finding.name, class_="note"),
            e("span", f"{fix.applicability.value} fix", class_="tag") if fix is not None else None,
            e("p", prose(finding.message), class_="message"),
            class_="head",
        ),
        _frame(finding.path, finding.span, frame(lines(finding.path), finding.span)),
        [
            part
            for related in finding.related
            for part in (
                e("div", prose(related.message), class_="place"),
                *_frame(related.path, related.span, frame(lines(related.path), related.span, 0)),
            )
        ],
        e("dl", [e(tag, text) for label, note in notes if note
                 for tag, text in (("dt", label), ("dd", prose(note)))]),
        class_="finding",
        data_severity=severity,
        data_text=f"{finding.code} {finding.name} {severity} {finding.message} {path}:{row}",
    )  # fmt: skip


def _frame(
    path: str, span: tuple[int, int, int, int], lines: tuple[Line, ...]
) -> Iterator[Element]:
    yield e("div", f"{_path(path)}:{span[0]}:{span[1]}", class_="place")
    if lines:
        yield e("div", [_row(line) for line in lines], class_="frame")


def _row(line: Line) -> Element:
    text = line.text[:_WIDEST]
    parts: tuple[Child, ...] = (text,)
    if line.marked is not None:
        start, end = line.marked
        parts = (text[:start], e("mark", text[start:end]), text[end:])
    return e("div", e("span", str(line.number), class_="number"), e("code", parts), class_="row")


def _path(path: str) -> str:
    return os.path.relpath(path)
