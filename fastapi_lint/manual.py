"""What is said of a rule: one page for the terminal, the editor and the documentation's site."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from importlib import import_module

import msgspec

from .registry import OWN
from .rule import Documentation, Fixability, Rule

_FIXES = {Fixability.NONE: "none", Fixability.MIXED: "safe or unsafe"}
_OWN = {
    "FAL001": """
A file cannot be parsed, so nothing in it was checked.

## Why

Python refuses the file as well, unless it needs a newer Python than the linter understands. A
template with placeholders, which is no Python before it is filled in, is reported as information.
Exclude such files with `extend-exclude`.
""",
    "FAL002": """
A file cannot be read, so nothing in it was checked.

## Why

It is too large, its permissions forbid it, or its bytes are not text in the encoding that it
declares (UTF-8 if it declares none).
""",
    "FAL003": """
A comment suppresses nothing.

## Why

The mistake was corrected, the code is misspelt, or the comment stands on the wrong line. A comment
that outlives its reason hides the next mistake at its place. `--fix` takes the code out of it, and
with the last code the comment. Codes of rules that were not run are passed over.
""",
}
"""Of each of the linter's own codes: what the docstring of its module would say."""


class Proof(msgspec.Struct, frozen=True):
    """A consequence of a mistake, and the FastAPI versions on which it was seen."""

    consequence: str
    versions: tuple[str, ...]


@cache
def proofs() -> tuple[tuple[str, ...], Mapping[str, tuple[Proof, ...]]]:
    """The FastAPI versions that proofs were run on, and what they showed, by code."""
    (folder,) = import_module(f"{__package__}.rules").__path__
    with open(os.path.join(folder, "proven.json"), encoding="utf-8") as file:
        stored = json.load(file)
    shown = {
        code: tuple(Proof(text, tuple(versions.split())) for text, versions in found.items())
        for code, found in stored["shown"].items()
    }
    return tuple(stored["versions"].split()), shown


def affected(rule: Rule) -> str:
    """The FastAPI versions on which a rule reports anything, in words."""
    return " or ".join(rule.versions) or "all versions"


def own(code: str) -> Documentation:
    """The documentation of one of the linter's own codes."""
    return Documentation.parse(_OWN[code].strip())


def page(rule: Rule) -> str:
    """All about a rule, as Markdown."""
    documentation = rule.documentation()
    rest = documentation.text.removeprefix(documentation.summary).strip()
    state = "on" if rule.default else "off"
    fix = _FIXES.get(rule.fix, rule.fix.value)
    return (
        f"# {rule.code} {rule.name}\n\n{documentation.summary}\n\n"
        "| severity | by default | fix | FastAPI |\n| --- | --- | --- | --- |\n"
        f"| {rule.severity.value} | {state} | {fix} | {affected(rule)} |\n\n"
        f"{rest}\n\n{_proven(rule.code)}{_suppressing(rule.code)}"
    )


def own_page(code: str) -> str:
    """All about one of the linter's own codes, as Markdown."""
    return f"# {code} {OWN[code]}\n\n{own(code).text}\n"


def _proven(code: str) -> str:
    versions, shown = proofs()
    if code.startswith("FAL") and code not in shown:
        return "## Proven by running\n\nThere is nothing to see by running.\n\n"
    if code not in shown:
        return ""
    lines = [
        f"- {proof.consequence}"
        + ("" if proof.versions == versions else f" (only {', '.join(proof.versions)})")
        for proof in shown[code]
    ]
    return (
        "## Proven by running\n\n"
        "An application with the mistake, and its twin without it, were run under FastAPI "
        f"{', '.join(versions[:-1])} and {versions[-1]}. Seen only with the mistake:\n\n"
        + "\n".join(lines)
        + "\n\n"
    )


def _suppressing(code: str) -> str:
    return f"## Suppressing\n\n```python\n...  # fastapi-lint: ignore[{code}] reason\n```\n"
