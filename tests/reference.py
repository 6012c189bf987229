"""The list of rules in `docs/rules.md`: `python -m tests.reference` writes it."""

from __future__ import annotations

import sys
from pathlib import Path

from fastapi_lint.registry import OWN, all_rules
from fastapi_lint.rule import Fixability

PAGE = Path(__file__).parents[1] / "docs" / "rules.md"

_TOPICS = {
    "FAL1": "Middleware, CORS, rate limits",
    "FAL2": "Authentication and authorisation",
    "FAL3": "Dependency injection",
    "FAL4": "Background tasks",
    "FAL5": "WebSockets",
    "FAL6": "Lifespan and testing",
    "FAL7": "Errors and responses",
    "FAL8": "Routing and OpenAPI",
    "FAL9": "Concurrency and streaming",
}
_HEAD = """# Rules

`fastapi-lint rule FAL305` explains a rule, with a bad and a good example. Rules that are not on by
default are chosen with `--select` or `--extend-select`, or all at once with `--select ALL`.
Findings of rules with a fix can be repaired by `--fix`, unsafe ones with `--unsafe-fixes` (see
[configuration.md](configuration.md#fixes)).
What was proven by running, and on which FastAPI versions, is in [proofs.md](proofs.md).

The linter's own findings are FAL001 (a file cannot be parsed), FAL002 (a file cannot be read) and
FAL003 (a suppression comment that suppresses nothing).
"""


def page() -> str:
    """The text of the page."""
    parts = [_HEAD]
    for prefix, title in _TOPICS.items():
        rules = [rule for rule in all_rules() if rule.code.startswith(prefix)]
        if not rules:
            continue
        parts.append(f"\n## {title}\n\n")
        parts.append("| code | name | severity | default | fix | |\n")
        parts.append("| --- | --- | --- | --- | --- | --- |\n")
        for rule in rules:
            fix = "" if rule.fix is Fixability.NONE else rule.fix.value
            default = "on" if rule.default else "off"
            summary = rule.documentation().summary.replace("|", r"\|")
            cells = (rule.code, f"`{rule.name}`", rule.severity.value, default, fix, summary)
            parts.append(f"| {' | '.join(cells)} |\n")
    return "".join(parts)


def main() -> None:
    assert OWN.keys() == {"FAL001", "FAL002", "FAL003"}
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE} written\n")


if __name__ == "__main__":
    main()
