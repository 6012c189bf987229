"""The line length that a project's formatter has for a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastapi_lint.formatting import configured
from tests.support import write


@pytest.mark.parametrize(
    ("settings", "length"),
    [
        ("[tool.black]\nline-length = 120\n", 120),
        ("[tool.black]\nline_length = 120\n", 120),
        ("[tool.ruff]\nline-length = 79\n", 79),
        ("[tool.ruff.lint]\nselect = ['E']\n", 88),
        ("[tool.ruff]\nline-length = 79\n[tool.black]\nline-length = 100\n", 100),
        ("[tool.ruff]\nextend = '../ruff.toml'\n", None),
        ("[tool.ruff]\nline-length = 'long'\n", None),
        ("[tool]\nruff = 1\n", None),
        ("[project]\nname = 'a'\n", None),
        ("[tool.ruff\n", None),
    ],
)
def test_the_nearest_settings_say_it(tmp_path: Path, settings: str, length: int | None) -> None:
    (tmp_path / ".git").mkdir()
    write({"pyproject.toml": settings, "a/b/pyproject.toml": "[project]\n"}, tmp_path)
    assert configured(str(tmp_path / "a" / "b" / "main.py")) == length


def test_nothing_outside_the_repository_says_it(tmp_path: Path) -> None:
    (tmp_path / "inner" / ".git").mkdir(parents=True)
    write({"pyproject.toml": "[tool.black]\n"}, tmp_path)
    assert configured(str(tmp_path / "inner" / "main.py")) is None
    assert configured("main.py") is None
