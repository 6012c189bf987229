"""security-scheme-in-websocket: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "oauth2": """
# --- main.py
from fastapi.security import OAuth2PasswordBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

oauth2 = OAuth2PasswordBearer(tokenUrl='t')


@app.websocket("/ws")
async def talk(socket: WebSocket, t=Depends(oauth2)):  # expect: FAL511
    await socket.accept()
""",
    "bearer-annotated": """
# --- main.py
from typing import Annotated
from fastapi.security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

bearer = HTTPBearer()


@app.websocket("/ws")
async def talk(socket: WebSocket, t: Annotated[object, Depends(bearer)]):  # expect: FAL511
    await socket.accept()
""",
    "basic-security": """
# --- main.py
from fastapi.security import HTTPBasic
from fastapi import FastAPI, Security, WebSocket

app = FastAPI()

basic = HTTPBasic(auto_error=False)


@app.websocket("/ws")
async def talk(socket: WebSocket, t=Security(basic)):  # expect: FAL511
    await socket.accept()
""",
    "key-of-the-router": """
# --- api.py
from fastapi import APIRouter, Depends, WebSocket
from fastapi.security import APIKeyHeader

key = APIKeyHeader(name="x-key")
router = APIRouter(dependencies=[Depends(key)])  # expect: FAL511


@router.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
# --- main.py
from fastapi import FastAPI

from api import router

app = FastAPI()
app.include_router(router)
""",
    "of-a-dependency": """
# --- deps.py
from fastapi import Depends
from fastapi.security import APIKeyQuery

key = APIKeyQuery(name="key")


def user(value: str = Depends(key)):  # expect: FAL511
    return value
# --- main.py
from deps import user
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, name=Depends(user)):
    await socket.accept()
""",
    "a-subclass": """
# --- schemes.py
from fastapi.security import APIKeyCookie


class Session(APIKeyCookie):
    pass


session = Session(name="s")
# --- main.py
from schemes import session
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, s=Depends(session)):  # expect: FAL511
    await socket.accept()
""",
    "of-the-route": """
# --- main.py
from fastapi.security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws", dependencies=[Depends(HTTPBearer())])  # expect: FAL511
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "of-the-include": """
# --- api.py
from fastapi import APIRouter, WebSocket

router = APIRouter()


@router.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
# --- main.py
from fastapi import Depends, FastAPI
from fastapi.security import HTTPDigest

from api import router

app = FastAPI()
app.include_router(router, dependencies=[Depends(HTTPDigest())])  # expect: FAL511
""",
}

GOOD = {
    "of-http-only": """
# --- main.py
from fastapi.security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

bearer = HTTPBearer()


@app.get('/', dependencies=[Depends(bearer)])
def read():
    return 1


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    "newer": """
from fastapi.security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, t=Depends(HTTPBearer())):
    await socket.accept()
""",
    "own-dependency": """
# --- main.py
from starlette.requests import HTTPConnection
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()

def token(connection: HTTPConnection):
    return connection.headers.get('authorization')


@app.websocket("/ws")
async def talk(socket: WebSocket, t=Depends(token)):
    await socket.accept()
""",
    "own-class-for-sockets": """
# --- schemes.py
from fastapi import WebSocket
from fastapi.security import HTTPBearer


class SocketBearer(HTTPBearer):
    async def __call__(self, websocket: WebSocket):
        return websocket.headers.get("authorization")
# --- main.py
from schemes import SocketBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, t=Depends(SocketBearer())):
    await socket.accept()
""",
    "another-router": """
# --- api.py
from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

router = APIRouter(dependencies=[Depends(HTTPBearer())])


@router.get("/")
def read():
    return 1
# --- main.py
from api import router
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()


app.include_router(router)
""",
    "parsed-by-hand": """
# --- main.py
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    scheme, _, token = socket.headers.get('authorization', '').partition(' ')
    await socket.accept()
    print(scheme, token)
""",
    "a-class-of-the-project": """
# --- security.py
class HTTPBearer:
    def __call__(self, token: str = ""):
        return token
# --- main.py
from security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, t=Depends(HTTPBearer())):
    await socket.accept()
""",
    "a-header": """
# --- main.py
from fastapi import FastAPI, Header, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, authorization: str = Header()):
    await socket.accept()
""",
}

VERSIONS = {
    "skipped-before-0-97": (
        "0.96.1",
        """
from fastapi.security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI(dependencies=[Depends(HTTPBearer())])


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
""",
    ),
    "fails-in-0-143": (
        "0.143.0",
        """
from fastapi.security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, t=Depends(HTTPBearer())):  # expect: FAL511
    await socket.accept()
""",
    ),
    "works-in-0-144": (
        "0.144.0",
        """
from fastapi.security import HTTPBearer
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket, t=Depends(HTTPBearer())):
    await socket.accept()
""",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL511", fastapi="0.121.3")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL511", fastapi="0.165.0" if case == "newer" else "0.121.3")


@pytest.mark.parametrize("case", VERSIONS)
def test_knows_the_version(case: str) -> None:
    version, text = VERSIONS[case]
    assert_marks(text, "FAL511", fastapi=version)
