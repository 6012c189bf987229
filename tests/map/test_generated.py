"""The map of random applications is what FastAPI makes of them."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from ..support import write
from .generated import Maker
from .support import map_of, real
from .test_real import assert_same

SEEDS = int(os.environ.get("FASTAPI_LINT_SEEDS", "4"))
"""How many applications are made."""


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_map_is_what_fastapi_builds(tmp_path: Path, seed: int) -> None:
    write(Maker(Random(seed)).project(), tmp_path)
    map_ = map_of(tmp_path, fastapi_version="0.165.0")
    (app,) = map_.apps
    assert_same(app, real(tmp_path, "main:app"))
