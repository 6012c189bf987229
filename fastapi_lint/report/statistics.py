"""How often each rule was broken."""

from __future__ import annotations

from collections import Counter

import msgspec

from ..engine import Report
from ..terminal import Paint

_ALL, _SOME = "[*]", "[-]"


def render(report: Report, output_format: str, paint: Paint) -> str:
    """The rules with findings, the most frequent first, as JSON or in columns."""
    counts = Counter((finding.code, finding.name) for finding in report.findings)
    fixable = Counter(f.code for f in report.findings if report.is_fixable(f))
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if output_format == "json":
        objects = [
            {"code": code, "name": name, "count": count, "fixable": fixable[code]}
            for (code, name), count in rows
        ]
        return msgspec.json.format(msgspec.json.encode(objects), indent=2).decode() + "\n"
    digits = max((len(str(count)) for _, count in rows), default=0)
    letters = max((len(code) for code, _ in counts), default=0)
    lines = []
    for (code, name), count in rows:
        mark = _ALL if fixable[code] == count else _SOME if fixable[code] else " " * len(_ALL)
        column = f"{paint(mark, 'cyan')}  " if fixable else ""
        lines.append(f"{count:>{digits}}  {paint(f'{code:<{letters}}', 'bold')}  {column}{name}\n")
    if fixable:
        lines.append(f"{_ALL} all can be fixed with --fix, {_SOME} some\n")
    return "".join(lines)
