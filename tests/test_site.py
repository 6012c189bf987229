"""The documentation's site is made without a warning, and has all pages and a search."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from fastapi_lint.registry import all_rules

ROOT = Path(__file__).resolve().parents[1]


def test_the_site_is_made_and_can_be_searched(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    index = json.loads(tmp_path.joinpath("search", "search_index.json").read_text())
    found = {page["location"]: page["title"] for page in index["docs"]}
    for rule in all_rules():
        assert found[f"rules/{rule.code}.html"] == f"{rule.code} {rule.name}"
        page = tmp_path.joinpath("rules", f"{rule.code}.html").read_text()
        for heading in ("why", "bad", "good", "proven-by-running"):
            assert f'<h2 id="{heading}">' in page
