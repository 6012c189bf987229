"""The project that the tests of reliability damage: one finding of each of two rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support import project, write

PROJECT = """
# --- requirements.txt
fastapi==0.115.6
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
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write(project(PROJECT), folder)
    return folder
