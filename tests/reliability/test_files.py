"""Files and folders: encodings and bytes, things that are no files, names, sizes, what changes."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from fastapi_lint import discovery

from ..support import lint
from .support import FOUND, check, found, problems, run

_APP = 'from fastapi import FastAPI\napp = FastAPI()\n@app.on_event("startup")\ndef f(): ...\n'

READABLE = {
    "empty": b"",
    "newline": b"\n",
    "comment": b"# fastapi",
    "no_final_newline": _APP.rstrip().encode(),
    "bom": b"\xef\xbb\xbf" + _APP.encode(),
    "crlf": _APP.replace("\n", "\r\n").encode(),
    "cr": _APP.replace("\n", "\r").encode(),
    "mixed": _APP.replace("\n", "\r\n", 1).encode(),
    "latin_1": ("# coding: latin-1\nx = 'é'\n" + _APP).encode("latin-1"),
    "cp1252": ("# -*- coding: cp1252 -*-\nx = '€'\n" + _APP).encode("cp1252"),
    "gbk": ("#!/usr/bin/python\n# coding=gbk\nx = '汉'\n" + _APP).encode("gbk"),
    "form_feed_first": b"\f" + _APP.encode(),
    "form_feed_between": _APP.replace("\n", "\n\f\n", 1).encode(),
    "no_break_space_in_string": ("x = '\u00a0\u200b\ufeff'\n" + _APP).encode(),
    "long_line": ("x = '" + "a" * 1_000_000 + "'\n" + _APP).encode(),
    "many_lines": ("import fastapi\n" + "x = 1\n" * 100_000).encode(),
}


@pytest.mark.parametrize("name", READABLE)
def test_bytes_that_are_python_are_analysed(root: Path, name: str) -> None:
    data = READABLE[name]
    (root / "odd.py").write_bytes(data)
    expected = {("odd.py", "FAL601")} if b"on_event" in data else set()
    assert check(root) == FOUND | expected
    assert problems(root) == {}
    assert (root / "odd.py").read_bytes() == data


UNREADABLE = {
    "latin_1": (b"x = '\xe9'", "can't decode byte 0xe9"),
    "utf_16": ("import fastapi".encode("utf-16") + b"fastapi", "can't decode byte 0xff"),
    "unknown_codec": (b"# coding: klingon\n", "unknown encoding: klingon"),
    "rot13": (b"# coding: rot13\n", "rot13 is not a text encoding"),
    "hex": (b"# coding: hex\n", "hex is not a text encoding"),
    "bom_against_cookie": (b"\xef\xbb\xbf# coding: latin-1\n", "contradicts"),
    "undefined": (b"# coding: undefined\n", "undefined is not a text encoding"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_bytes_that_are_no_text_are_reported(root: Path, name: str) -> None:
    data, words = UNREADABLE[name]
    (root / "odd.py").write_bytes(data + b"\nimport fastapi\n")
    assert check(root) == FOUND | {("odd.py", "FAL002")}
    ((_, message, *_),) = problems(root).values()
    assert words in message


def test_large_files_are_reported_as_skipped(root: Path) -> None:
    (root / "large.py").write_bytes(b"import fastapi\n" + b"x = 1\n" * 1_700_000)
    (root / "sparse.py").write_bytes(b"import fastapi\n")
    os.truncate(root / "sparse.py", 10_000_000_000)
    assert check(root) == FOUND | {("large.py", "FAL002"), ("sparse.py", "FAL002")}
    assert "larger than" in problems(root)["large.py"][1]


def test_what_is_no_file_is_passed_over_and_reported_when_named(root: Path) -> None:
    os.mkfifo(root / "fifo.py")
    (root / "folder.py").mkdir()
    (root / "dangling.py").symlink_to("nowhere")
    (root / "device.py").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(root)  # the paths of sockets must be short
        listening.bind("socket.py")
        os.chdir(here)
        assert check(root) == FOUND
        named = ("fifo.py", "socket.py", "dangling.py", "device.py")
        assert check(root, *named) == {(name, "FAL002") for name in named}


def test_a_file_that_is_named_in_several_ways_is_one(root: Path) -> None:
    (root / "app/link.py").symlink_to("main.py")
    named = ("app", "app/main.py", "app/../app/main.py", str(root / "app/main.py"), "app/link.py")
    done = run(root, "--no-cache", "--output-format", "concise", *named)
    assert done.stdout.count(b"app/main.py:") == len(done.stdout.splitlines()) == len(FOUND)
    assert check(root, "app/link.py") == FOUND


def test_a_second_name_of_a_file_is_a_module_of_its_own(root: Path) -> None:
    (root / "app/hard.py").hardlink_to(root / "app/main.py")
    assert check(root) == FOUND | {("hard.py", code) for _, code in FOUND}


def test_links_are_not_followed_out_or_round(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/outside.py").write_text(_APP)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "round").symlink_to(root)
    (root / "out.py").symlink_to(tmp_path / "outside/outside.py")
    assert check(root) == FOUND


def test_a_folder_that_cannot_be_listed_is_reported(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    (root / "closed").mkdir()
    monkeypatch.setattr("fastapi_lint.discovery.os.scandir", refuse)
    assert problems(root) == {
        "closed": ("FAL002", "the folder cannot be listed: Permission denied", 1, 1)
    }
    assert {(Path(f.path).name, f.code) for f in lint(root).findings} > FOUND


def test_a_file_that_cannot_be_opened_is_reported(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "closed.py").write_text(_APP)
    opened = os.open

    def refuse(path: str, *args: int) -> int:
        if str(path).endswith("closed.py"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *args)

    monkeypatch.setattr("fastapi_lint.contents.os.open", refuse)
    assert problems(root) == {"closed.py": ("FAL002", "Permission denied", 1, 1)}


@pytest.mark.parametrize("change", ["vanish", "grow", "folder", "fifo", "garbage"])
def test_a_project_that_changes_while_it_is_read(
    root: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = root / "changing.py"
    path.write_text(_APP)
    find = discovery.find

    def find_then_change(*args: object) -> discovery.Found:
        files = find(*args)  # type: ignore[arg-type]
        path.unlink()
        if change == "grow":
            path.write_bytes(b"import fastapi\n" * 200_000)
        elif change == "folder":
            path.mkdir()
        elif change == "fifo":
            os.mkfifo(path)
        elif change == "garbage":
            path.write_bytes(b"import fastapi\n\xff(((")
        return files

    monkeypatch.setattr(discovery, "find", find_then_change)
    report = lint(root)
    assert not report.crashes
    assert {(Path(f.path).name, f.code) for f in report.findings} == FOUND | {
        ("changing.py", "FAL002")
    }


NAMES = [
    b"sp ace.py", b"ha#sh.py", b"co:lon.py", b"per%cent.py", b"new\nline.py", b"quo'te\".py",
    b"-dash.py", "é汉\u202e.py".encode(), b"bad\xff\xfe.py", b"esc\x1b[31m.py", b"[bold]:smile:.py",
]  # fmt: skip


@pytest.mark.parametrize("output_format", ["json", "concise", "full"])
def test_any_name_can_be_printed(root: Path, output_format: str) -> None:
    for name in NAMES:
        path = os.path.join(os.fsencode(root), name)
        with open(path, "w") as file:
            file.write(_APP)
    done = [run(root, "--output-format", output_format) for _ in range(2)][1]
    text = done.stdout.decode()
    assert done.returncode == 1
    assert not [character for character in text if ord(character) < 32 and character != "\n"]
    if output_format == "json":
        names = {name for name, code in found(done) if code == "FAL601"}
        assert names >= {name.decode() for name in NAMES if b"\xff" not in name}
        assert len(names) == len(NAMES) + 1
    elif output_format == "concise":
        assert text.count("FAL601") == len(NAMES) + 1 == text.count("\n") - 1
    else:
        assert text.count("[FAL601]") == len(NAMES) + 1
        assert "[bold]:smile:.py" in text


def test_paths_that_are_too_long(root: Path) -> None:
    assert run(root, "a" * 4_000 + ".py").returncode == 2
    here = os.getcwd()
    os.chdir(root)
    try:
        for _ in range(30):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        Path("deep.py").write_text(_APP)
    finally:
        os.chdir(here)
    assert {name for name, code in check(root) if code == "FAL002"} == {"d" * 200}
    shutil.rmtree(root)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_files_are_those_that_git_would_list(root: Path) -> None:
    ignores = {
        ".gitignore": "build/\n*.gen.py\n/top.py\n**/deep/x.py\n\\#a.py\ntrail.py \n",
        "sub/.gitignore": "!keep.gen.py\n*\n!.gitignore\n!keep.py\n!keep.gen.py\n",
        "bad/.gitignore": "***a***b***\n[z-a].py\n\\\n!\n/\n",
    }
    names = [
        "top.py", "sub/top.py", "a.gen.py", "sub/keep.gen.py", "sub/keep.py", "sub/other.py",
        "build/x.py", "x/build/x.py", "a/deep/x.py", "#a.py", "trail.py", "bad/b.py", "z.py",
    ]  # fmt: skip
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    for name, text in ignores.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    listing = ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", "*.py"]
    expected = subprocess.run(listing, cwd=root, capture_output=True, check=True).stdout
    assert {os.path.relpath(path, root) for path in discovery.find(str(root)).files} == set(
        expected.decode().strip("\0").split("\0")
    )


def test_ignore_files_that_are_no_files_and_no_repository(root: Path) -> None:
    """Ignore files count outside of a repository, too; one that cannot be read ignores nothing."""
    for name in ("fifo", "folder", "plain"):
        (root / name).mkdir()
        (root / name / "extra.py").write_text(_APP)
    os.mkfifo(root / "fifo/.gitignore")
    (root / "folder/.gitignore").mkdir()
    (root / "plain/.gitignore").write_text("extra.py\n")
    assert len([*discovery.find(str(root)).files]) == 5
    assert check(root) == FOUND | {("extra.py", "FAL601")}
    assert check(root, "plain/extra.py") == {("extra.py", "FAL601")}


@pytest.mark.matrix
def test_a_hundred_thousand_empty_files(root: Path) -> None:
    for folder in range(100):
        (root / f"f{folder}").mkdir()
        for number in range(1_000):
            (root / f"f{folder}/m{number}.py").touch()
    assert check(root) == FOUND


def test_standard_input(root: Path) -> None:
    arguments = ("-", "--stdin-filename", "app/main.py", "--output-format", "json")
    unnamed = run(root, "-", "--output-format", "json", stdin=_APP.encode())
    assert found(unnamed) == {("stdin.py", "FAL601")}
    done = run(root, *arguments, stdin=_APP.encode())
    assert found(done) == {("main.py", "FAL601")}
    assert json.loads(run(root, *arguments, stdin=b"").stdout) == []
    assert found(run(root, *arguments, stdin=b"\xff fastapi")) == {("main.py", "FAL002")}
