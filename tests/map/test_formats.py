"""The map in its formats, as users run the command; hostile names in all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fastapi_lint.cli import cli
from fastapi_lint.map.mermaid import quoted

from ..pages import check_page
from ..support import write

HOSTILE = """
from fastapi import Depends, FastAPI

def guard(): ...

app = FastAPI(openapi_url=None)

@app.get("/<script>alert(1)</script>/\\x1b[31m\\u202e\\ud800", tags=["[bold]</td>'\\"&"])
def read(guard=Depends(guard)) -> "list[<b>]": ...
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write({"main.py": HOSTILE, "requirements.txt": "fastapi==0.115.6\n"}, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["map", "--no-cache", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.usefixtures("folder")
def test_tree() -> None:
    text = _run()
    assert "/<script>alert(1)</script>/\\x1b[31m\\u202e" in text.replace("\n", "")
    assert "FastAPI 0.115.6 (requirements.txt)" in text
    assert "\x1b" not in text
    assert "guard  main.py:4" in text


@pytest.mark.usefixtures("folder")
def test_json() -> None:
    found = json.loads(_run("--format", "json"))
    assert found["version"] == 1
    assert found["fastapi"]["label"] == "FastAPI 0.115.6 (requirements.txt)"
    (route,) = found["apps"][0]["routes"]
    assert route["methods"] == ["GET"]
    assert route["handler"] == "read"
    assert route["location"] == {"path": "main.py", "row": 9, "column": 1}
    steps = json.loads(_run("--format", "json", "--route", route["path"]))["requests"][0]["steps"]
    assert [s["name"] for s in steps if s["phase"] in ("dependency", "handler")] == [
        "guard",
        "read",
    ]


@pytest.mark.usefixtures("folder")
def test_mermaid() -> None:
    lines = _run("--format", "mermaid").splitlines()
    assert lines[0] == "flowchart LR"
    assert not any("<" in line for line in lines)
    assert '    n3("guard")' in lines
    assert "    n2 -.-> n3" in lines


def test_mermaid_labels_are_quoted() -> None:
    assert quoted('a"<b>;#{x}') == '"a#34;#60;b#62;#59;#35;#123;x#125;"'


@pytest.mark.usefixtures("folder")
def test_html() -> None:
    check_page(_run("--format", "html"))


@pytest.mark.usefixtures("folder")
def test_a_route_that_is_not_there() -> None:
    result = CliRunner().invoke(cli, ["map", "--no-cache", "--route", "GET:/none"])
    assert result.exit_code == 2
    assert "no route is known for GET:/none" in result.stderr
