"""What is shipped: one top-level package, all of its modules, and the files that tools look for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fastapi_lint import __version__

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
NOT_SOURCE = shutil.ignore_patterns(
    ".git", ".venv", ".matrix", ".*_cache", "__pycache__", "*.egg-info", "build", "dist"
)


def run(*command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def packages() -> Iterator[tuple[str, Path]]:
    """Every package that exists: the name under which it is shipped, and its folder."""
    for top, name in (("fastapi_lint", "fastapi_lint"), ("rules", "fastapi_lint.rules")):
        for init in sorted(ROOT.joinpath(top).rglob("__init__.py")):
            folder = init.parent
            yield ".".join((name, *folder.relative_to(ROOT / top).parts)), folder


def modules() -> set[str]:
    """The paths at which all modules must lie in a wheel."""
    return {
        "/".join((*name.split("."), module.name))
        for name, folder in packages()
        for module in folder.glob("*.py")
    }


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist of the tree and a wheel that was built from that sdist."""
    tree = tmp_path_factory.mktemp("packaging") / "tree"
    shutil.copytree(ROOT, tree, ignore=NOT_SOURCE)
    out = tree.parent / "dist"
    built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, tree)
    assert built.returncode == 0, built.stdout + built.stderr
    return out


def test_the_package_list_names_every_package(pyproject: dict[str, Any]) -> None:
    assert sorted(pyproject["tool"]["setuptools"]["packages"]) == sorted(n for n, _ in packages())


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {
        path.parent for top in ("fastapi_lint", "rules") for path in (ROOT / top).rglob("*.py")
    }
    assert folders == {folder for _, folder in packages()}


def test_the_wheel_holds_one_package_with_all_modules(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    files = set(zipfile.ZipFile(wheel).namelist())
    assert {name.partition("/")[0] for name in files} == {
        "fastapi_lint",
        f"fastapi_lint-{__version__}.dist-info",
    }
    assert {name for name in files if name.endswith(".py")} == modules()
    assert "fastapi_lint/py.typed" in files
    assert {"fastapi_lint/report/page.css", "fastapi_lint/report/page.js"} <= set(files)


def test_the_sdist_holds_what_its_tests_need(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    needed = [".ci/run", ".pre-commit-hooks.yaml", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"]
    for folder in ("benchmarks", "docs", "fastapi_lint", "fixtures", "rules", "tests"):
        needed += [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.joinpath(folder).rglob("*")
            if path.suffix in (".py", ".md")
        ]
    assert [name for name in needed if name not in files] == []


def test_rules_cannot_be_imported_under_a_second_name() -> None:
    done = run(sys.executable, "-c", "import rules")
    assert done.returncode == 1
    assert "ImportError: this package is fastapi_lint.rules" in done.stderr


def test_the_changelog_begins_with_this_version() -> None:
    text = ROOT.joinpath("CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)", text, re.MULTILINE)
    assert versions[:1] == [__version__]


def test_the_command_tells_this_version() -> None:
    done = run(sys.executable, "-m", "fastapi_lint", "--version")
    assert done.stdout == f"fastapi-lint {__version__}\n"


def test_the_pre_commit_hooks_are_valid(pyproject: dict[str, Any]) -> None:
    import yaml  # type: ignore[import-untyped]

    manifest = ROOT / ".pre-commit-hooks.yaml"
    done = run(sys.executable, "-m", "pre_commit", "validate-manifest", manifest)
    assert done.returncode == 0, done.stdout + done.stderr
    hooks = {hook["id"]: hook for hook in yaml.safe_load(manifest.read_text(encoding="utf-8"))}
    assert hooks.keys() == {"fastapi-lint", "fastapi-lint-fix"}
    for hook in hooks.values():
        assert hook["entry"] in pyproject["project"]["scripts"]
        assert hook["types_or"] == ["python", "pyi"]
        assert hook["require_serial"] is True


def test_ci_runs_what_the_readme_says() -> None:
    readme = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    script = ROOT.joinpath(".ci", "run")
    commands = [line for line in readme.splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) == 2, "one set-up command to lint, one to test"
    assert commands[1] in script.read_text(encoding="utf-8")
    assert script.stat().st_mode & 0o111, "not executable"
