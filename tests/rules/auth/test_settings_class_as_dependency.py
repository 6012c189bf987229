"""settings-class-as-dependency: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings, fixed

BAD = {
    "settings-of-pydantic": """
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    api_key: str = "dev"


app = FastAPI()


@app.get("/payroll")
def payroll(x_key: str = Header(), settings: Settings = Depends()) -> None:  # expect: FAL230
    if x_key != settings.api_key:
        raise HTTPException(status_code=403)
""",
    "in-the-dependency-that-reads-tokens": """
# --- app/config.py
from pydantic_settings import BaseSettings


class Base(BaseSettings):
    debug: bool = False


class AppConfig(Base):
    jwt_secret: str
# --- app/auth.py
from typing import Annotated

import jwt
from fastapi import Depends, Header

from app import config


def user(
    settings: Annotated[config.AppConfig, Depends(config.AppConfig)],  # expect: FAL230
    authorization: str = Header(),
) -> str:
    claims = jwt.decode(authorization, settings.jwt_secret, algorithms=["HS256"])
    return claims["name"]
# --- app/main.py
from fastapi import Depends, FastAPI

from app.auth import user

app = FastAPI(dependencies=[Depends(user)])


@app.get("/")
def index() -> None: ...
""",
    "a-model-that-is-called-settings": """
from fastapi import APIRouter, Depends
from pydantic import BaseModel


class MailSettings(BaseModel):
    host: str = "mail"
    password: str = "p"


router = APIRouter()


@router.post("/mail")
def mail(settings: MailSettings = Depends(MailSettings)) -> None: ...  # expect: FAL230
""",
    "a-dataclass": """
# --- config.py
from dataclasses import dataclass, field


@dataclass
class Config:
    hosts: list[str] = field(default_factory=list)
    database_url: str = "sqlite://"
# --- main.py
from fastapi import Depends, FastAPI

from config import Config

app = FastAPI()


@app.get("/rows")
def rows(config: Config = Depends()) -> str:  # expect: FAL230
    return config.database_url
""",
    "a-plain-class-that-says-who-calls": """
from fastapi import Depends, FastAPI, HTTPException


class RequestContext:
    def __init__(self, trace: str = "", is_admin: bool = False) -> None:
        self.trace = trace
        self.is_admin = is_admin


app = FastAPI()


@app.delete("/all")
def delete_all(context: RequestContext = Depends(RequestContext)) -> None:  # expect: FAL230
    if not context.is_admin:
        raise HTTPException(status_code=403)
""",
    "an-alias-for-many-routes": """
# --- deps.py
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, SecretStr


class ServiceSettings(BaseModel):
    name: str = "x"
    signing_key: SecretStr = SecretStr("s")


SettingsDep = Annotated[ServiceSettings, Depends()]  # expect: FAL230
# --- main.py
from fastapi import FastAPI

from deps import SettingsDep

app = FastAPI()


@app.get("/a")
def a(settings: SettingsDep) -> str:
    return settings.name
""",
    "an-identity": """
from pydantic.dataclasses import dataclass

from fastapi import Depends, FastAPI


@dataclass
class Principal:
    user_id: int
    role: str = "reader"


app = FastAPI()


@app.get("/mine")
def mine(principal: Principal = Depends()) -> int:  # expect: FAL230
    return principal.user_id
""",
}

GOOD = {
    "a-function-gives-them": """
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    api_key: str = "dev"


@lru_cache
def get_settings() -> Settings:
    return Settings()


app = FastAPI()


@app.get("/")
def index(
    settings: Annotated[Settings, Depends(get_settings)],
    other: Settings = Depends(lambda: Settings()),
) -> str:
    return settings.api_key + other.api_key
""",
    "a-class-method-gives-them": """
from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret: str = "x"

    @classmethod
    def load(cls) -> "Settings":
        return cls()


app = FastAPI()


@app.get("/")
def index(settings=Depends(Settings.load)) -> str:
    return settings.secret
""",
    "parameters-of-a-search": """
from fastapi import Depends, FastAPI
from pydantic import BaseModel


class UserFilter(BaseModel):
    user_id: int | None = None
    role: str | None = None
    is_admin: bool | None = None


class SearchConfig(BaseModel):
    word: str = ""
    limit: int = 10


app = FastAPI()


@app.get("/users")
def users(filters: UserFilter = Depends(), config: SearchConfig = Depends()) -> int:
    return config.limit
""",
    "a-context-made-of-dependencies": """
from fastapi import Depends, FastAPI, Header, HTTPException, Request


