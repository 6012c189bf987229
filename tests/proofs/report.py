"""What was proven on which FastAPI version: `python -m tests.proofs.report > docs/proofs.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from .matrix import MATRIX
from .running import PROOFS, Job, Report, started

_HEAD = """# What was proven

Each line is a consequence of the mistake that a rule speaks of. It was seen when the wrong
application of the rule's proof ran, and not with the right one. A dash means that the consequence
does not exist on that FastAPI version; where a rule's consequences differ, its messages do as well.

"""


def table(reports: Iterable[Report]) -> str:
    """One Markdown row for each thing that a rule's proof showed, one column for each version."""
    seen: dict[tuple[str, str], set[str]] = {}
    versions = set()
    for report in reports:
        versions.add(report.versions["fastapi"])
        for fact in report.proved:
            seen.setdefault((report.rule, fact), set()).add(report.versions["fastapi"])
    columns = sorted(versions, key=lambda version: [int(part) for part in version.split(".")])
    rows = [("rule", "shown by running", *columns)]
    for (rule, fact), where in sorted(seen.items()):
        rows.append((rule, fact, *("yes" if version in where else "-" for version in columns)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in rows
    )


def main() -> None:
    with started(Job(proof, pins) for pins in MATRIX for proof in PROOFS) as futures:
        sys.stdout.write(f"{_HEAD}{table(future.result() for future in futures.values())}\n")


if __name__ == "__main__":
    main()
