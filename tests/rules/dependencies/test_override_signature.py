"""override-signature: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

APP = """
# --- post/deps.py
def get_mailer():
    return "smtp"


def get_letter(number: int, urgent: bool = False):
    return number
# --- post/main.py
from fastapi import Depends, FastAPI

from post.deps import get_letter, get_mailer

app = FastAPI()


@app.post("/boxes/{box}/letters")
def send(box: str, mailer=Depends(get_mailer), letter=Depends(get_letter)):
    return box
# --- tests/test_post.py
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec, patch

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from post.deps import get_letter, get_mailer
from post.main import app
"""

BAD = {
    "a-mock": APP
    + """

def test_send():
    app.dependency_overrides[get_mailer] = MagicMock(return_value="fake")  # expect: FAL323
""",
    "an-async-mock-in-a-name": APP
    + """

async def test_send():
    mailer = AsyncMock()
    app.dependency_overrides[get_mailer] = mailer  # expect: FAL323
""",
    "the-class-of-mocks": APP
    + """

def test_send():
    app.dependency_overrides[get_mailer] = Mock  # expect: FAL323
""",
    "an-attribute-of-a-mock": APP
    + """
services = MagicMock()


def test_send():
    app.dependency_overrides[get_mailer] = services.get_mailer  # expect: FAL323
""",
    "a-mock-of-pytest-mock": APP
    + """

def test_send(mocker):
    fake = mocker.MagicMock()
    app.dependency_overrides[get_mailer] = fake  # expect: FAL323
""",
    "a-patch": APP
    + """

def test_send():
    with patch("post.deps.get_mailer") as fake:
        app.dependency_overrides[get_mailer] = fake  # expect: FAL323
""",
    "a-lambda-that-takes-anything": APP
    + """

def test_send():
    app.dependency_overrides[get_mailer] = lambda *args, **kwargs: "fake"  # expect: FAL323
    app.dependency_overrides[get_letter] = lambda _: 1  # expect: FAL323
""",
    "a-fixture-as-parameter": APP
    + """
import pytest


@pytest.fixture
def session():
    return object()


def fake_mailer(session):
    return session


def test_send():
    app.dependency_overrides[get_mailer] = fake_mailer  # expect: FAL323
""",
    "a-session-and-a-number": APP
    + """

def fake_mailer(db: Session):
    return db


def fake_letter(stamp: int, number: int):
    return stamp


def test_send():
    app.dependency_overrides[get_mailer] = fake_mailer  # expect: FAL323
    app.dependency_overrides[get_letter] = fake_letter  # expect: FAL323
""",
    "a-mock-that-a-fixture-gives": """
# --- app/main.py
from fastapi import Depends, FastAPI


def get_bank():
    return 1


app = FastAPI()


@app.get("/")
def index(bank=Depends(get_bank)):
    return bank
# --- tests/conftest.py
import pytest
from unittest import mock


@pytest.fixture
def bank():
    return mock.MagicMock()
# --- tests/test_main.py
from app.main import app, get_bank


def test_index(bank):
    app.dependency_overrides[get_bank] = bank  # expect: FAL323
""",
    "a-body": APP
    + """

class Letter(BaseModel):
    text: str


def fake_letter(letter: Letter):
    return letter


def test_send():
    app.dependency_overrides[get_letter] = fake_letter  # expect: FAL323
""",
    "a-method-of-the-class": APP
    + """

class Fakes:
    def mailer(self):
        return "fake"


def test_send():
    app.dependency_overrides[get_mailer] = Fakes.mailer  # expect: FAL323
""",
    "what-the-original-is-given-by-a-dependency": """
# --- app/main.py
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
oauth = OAuth2PasswordBearer(tokenUrl="token")


def current_user(token: str = Depends(oauth)):
    return token


app = FastAPI()


@app.get("/")
def index(t=Depends(current_user)):
    return t
# --- tests/test_a.py
from app.main import app, current_user


async def fake_user(token: str):
    return "x"


class Fake:
    def __call__(self, user_id: int):
        return user_id


class FakeRepo:
    def __init__(self, rows):
        self.rows = rows


def test_a():
    app.dependency_overrides[current_user] = fake_user  # expect: FAL323
    app.dependency_overrides[current_user] = Fake()  # expect: FAL323
    app.dependency_overrides[current_user] = FakeRepo  # expect: FAL323
""",
}

GOOD = {
    "no-parameters": APP
    + """

def fake_mailer():
    return "fake"


def test_send():
    app.dependency_overrides[get_mailer] = fake_mailer
    app.dependency_overrides[get_letter] = lambda: 1
""",
    "a-lambda-around-a-mock": APP
    + """

def test_send():
    mailer = MagicMock()
    app.dependency_overrides[get_mailer] = lambda: mailer
""",
    "a-mock-with-the-signature": APP
    + """

def test_send():
    app.dependency_overrides[get_mailer] = create_autospec(get_mailer)
    with patch("post.deps.get_mailer", autospec=True) as fake:
        app.dependency_overrides[get_mailer] = fake
    with patch("post.deps.get_mailer", new=lambda: 1) as other:
        app.dependency_overrides[get_mailer] = other
""",
    "the-parameters-of-the-original": APP
    + """

def fake_letter(number: int, urgent: bool):
    return number


def test_send():
    app.dependency_overrides[get_letter] = fake_letter
    app.dependency_overrides[get_letter] = lambda number: number
""",
    "parameters-of-the-path": APP
    + """

def fake_letter(box: str):
    return box


def test_send():
    app.dependency_overrides[get_letter] = fake_letter
""",
    "what-the-framework-gives": APP
    + """

def fake_mailer(request: Request, letter=Depends(get_letter), token: str = Header()):
    return request


def test_send():
    app.dependency_overrides[get_mailer] = fake_mailer
""",
    "defaults": APP
    + """

def test_send():
    user = object()
    app.dependency_overrides[get_mailer] = lambda user=user: user
""",
    "methods-of-objects": APP
    + """

class Fakes:
    def mailer(self):
        return "fake"

    @staticmethod
    def letter():
        return 1


fakes = Fakes()


def test_send():
    app.dependency_overrides[get_mailer] = fakes.mailer
    app.dependency_overrides[get_letter] = Fakes.letter
""",
    "unknown-annotations": APP
    + """
from company.web import Tenant


def fake_mailer(tenant: Tenant):
    return tenant


def test_send():
    app.dependency_overrides[get_mailer] = fake_mailer
""",
    "an-unknown-original": """
from company.auth import current_user
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get("/")
def index(user=Depends(current_user)):
    return user


def fake_user(token: str):
    return token


def test_index():
    app.dependency_overrides[current_user] = fake_user
""",
    "a-key-on-which-nothing-is-known-to-depend": APP
    + """

def fake_mailer(session):
    return "fake"


def test_send(dependency):
    app.dependency_overrides[dependency] = fake_mailer
    app.dependency_overrides[send] = lambda *args: None
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL323")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL323")


def test_names_the_parameters() -> None:
    (found,) = findings(BAD["a-mock"], "FAL323")
    assert "`args` and `kwargs`" in found.message
