"""Plugins: the one in the documentation as its users would have it, broken ones, and impostors."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from .support import project, write

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "plugins.md"
PROJECT = """
# --- pyproject.toml
[project]
name = "store"
dependencies = ["fastapi==0.165.0"]
[tool.fastapi-lint]
plugins = ["shop"]
# --- store/__init__.py
# --- store/orders.py
from fastapi import APIRouter

router = APIRouter(prefix="/orders")


@router.get("")
def list_orders() -> list[str]:
    return []
# --- store/main.py
from fastapi import FastAPI

from .orders import router

app = FastAPI()
app.include_router(router)
"""
RULE = """
from fastapi_lint.rule import Rule, Severity

class Made(Rule):
    code = "SHOP001"
    name = "made-up"
    severity = Severity.ERROR

    def check_app(self, app, context):
        yield self.at(app.place, "made up")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(project(PROJECT), tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin of the documentation, built as a wheel and installed into a folder of its own."""
    work = tmp_path_factory.mktemp("plugin")
    files = re.findall(
        r"^`(\S+)`:\n\n(`{3,})\w+\n(.*?)^\2$", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    write({name: text for name, _, text in files}, work / "source")
    for command in (
        ["build", "--wheel", "--no-isolation", "--outdir", str(work), str(work / "source")],
        ["pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(work / "target")],
    ):
        wheels = map(str, work.glob("*.whl"))
        done = subprocess.run(
            [sys.executable, "-m", *command, *wheels], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return work / "target"


def fake(target: Path, files: Mapping[str, str], value: str = "shop_rules") -> Path:
    """A folder of installed packages with one plugin that was never built."""
    write(files, target)
    folder = target / "shop_rules-1.0.dist-info"
    write(
        {
            "METADATA": "Metadata-Version: 2.1\nName: shop-rules\nVersion: 1.0\n",
            "entry_points.txt": f"[fastapi_lint.rules]\nshop = {value}\n",
        },
        folder,
    )
    return target


def run(
    root: Path, *args: str, path: tuple[Path, ...] = (), cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fastapi_lint", *args],
        cwd=cwd or root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (*path, ROOT)))},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_documented_plugin_finds_its_mistake(root: Path, installed: Path) -> None:
    result = run(root, "--output-format", "concise", path=(installed,))
    assert result.stdout == (
        "store/orders.py:6:1: SHOP001 `/orders` does not begin with a version\n"
    )
    assert result.returncode == 1


def test_a_rule_of_a_plugin_is_selected_and_suppressed_like_another(
    root: Path, installed: Path
) -> None:
    assert run(root, "--select", "FAL1", path=(installed,)).returncode == 0
    assert run(root, "--ignore", "SHOP", path=(installed,)).returncode == 0
    orders = root / "store" / "orders.py"
    orders.write_text(
        orders.read_text().replace("@router", "# fastapi-lint: ignore[SHOP001] old\n@router")
    )
    result = run(root, path=(installed,))
    assert (result.returncode, result.stdout) == (0, "")


def test_the_documented_examples_are_true(root: Path, installed: Path, tmp_path: Path) -> None:
    text = PAGE.read_text()
    for title, status in (("Bad", 1), ("Good", 0)):
        example = re.search(rf"## {title}\n\n```python\n(.*?)```", text, re.DOTALL)
        assert example is not None
        files = {"main.py": example[1], "fastapi-lint.toml": 'plugins = ["shop"]\n'}
        write(files, tmp_path / title)
        result = run(tmp_path / title, "--output-format", "concise", path=(installed,))
        assert result.returncode == status, result.stdout + result.stderr


def test_a_rule_of_a_plugin_is_explained(root: Path, installed: Path) -> None:
    result = run(root, "rule", "SHOP001", path=(installed,))
    assert "does not begin with a version" in result.stdout
    assert "SHOP001" in run(root, "rule", "--all", path=(installed,)).stdout


def test_a_changed_plugin_is_noticed_by_a_run_without_other_changes(
    root: Path, tmp_path: Path
) -> None:
    target = fake(tmp_path / "target", {"shop_rules.py": RULE})
    run(root, path=(target,))
    for place in (root, *root.rglob("*"), *target.rglob("*")):
        os.utime(place, (1e9, 1e9))
    before = run(root, "--output-format", "concise", path=(target,))
    (target / "shop_rules.py").write_text(RULE.replace('"made up"', '"made anew"'))
    after = run(root, "--output-format", "concise", path=(target,))
    assert "made up" in before.stdout
    assert "made anew" in after.stdout


def test_a_plugin_that_is_not_installed_is_an_error(root: Path) -> None:
    result = run(root)
    assert result.returncode == 2
    assert "plugin `shop` is not installed" in result.stderr


@pytest.mark.parametrize(
    ("text", "value", "message"),
    [
        (RULE, "shop_rules:Made", "does not name a module"),
        (RULE, "shop_rules_other", "cannot be imported: ModuleNotFoundError"),
        ("x = 1\n", "shop_rules", "holds no rules"),
        ("raise SystemExit(3)\n", "shop_rules", "cannot be imported: SystemExit: 3"),
        ("def (\n", "shop_rules", "cannot be imported: SyntaxError"),
        (RULE.replace("SHOP001", "FAL999"), "shop_rules", "other than FAL"),
        (RULE.replace('"SHOP001"', "7"), "shop_rules", "`code` must be"),
        (RULE.replace("made-up", "Made Up"), "shop_rules", "`name` must be"),
        (RULE.replace("made-up", "on-event"), "shop_rules", "`on-event` is a rule of fastapi-lint"),
        (RULE.replace("Severity.ERROR", '"error"'), "shop_rules", "`severity` must be a Severity"),
        (RULE.replace("check_app", "check_apps"), "shop_rules", "overrides no `check_` method"),
        (RULE + "class Twin(Made):\n    code = 'SHOP002'\n", "shop_rules", "is a rule of plugin"),
    ],
)
def test_a_malformed_plugin_is_an_error(
    root: Path, tmp_path: Path, text: str, value: str, message: str
) -> None:
    target = fake(tmp_path / "target", {"shop_rules.py": text}, value)
    result = run(root, path=(target,))
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_two_plugins_of_one_name_are_an_error(root: Path, tmp_path: Path) -> None:
    first = fake(tmp_path / "first", {"shop_rules.py": RULE})
    second = fake(tmp_path / "second", {"other_rules.py": RULE}, "other_rules")
    (second / "shop_rules-1.0.dist-info").rename(second / "other_rules-1.0.dist-info")
    result = run(root, path=(first, second))
    assert result.returncode == 2
    assert "two installed packages register the plugin `shop`" in result.stderr


IMPOSTOR = "import pathlib\npathlib.Path(__file__).with_name('imported').touch()\n" + RULE


@pytest.mark.parametrize("on_path", [False, True], ids=["in the tree", "and on the import path"])
def test_a_module_in_the_analysed_tree_is_not_imported(
    root: Path, installed: Path, on_path: bool
) -> None:
    (root / "shop_rules.py").write_text(IMPOSTOR)
    path = (root, installed) if on_path else (installed,)
    result = run(root, "--output-format", "concise", path=path)
    assert not (root / "imported").exists()
    assert "does not begin with a version" in result.stdout


def test_a_plugin_is_not_found_in_the_analysed_tree(root: Path) -> None:
    fake(root, {"shop_rules.py": IMPOSTOR})
    result = run(root, path=(root,))
    assert not (root / "imported").exists()
    assert "plugin `shop` is not installed" in result.stderr


def test_a_plugin_is_not_found_in_the_working_directory(root: Path, tmp_path: Path) -> None:
    here = fake(tmp_path / "here", {"shop_rules.py": IMPOSTOR})
    result = run(root, str(root), path=(here,), cwd=here)
    assert not (here / "imported").exists()
    assert "plugin `shop` is not installed" in result.stderr


def test_a_plugin_that_an_import_hook_finds_in_the_tree_is_refused(
    root: Path, tmp_path: Path
) -> None:
    """As an editable installation does it that maps names to folders."""
    source = root / "tools" / "shop_rules.py"
    write({"shop_rules.py": IMPOSTOR}, source.parent)
    hook = (
        "import sys\n"
        "from importlib.util import spec_from_file_location\n"
        "class Finder:\n"
        "    @staticmethod\n"
        "    def find_spec(name, path=None, target=None):\n"
        f"        if name == 'shop_rules':\n"
        f"            return spec_from_file_location(name, {str(source)!r})\n"
        "sys.meta_path.insert(0, Finder)\n"
    )
    target = fake(tmp_path / "target", {"sitecustomize.py": hook})
    result = run(root, path=(target,))
    assert result.returncode == 2
    assert "lies in the analysed tree" in result.stderr
    assert not source.with_name("imported").exists()


def test_a_run_without_plugins_does_not_look_for_any(root: Path, tmp_path: Path) -> None:
    (root / "pyproject.toml").write_text('[project]\nname = "store"\n')
    hook = (
        "import importlib.metadata\n"
        "def refuse(*args, **kwargs): raise AssertionError('entry points were read')\n"
        "importlib.metadata.distributions = importlib.metadata.entry_points = refuse\n"
    )
    write({"sitecustomize.py": hook}, tmp_path / "target")
    assert run(root, path=(tmp_path / "target",)).returncode == 0
    (root / "fastapi-lint.toml").write_text('plugins = ["shop"]\n')
    assert "entry points were read" in run(root, path=(tmp_path / "target",)).stderr
