"""trust-all-proxies: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "run": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=80, forwarded_allow_ips="*")  # expect: FAL140
""",
    "import-string-and-list": """
from fastapi import FastAPI
from uvicorn import run

app = FastAPI()


def main() -> None:
    run("tolls:app", host="0.0.0.0", forwarded_allow_ips=["*"])  # expect: FAL140
""",
    "config-and-server": """
import asyncio

from fastapi import FastAPI
from uvicorn import Config, Server

app = FastAPI()


async def serve() -> None:
    config = Config(app, host="::", forwarded_allow_ips="*")  # expect: FAL140
    await Server(config).serve()


asyncio.run(serve())
""",
    "default-of-settings": """
# --- tolls/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    host: str = "0.0.0.0"
    trusted_proxies: str = "*"


settings = Settings()
# --- tolls/main.py
import uvicorn
from fastapi import FastAPI

from tolls.config import settings

app = FastAPI()


def main() -> None:
    uvicorn.run(  # expect: FAL140
        app, host=settings.host, forwarded_allow_ips=settings.trusted_proxies
    )
""",
    "default-of-the-environment-in-a-dict": """
import os

import uvicorn
from fastapi import FastAPI

app = FastAPI()
OPTIONS = {"host": "0.0.0.0", "forwarded_allow_ips": os.getenv("FORWARDED_ALLOW_IPS", "*")}

if __name__ == "__main__":
    uvicorn.run(app, **OPTIONS)  # expect: FAL140
""",
    "middleware-added": """
from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

app = FastAPI()
app.add_middleware(ProxyHeadersMiddleware, trusted_hosts="*")  # expect: FAL140
""",
    "application-wrapped": """
from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

api = FastAPI()
app = ProxyHeadersMiddleware(api, trusted_hosts=["*"])  # expect: FAL140
""",
    "every-host": """
# --- tolls/hosts.py
ALLOWED_HOSTS = ["tolls.example", "*"]
# --- tolls/main.py
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware

from tolls.hosts import ALLOWED_HOSTS

app = FastAPI(
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=ALLOWED_HOSTS)]  # expect: FAL140
)
""",
    "no-hosts-given": """
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

app = FastAPI()
app.add_middleware(TrustedHostMiddleware)  # expect: FAL140
""",
    "reloading-is-switched-off": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(  # expect: FAL140
        "main:app", host="0.0.0.0", reload=False, forwarded_allow_ips="*"
    )
""",
    "default-of-a-command": """
# --- app/settings.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    forwarded_allow_ips: str = "*"


settings = Settings()
# --- app/server.py
import click
import uvicorn

from app.settings import settings


@click.command()
@click.option("--host", default="0.0.0.0")
@click.option("--forwarded-allow-ips", default=settings.forwarded_allow_ips)
def main(host: str, forwarded_allow_ips: str) -> None:
    config = uvicorn.Config(  # expect: FAL140
        "app.main:app", host=host, forwarded_allow_ips=forwarded_allow_ips
    )
    uvicorn.Server(config).run()
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
""",
}

GOOD = {
    "option-that-is-called-otherwise": """
import click
import uvicorn
from fastapi import FastAPI

app = FastAPI()


@click.command()
@click.option("--topic", "topics", default="*")
@click.option("--proxies", "forwarded_allow_ips", default="127.0.0.1")
def main(topics: str, forwarded_allow_ips: str) -> None:
    uvicorn.run(app, host="0.0.0.0", forwarded_allow_ips=forwarded_allow_ips)
""",
    "server-of-a-developer": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
# --- run.py
import uvicorn

if __name__ == "__main__":
    uvicorn.run("app.main:app", host="0.0.0.0", reload=True, forwarded_allow_ips="*")
""",
    "one-proxy": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", forwarded_allow_ips="10.0.0.7")
""",
    "default-of-uvicorn": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", proxy_headers=True)
""",
    "this-machine-alone": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", forwarded_allow_ips="*")
""",
    "unix-socket": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, uds="/run/tolls.sock", forwarded_allow_ips="*")
""",
    "proxy-headers-off": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", proxy_headers=False, forwarded_allow_ips="*")
""",
    "networks": """
# --- tolls/config.py
PROXIES = ["10.0.0.0/8", "172.16.0.2"]
# --- tolls/main.py
from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tolls import config

app = FastAPI()
app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=config.PROXIES)
""",
    "hosts-with-subdomains": """
from fastapi import FastAPI
from fastapi.middleware.trustedhost import TrustedHostMiddleware

app = FastAPI()
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["tolls.example", "*.tolls.example"])
""",
    "hosts-from-elsewhere": """
from fastapi import FastAPI
from fastapi.middleware.trustedhost import TrustedHostMiddleware

from tolls_config import options

app = FastAPI()
app.add_middleware(TrustedHostMiddleware, **options)
""",
    "development-alone": """
# --- tolls/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False


settings = Settings()
# --- tolls/main.py
from fastapi import FastAPI
from fastapi.middleware.trustedhost import TrustedHostMiddleware

from tolls.config import settings

app = FastAPI()
hosts = ["*"] if settings.debug else ["tolls.example"]
app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
""",
    "other-functions-called-run": """
import subprocess

from fastapi import FastAPI

from tolls_server import run

app = FastAPI()
run(app, host="0.0.0.0", forwarded_allow_ips="*")
subprocess.run(["ls"], env={"FORWARDED_ALLOW_IPS": "*"})
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL140")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL140")
