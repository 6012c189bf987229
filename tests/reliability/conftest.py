"""The project that the tests of reliability damage: one finding of each of two rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support import PROJECT, project, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write(project(PROJECT), folder)
    return folder
