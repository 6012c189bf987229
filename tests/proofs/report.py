"""What was proven on which FastAPI version: `python -m tests.proofs.report > docs/proofs.md`.

The same is written to `rules/proven.json`, from which `fastapi-lint rule` tells it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .matrix import MATRIX
from .running import PROOFS, Job, Report, started

STORED = Path(__file__).parents[2] / "rules" / "proven.json"
_HEAD = """# What was proven

Each line is a consequence of the mistake that a rule speaks of. It was seen when the wrong
application of the rule's proof ran, and not with the right one. A dash means that the consequence
does not exist on that FastAPI version; where a rule's consequences differ, its messages do as well.

"""


def stored(reports: Iterable[Report]) -> dict[str, Any]:
    """The versions that proofs ran on, and for each consequence those where it was seen."""
    seen: dict[str, dict[str, set[str]]] = {}
    versions = set()
    for report in reports:
        version = report.versions["fastapi"]
        versions.add(version)
        for fact in report.proved:
            seen.setdefault(report.rule, {}).setdefault(fact, set()).add(version)
    columns = sorted(versions, key=lambda version: [int(part) for part in version.split(".")])
    shown = {
        rule: {
            fact: " ".join(column for column in columns if column in where)
            for fact, where in sorted(facts.items())
        }
        for rule, facts in sorted(seen.items())
    }
    return {"versions": " ".join(columns), "shown": shown}


def table(proven: dict[str, Any]) -> str:
    """One Markdown row for each thing that a rule's proof showed, one column for each version."""
    columns = proven["versions"].split()
    rows = [("rule", "shown by running", *columns)]
    for rule, facts in proven["shown"].items():
        for fact, where in facts.items():
            yes = where.split()
            rows.append((rule, fact, *("yes" if version in yes else "-" for version in columns)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in rows
    )


def page(proven: dict[str, Any]) -> str:
    """The text of `docs/proofs.md`."""
    return f"{_HEAD}{table(proven)}\n"


def main() -> None:
    with started(Job(proof, pins) for pins in MATRIX for proof in PROOFS) as futures:
        proven = stored(future.result() for future in futures.values())
    STORED.write_text(json.dumps(proven, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(page(proven))


if __name__ == "__main__":
    main()