def current_user(authorization: str = Header()) -> int:
    if not authorization:
        raise HTTPException(status_code=401)
    return 1


class RequestContext:
    def __init__(self, request: Request, user_id: int = Depends(current_user)) -> None:
        self.request, self.user_id = request, user_id


app = FastAPI()


@app.get("/")
def index(context: RequestContext = Depends()) -> int:
    return context.user_id
""",
    "a-login-form": """
from fastapi import Depends, FastAPI, Form
from fastapi.security import OAuth2PasswordRequestForm


class LoginContext:
    def __init__(self, username: str = Form(), password: str = Form()) -> None:
        self.username, self.password = username, password


app = FastAPI()


@app.post("/login")
def login(form: OAuth2PasswordRequestForm = Depends(), other: LoginContext = Depends()) -> str:
    return form.username + other.username
""",
    "settings-without-parameters": """
import os

from fastapi import Depends, FastAPI


class Settings:
    def __init__(self) -> None:
        self.secret = os.environ["SECRET"]


class Config:
    SECRET = "x"
    password: str = "y"


app = FastAPI()


@app.get("/")
def index(settings: Settings = Depends(), config: Config = Depends(Config)) -> str:
    return settings.secret + config.SECRET
""",
    "an-instance-is-no-class": """
from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret: str = "x"

    def __call__(self) -> "Settings":
        return self


settings = Settings()
app = FastAPI()


@app.get("/")
def index(found=Depends(settings)) -> str:
    return found.secret
""",
    "settings-in-a-test": """
# --- app.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/test_app.py
from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret: str = "x"


app = FastAPI()


@app.get("/")
def index(settings: Settings = Depends()) -> str:
    return settings.secret
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL230")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL230")


def test_says_what_is_true_on_each_version() -> None:
    text = BAD["settings-of-pydantic"]
    (old,) = findings(text, "FAL230", fastapi="0.121.3")
    (new,) = findings(text, "FAL230", fastapi="0.148.0")
    assert "FastAPI 0.121.3" in (old.why or "")
    assert "?api_key=" not in (old.why or "")
    assert "?api_key=" in (new.why or "")


ROUTES = """
from fastapi import Depends, FastAPI

from config import Settings

app = FastAPI()


@app.get("/")
def index(has: Settings = Depends()) -> None: ...
"""
CONFIG = """
from functools import lru_cache

from pydantic_settings import BaseSettings


# What the environment says.
class Settings(BaseSettings):
    api_key: str  # ours
"""
SETTINGS = """

settings = Settings()
"""
GETTER = """

def get_settings() -> Settings:
    return settings
"""
OTHER = """

@lru_cache
def load() -> Settings:
    return Settings()
"""


def _project(config: str, routes: str) -> str:
    return f"\n# --- config.py{config}# --- main.py{routes}"


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (CONFIG + OTHER, CONFIG + OTHER, "load"),
        (CONFIG + SETTINGS + GETTER, CONFIG + SETTINGS + GETTER, "get_settings"),
        (CONFIG + SETTINGS, CONFIG + GETTER + SETTINGS, "get_settings"),
    ],
    ids=["cached", "plain", "none"],
)
def test_depends_on_a_function_of_the_project(before: str, after: str, name: str) -> None:
    names = ", ".join(sorted(["Settings", name]))
    routes = ROUTES.replace("Depends()", f"Depends({name})").replace(
        "import Settings", f"import {names}"
    )
    assert fixed(_project(before, ROUTES), "FAL230") == _project(after, routes)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Depends(Settings)", "Depends(get_settings)"),
        ("Depends(Settings, use_cache=False)", "Depends(get_settings, use_cache=False)"),
        ("Depends(scope=None)", "Depends(scope=None, dependency=get_settings)"),
        ("Depends(dependency=Settings)", "Depends(dependency=get_settings)"),
    ],
)
def test_the_dependency_is_named_as_it_was(before: str, after: str) -> None:
    config = CONFIG + SETTINGS + GETTER
    routes = ROUTES.replace("Depends()", before)
    expected = ROUTES.replace("Depends()", after).replace(
        "import Settings", "import Settings, get_settings"
    )
    assert fixed(_project(config, routes), "FAL230") == _project(config, expected)


def test_a_module_that_is_imported_whole_is_asked() -> None:
    config = CONFIG + SETTINGS + GETTER
    routes = ROUTES.replace("from config import Settings", "import config").replace(
        ": Settings", ": config.Settings"
    )
    expected = routes.replace("Depends()", "Depends(config.get_settings)")
    assert fixed(_project(config, routes), "FAL230") == _project(config, expected)
