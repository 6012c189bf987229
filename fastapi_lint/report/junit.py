"""Findings as failed test cases, in the XML that test reports of CI systems are made of."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..engine import Report
from ..rule import Finding
from . import visible
from .paths import relative, repository

_INVALID = re.compile("[\ufffe\uffff]")
_SUITE = "fastapi-lint"


def render(report: Report) -> str:
    """A suite per file with findings; a single passed case where there are none."""
    top = repository(report)
    root = Element("testsuites", name=_SUITE)
    for path, group in groupby(report.findings, key=lambda finding: finding.path):
        findings = [*group]
        suite = _suite(root, _text(relative(path, top)), len(findings), len(findings))
        for finding in findings:
            _case(suite, finding)
    if not report.findings:
        SubElement(_suite(root, _SUITE, 1, 0), "testcase", name="no findings", classname=_SUITE)
    indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{tostring(root, encoding='unicode')}\n"


def _suite(root: Element, name: str, tests: int, failures: int) -> Element:
    numbers = {"tests": str(tests), "failures": str(failures), "errors": "0", "skipped": "0"}
    return SubElement(root, "testsuite", {"name": name, **numbers})


def _case(suite: Element, finding: Finding) -> None:
    row, column, _, _ = finding.span
    case = SubElement(
        suite,
        "testcase",
        name=f"{finding.code} {finding.name} (line {row}, column {column})",
        classname=suite.attrib["name"],
        line=str(row),
        column=str(column),
    )
    message = _text(finding.message)
    failure = SubElement(case, "failure", message=message, type=finding.severity.value)
    place = f"{suite.attrib['name']}:{row}:{column}"
    lines = [f"{place}: {message}"]
    lines.extend(
        f"{label}: {_text(text)}"
        for label, text in (("why", finding.why), ("help", finding.help))
        if text is not None
    )
    failure.text = "\n".join(lines)


def _text(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _INVALID.sub(lambda match: ascii(match[0])[1:-1], visible(text))
