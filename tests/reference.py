"""What pages say that stands elsewhere: `python -m tests.reference` writes it.

That is the list in `docs/rules.md`, and what `docs/benchmark.md` has from README.md.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from fastapi_lint.manual import affected
from fastapi_lint.registry import OWN, all_rules
from fastapi_lint.rule import Fixability

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
BENCHMARK = ROOT / "docs" / "benchmark.md"
_SPEED = re.compile("<!-- speed: begin.*?<!-- speed: end -->", re.DOTALL)

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
Where FastAPI versions are named, the rule is silent on all others.
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
            if rule.versions:
                summary += f" (FastAPI {affected(rule)})"
            cells = (rule.code, f"`{rule.name}`", rule.severity.value, default, fix, summary)
            parts.append(f"| {' | '.join(cells)} |\n")
    return "".join(parts)


def benchmark() -> str:
    """The text of the page about speed."""
    found = _SPEED.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    block = found[0]
    return _SPEED.sub(lambda _: block, BENCHMARK.read_text(encoding="utf-8"))


def main() -> None:
    assert OWN.keys() == {"FAL001", "FAL002", "FAL003"}
    for path, text in ((PAGE, page()), (BENCHMARK, benchmark())):
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path} written\n")


if __name__ == "__main__":
    main()
