"""The pages of the documentation's site: `mkdocs build --strict` calls this hook.

The guides are those in `docs/`; each rule has a page that is made of its docstring and of what was
proven of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from fastapi_lint.registry import all_rules
from fastapi_lint.rule import Fixability, Rule

ROOT = Path(__file__).parents[1]
_STATES = {Fixability.NONE: "none", Fixability.MIXED: "safe or unsafe"}


def pages() -> dict[str, str]:
    """The text of each page, by its path in the site."""
    guides = {
        path.name: path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("docs/*.md"))
    }
    guides["index.md"] = _start()
    guides["rules.md"] = re.sub(
        r"^\| (FAL\d{3}) \|", r"| [\1](rules/\1.md) |", guides["rules.md"], flags=re.MULTILINE
    )
    proven = _proven(guides["proofs.md"])
    rules = {f"rules/{rule.code}.md": _rule(rule, proven[rule.code]) for rule in all_rules()}
    return {name: _linked(text) for name, text in guides.items()} | rules


def _start() -> str:
    """The README, whose links lead from one folder above."""
    text = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    return text.replace("](docs/", "](").replace("<details>", '<details markdown="1">')


def _linked(text: str) -> str:
    """Links to files that are no part of the site become plain text."""
    text = re.sub(r"\[([^\]]*)\]\((?:CONTRIBUTING|CHANGELOG)\.md\)", r"\1", text)
    return re.sub(r"\[([^\]]*)\]\(\.\./[^)]*\)", r"\1", text)


def _proven(page: str) -> defaultdict[str, list[str]]:
    """The rows of the table of proofs, by code, the table's head first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = [line for line in page.splitlines() if line.startswith("|")]
    for line in rows[2:]:
        code = line.split("|")[1].strip()
        row = "|" + line.split("|", 2)[2]
        if code not in found:
            found[code] = ["|" + head.split("|", 2)[2] for head in rows[:2]]
        found[code].append(row)
    return found


def _rule(rule: Rule, proven: list[str]) -> str:
    """The page of a rule."""
    summary, _, rest = rule.documentation().text.partition("\n")
    fix = _STATES.get(rule.fix, rule.fix.value)
    state = "on" if rule.default else "off, `--extend-select " + rule.code + "`"
    proof = (
        "\n".join(proven) if proven else "There is nothing to see on the versions of the matrix."
    )
    return (
        f"# {rule.code} {rule.name}\n\n{summary}\n\n"
        f"| severity | by default | fix |\n| --- | --- | --- |\n"
        f"| {rule.severity.value} | {state} | {fix} |\n\n{rest.strip()}\n\n"
        f"## Proven by running\n\n{proof}\n\n"
        f"## Suppressing\n\n```python\n...  # fastapi-lint: ignore[{rule.code}] reason\n```\n"
    )


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the pages in the place of the files in `docs/`."""
    for name, text in pages().items():
        if (before := files.get_file_from_path(name)) is not None:
            files.remove(before)
        files.append(File.generated(config, name, content=text))
    return files
