"""The pages of the documentation's site: `mkdocs build --strict` calls this hook.

The guides are those in `docs/`; each rule has the page that `fastapi-lint rule` draws.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from fastapi_lint import manual
from fastapi_lint.registry import OWN, all_rules

ROOT = Path(__file__).parents[1]


def pages() -> dict[str, str]:
    """The text of each page, by its path in the site."""
    guides = {
        path.name: path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("docs/*.md"))
    }
    guides["index.md"] = _start()
    guides["rules.md"] = re.sub(
        r"^\| (FAL\d{3}) \|", r"| [\1](rules/\1.md) |", guides["rules.md"], flags=re.MULTILINE
    )
    rules = {rule.code: manual.page(rule) for rule in all_rules()}
    rules |= {code: manual.own_page(code) for code in OWN}
    about = {f"rules/{code}.md": text for code, text in rules.items()}
    return {name: _linked(text) for name, text in guides.items()} | about


def _start() -> str:
    """The README, whose links lead from one folder above."""
    text = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    return text.replace("](docs/", "](").replace("<details>", '<details markdown="1">')


def _linked(text: str) -> str:
    """Links to files that are no part of the site become plain text."""
    text = re.sub(r"\[([^\]]*)\]\((?:CONTRIBUTING|CHANGELOG)\.md\)", r"\1", text)
    return re.sub(r"\[([^\]]*)\]\(\.\./[^)]*\)", r"\1", text)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the pages in the place of the files in `docs/`."""
    for name, text in pages().items():
        if (before := files.get_file_from_path(name)) is not None:
            files.remove(before)
        files.append(File.generated(config, name, content=text))
    return files
