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


def test_a_file_gets_the_map(folder: Path) -> None:
    for output_format in ("tree", "json", "mermaid", "html"):
        assert _run("--format", output_format, "--output-file", "map.txt") == ""
        written = (folder / "map.txt").read_text()
        (folder / "map.txt").unlink()
        assert written == _run("--format", output_format)


ROUTES = """
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

bearer = HTTPBearer()

def get_session():
    yield

def current_user(token=Depends(bearer), session=Depends(get_session)): ...

app = FastAPI(docs_url=None)

@app.get("/organisations/{organisation}/members/{member}", tags=["people"])
def read_the_member_of_an_organisation(user=Depends(current_user)) -> dict[str, int]: ...

@app.websocket("/feed")
async def feed(session=Depends(get_session)): ...

if not DEBUG:
    app.get("/a")(get_session)
"""


@pytest.fixture
def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"main.py": ROUTES, "requirements.txt": "fastapi==0.115.6\n"}, tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("routes")
@pytest.mark.parametrize("width", [60, 80, 100, 130, 200])
def test_names_are_whole_at_every_width(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = _run()
    assert max(map(len, text.splitlines())) <= width
    for name in (
        "read_the_member_of_an_organisation",
        "{organisation}/",
        "current_user",
        "main.py:",
    ):
        assert name in text, name
    assert "people" in text


@pytest.mark.usefixtures("routes")
def test_a_dependency_of_a_socket_ends_after_its_handler() -> None:
    lines = _run().splitlines()
    feed = lines.index("WS:/feed")
    assert lines[feed + 1].endswith("get_session  main.py:7, yields, ends after the handler")
    assert "yields, ends before the response" in "\n".join(lines)


@pytest.mark.usefixtures("routes")
def test_a_page_has_the_dependencies_as_a_tree() -> None:
    page = _run("--format", "html")
    check_page(page)
    inner = page.partition('<ul class="tree"><li><code>current_user</code>')[2]
    assert inner.index("<ul><li><code>bearer</code>") < inner.index("</ul>")
