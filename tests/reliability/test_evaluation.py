"""What a program computes from itself must not make its evaluation endless."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastapi_lint.model import evaluate
from tests.command import run
from tests.support import findings, project, write

_GROWING = """
# --- main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

added = "a"
{adding}
replaced = "a"
{replacing}
formatted = "a"
{formatting}
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[added, replaced, formatted])
app.include_router(app, prefix=added)
app.include_router(app, prefix=replaced)
app.include_router(app, prefix=formatted)
"""


def test_texts_that_double_with_each_line_are_given_up(tmp_path: Path) -> None:
    lines = {
        "adding": "added = added + added + added + added\n" * 25,
        "replacing": 'replaced = replaced.replace("a", "aaaaaaaaaa")\n' * 25,
        "formatting": 'formatted = f"{formatted}{formatted}{formatted}{formatted}"\n' * 25,
    }
    write(project(_GROWING.format(**lines)), tmp_path)
    done = run(tmp_path, "--select", "ALL", "--ignore", "FAL803", limit=1_000_000_000)
    assert done.returncode == 0, done.stderr.decode()


_STEPS = """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

first = ["*"]
second = first
third = second
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=third, allow_credentials=True)
"""


def test_a_question_that_takes_too_many_steps_has_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert findings(_STEPS, "FAL131")
    monkeypatch.setattr(evaluate, "_MAX_STEPS", 2)
    assert not findings(_STEPS, "FAL131")


def test_more_items_than_are_looked_at_leave_room_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = _STEPS.replace('["*"]', '["https://a.example", "https://b.example", "*"]')
    assert findings(text, "FAL131")
    monkeypatch.setattr(evaluate, "_MAX_ITEMS", 2)
    assert not findings(text, "FAL131")
