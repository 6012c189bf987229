"""Settings and the command line: what is broken, hostile, unknown or contradictory is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .support import FOUND, check, run

_HEAD = b"[tool.fastapi-lint]\n"

REFUSED = {
    "extended": _HEAD + b'extend = "../other.toml"\n',
    "cache": _HEAD + b'cache-dir = "/etc"\n',
    "output": _HEAD + b'output-file = "/etc/passwd"\n',
    "broken": b"[tool.fastapi-lint\n",
    "latin_1": _HEAD + b"# \xe9\n",
    "utf_16": "[tool.fastapi-lint]\n".encode("utf-16") + b"fastapi-lint",
    "not_a_table": b"[tool]\nfastapi-lint = 1\n",
    "unknown_key": _HEAD + b"slect = []\n",
    "wrong_type": _HEAD + b"select = 1\n",
    "wrong_item": _HEAD + b"select = [1]\n",
    "date": _HEAD + b"fail-on = 1979-05-27\n",
    "unknown_rule": _HEAD + b'ignore = ["FAL999"]\n',
    "unknown_rule_in_a_file": _HEAD + b'per-file-ignores = {"x.py" = ["on-evnt"]}\n',
    "unknown_word": _HEAD + b'fail-on = "sometimes"\n',
    "unknown_plugin": _HEAD + b'plugins = ["app.main"]\n',
    "version": _HEAD + b'fastapi-version = "newest"\n',
    "long_number": _HEAD + b"select = " + b"1" * 100_000,
    "deep_array": _HEAD + b"select = " + b"[" * 100_000,
    "deep_table": _HEAD + b"select = " + b"{a=" * 100_000,
    "long_key": _HEAD + b"a." * 500_000 + b"b = 1\n",
    "huge": _HEAD + b"#" * 3_000_000,
    "escape": _HEAD + b'"\\u001b[31m" = 1\n',
}


@pytest.mark.parametrize("name", REFUSED)
def test_settings_that_cannot_be_followed_are_refused(root: Path, name: str) -> None:
    (root / "pyproject.toml").write_bytes(REFUSED[name])
    if name == "huge":
        (root / "pyproject.toml").rename(root / "fastapi-lint.toml")
    done = run(root, "--no-cache")
    message = done.stderr.decode()
    assert done.returncode == 2
    assert done.stdout == b""
    assert message.startswith("error: ")
    assert "\x1b" not in message
    assert len(message) < 1_000
    assert str(root) in message or name.startswith("unknown") or name == "version"
    if name == "broken":
        assert "line 1" in message


def test_settings_that_are_no_file(root: Path) -> None:
    (root / "pyproject.toml").mkdir()
    os.mkfifo(root / "fastapi-lint.toml")
    assert check(root) == FOUND
    for path in ("pyproject.toml", "fastapi-lint.toml", "missing.toml", "/dev/zero"):
        assert run(root, "--config", path).returncode == 2


def test_a_mark_before_the_settings_is_no_error(root: Path) -> None:
    (root / "pyproject.toml").write_bytes(b"\xef\xbb\xbf" + _HEAD + b'ignore = ["FAL131"]\n')
    assert check(root) == {("main.py", "FAL601")}


HOSTILE_MANIFESTS = {
    "pyproject.toml": b"[project]\ndependencies = ['fastapi']\n" + b"a." * 500_000 + b"b = 1",
    "uv.lock": b"[[package]]\nname = 'fastapi'\n" * 200_000,
    "poetry.lock": b"\xff\xfe\x00fastapi",
    "Pipfile.lock": b'{"default": {"fastapi": ' + b"[" * 200_000,
    "Pipfile": b"[packages]\nfastapi = " + b"[" * 200_000,
    "setup.cfg": b"[options]\ninstall_requires = fastapi\n" + b"[options]\n" * 10_000,
    "setup.py": b"'fastapi" * 100_000,
    "requirements.txt": b"-r requirements.txt\nfastapi==0." + b"9" * 100_000 + b"\n",
}


@pytest.mark.parametrize("name", HOSTILE_MANIFESTS)
def test_hostile_manifests_are_passed_over(root: Path, name: str) -> None:
    (root / "requirements.txt").write_bytes(b"")
    (root / name).write_bytes(HOSTILE_MANIFESTS[name])
    wrong = {(name, "FAL001")} if name == "setup.py" else set()
    assert check(root) == FOUND | wrong


@pytest.mark.parametrize(
    "args",
    [
        ("--jobs", "0"), ("--jobs", "-1"), ("--jobs", "x"), ("-", "app"), ("nowhere.py",),
        ("--select", "FAL9"), ("--extend-select", "on-evnt"), ("--ignore", "x"), ("empty",),
        ("--output-format", "xml"), ("--fail-on", "x"), ("--fastapi-version", "x"), ("rule", "x"),
        ("rule",), ("clean", "nowhere"), (b"bad\xff",), ("\x1b[31m",), ("a\nb",),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(root: Path, args: tuple[str | bytes, ...]) -> None:
    (root / "empty").mkdir()
    done = run(root, *args)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr
    assert b"\x1b" not in done.stderr


def test_python_without_the_framework_is_said_to_be_that(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("x = 1\n")
    done = run(tmp_path, "--no-cache")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"No FastAPI application in 1 file.\n"


def test_unknown_codes_in_comments_are_found(root: Path) -> None:
    (root / "app/config.py").write_text("import fastapi  # fastapi-lint: ignore[FAL999]\n")
    assert ("config.py", "FAL003") in check(root)
