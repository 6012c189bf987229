"""error-detail-leak: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "str": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except Exception as e:
        raise HTTPException(status_code=500, detail=str(e))  # expect: FAL706
""",
    "positional": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except Exception as e:
        raise HTTPException(500, str(e)) from e  # expect: FAL706
""",
    "f-string": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except Exception as e:
        raise HTTPException(status_code=400, detail=f"failed: {e}")  # expect: FAL706
""",
    "concatenated": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except Exception as e:
        raise HTTPException(status_code=500, detail="failed: " + str(e))  # expect: FAL706
""",
    "percent": """
# --- routes.py
from fastapi import APIRouter

from services import load

router = APIRouter()


@router.get("/")
def read():
    return load()
# --- services.py
import logging

from fastapi import HTTPException


def load():
    try:
        return open("a").read()
    except Exception as error:
        raise HTTPException(500, "failed: %s" % error)  # expect: FAL706
# --- main.py
from fastapi import FastAPI

from routes import router

app = FastAPI()
app.include_router(router)
""",
    "a-dict": """
# --- routes.py
from fastapi import APIRouter

from services import load

router = APIRouter()


@router.get("/")
def read():
    return load()
# --- services.py
import logging

from fastapi import HTTPException


def load():
    try:
        return open("a").read()
    except Exception as error:
        raise HTTPException(500, detail={"message": str(error)})  # expect: FAL706
# --- main.py
from fastapi import FastAPI

from routes import router

app = FastAPI()
app.include_router(router)
""",
    "format": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except Exception as e:
        raise HTTPException(status_code=500, detail="failed: {}".format(e))  # expect: FAL706
""",
    "repr-f-string": """
# --- routes.py
from fastapi import APIRouter

from services import load

router = APIRouter()


@router.get("/")
def read():
    return load()
# --- services.py
import logging

from fastapi import HTTPException


def load():
    try:
        return open("a").read()
    except BaseException as error:
        raise HTTPException(500, detail=f"{error!r}")  # expect: FAL706
# --- main.py
from fastapi import FastAPI

from routes import router

app = FastAPI()
app.include_router(router)
""",
    "what-another-test-left": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


class Missing(Exception):
    pass


@app.get("/")
def read():
    try:
        return open("data").read()
    except Exception as error:
        if isinstance(error, Missing):
            raise HTTPException(404, detail="no such thing")
        raise HTTPException(500, detail=str(error))  # expect: FAL706
""",
    "through-a-variable-a-class-and-a-function": """
# --- errors.py
from fastapi import HTTPException


class ServerError(HTTPException):
    def __init__(self, text):
        super().__init__(status_code=500, detail=text)


class Plain(HTTPException):
    pass


def server_error(text):
    return HTTPException(status_code=500, detail=text)
# --- main.py
from fastapi import FastAPI, HTTPException

from errors import Plain, ServerError, server_error

app = FastAPI()


def load():
    print("load")


@app.get("/a")
def read():
    try:
        load()
    except Exception as exc:
        message = f"failed: {exc}"
        raise HTTPException(500, detail=message)  # expect: FAL706


@app.get("/b")
def read_b():
    try:
        load()
    except Exception as exc:
        raise ServerError(text=str(exc))  # expect: FAL706


@app.get("/c")
def read_c():
    try:
        load()
    except Exception as exc:
        raise server_error(repr(exc))  # expect: FAL706


@app.get("/d")
def read_d():
    try:
        load()
    except Exception as exc:
        raise Plain(500, str(exc))  # expect: FAL706
""",
    "what requests and the start call": """
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException


class Users:
    @classmethod
    def create(cls, name):
        try:
            open(name, "x").close()
        except Exception as exc:
            raise HTTPException(500, str(exc))  # expect: FAL706


@asynccontextmanager
async def lifespan(app):
    Users.create("admin")
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/users/{name}")
def add(name: str):
    Users.create(name)
""",
    "in a response": """
from fastapi import APIRouter
from fastapi.responses import JSONResponse

router = APIRouter()


def failed(message, status_code=500):
    return JSONResponse({"message": message}, status_code=status_code)


@router.get("/a")
def a():
    try:
        return print("a")
    except Exception as error:
        return JSONResponse(status_code=500, content={"error": str(error)})  # expect: FAL706


@router.get("/b")
def b():
    try:
        return print("b")
    except Exception as error:
        return failed(f"failed: {error}")  # expect: FAL706
""",
    "what a function makes of it": """
from fastapi import APIRouter, HTTPException

router = APIRouter()


def internal(error, where="api"):
    return HTTPException(500, detail=f"{where}: {error}")


@router.get("/a")
def a():
    try:
        return print("a")
    except Exception as e:
        raise internal(e, "a")  # expect: FAL706


@router.get("/b")
def b():
    try:
        return print("b")
    except Exception as e:
        detail = {"message": "failed"}
        detail["error"] = str(e)
        raise HTTPException(500, detail)  # expect: FAL706
""",
    "in a service that an endpoint calls": """
# --- service.py
from fastapi import HTTPException


class Orders:
    async def place(self, data):
        await self._store(data)

    async def _store(self, data):
        try:
            print(data)
        except Exception as error:
            raise HTTPException(500, str(error))  # expect: FAL706
# --- middle.py
def forward(orders, data):
    return orders.place(data)
# --- main.py
from fastapi import FastAPI

from middle import forward
from service import Orders

app = FastAPI()


@app.post("/")
async def place(data: dict):
    return await forward(Orders(), data)
""",
    "matched by nothing": """
from fastapi import APIRouter, HTTPException

router = APIRouter()


class Busy(Exception): ...


@router.get("/a")
def a():
    try:
        return print("a")
    except Exception as error:
        match error:
            case Busy():
                raise HTTPException(503, "busy")
            case _:
                raise HTTPException(500, str(error))  # expect: FAL706
""",
    "what a function makes of all the rest": """
from fastapi import APIRouter, HTTPException

router = APIRouter()


class Missing(Exception): ...


def translated(error):
    if isinstance(error, HTTPException):
        return error
    if isinstance(error, Missing):
        return HTTPException(404, detail=str(error))
    status = getattr(error, "status", None)
    if isinstance(status, int):
        return HTTPException(status, detail=str(error))
    return HTTPException(500, detail=str(error))


@router.get("/a")
def a():
    try:
        return print("a")
    except Exception as error:
        raise translated(error) from error  # expect: FAL706
""",
}

GOOD = {
    "what a function makes of known errors": """
from fastapi import APIRouter, HTTPException

router = APIRouter()


class Missing(Exception): ...


def translated(error):
    if isinstance(error, HTTPException):
        return error
    if isinstance(error, Missing):
        return HTTPException(404, detail=str(error))
    status = getattr(error, "status", None)
    if isinstance(status, int):
        return HTTPException(status, detail=str(error))
    return HTTPException(500, detail="internal error")


@router.get("/a")
def a():
    try:
        return print("a")
    except Exception as error:
        raise translated(error) from error
""",
    "fixed": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except Exception as e:
        raise HTTPException(status_code=500, detail="failed") from e
""",
    "own-class": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except ValueError as e:
        raise HTTPException(status_code=400, detail=str(e))
""",
    "logged": """
# --- routes.py
from fastapi import APIRouter

from services import load

router = APIRouter()


@router.get("/")
def read():
    return load()
# --- services.py
import logging

from fastapi import HTTPException


def load():
    try:
        return open("a").read()
    except Exception as error:
        logging.error("failed: %s", error)
        raise HTTPException(500, detail="failed")
# --- main.py
from fastapi import FastAPI

from routes import router

app = FastAPI()
app.include_router(router)
""",
    "an-http-exception": """
# --- routes.py
from fastapi import APIRouter

from services import load

router = APIRouter()


@router.get("/")
def read():
    return load()
# --- services.py
import logging

from fastapi import HTTPException


def load():
    try:
        return open("a").read()
    except HTTPException as error:
        raise HTTPException(error.status_code, detail=str(error.detail))
# --- main.py
from fastapi import FastAPI

from routes import router

app = FastAPI()
app.include_router(router)
""",
    "only-the-class": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except Exception as e:
        raise HTTPException(status_code=500, detail=type(e).__name__)
""",
    "another-variable": """
# --- routes.py
from fastapi import APIRouter

from services import load

router = APIRouter()


@router.get("/")
def read():
    return load()
# --- services.py
import logging

from fastapi import HTTPException


def load():
    try:
        return open("a").read()
    except Exception as error:
        name = "a"
        logging.exception(error)
        raise HTTPException(500, detail=f"cannot load {name}")
# --- main.py
from fastapi import FastAPI

from routes import router

app = FastAPI()
app.include_router(router)
""",
    "raised-again": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("a").read()
    except Exception as e:
        raise
""",
    "a-project-class": """
# --- errors.py
class HTTPException(Exception):
    def __init__(self, status_code, detail):
        self.detail = detail
# --- main.py
from fastapi import FastAPI

from errors import HTTPException

app = FastAPI()


def run():
    try:
        return open("a").read()
    except Exception as e:
        raise HTTPException(500, str(e))
""",
    "a-test": """
# --- test_main.py
from fastapi import HTTPException


def test_it():
    try:
        pass
    except Exception as e:
        raise HTTPException(500, str(e))
""",
    "asked-for-its-class": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


class Missing(Exception):
    pass


@app.get("/")
def read():
    try:
        return open("data").read()
    except Exception as error:
        if isinstance(error, Missing):
            raise HTTPException(404, detail=str(error))
        raise HTTPException(500, detail="cannot read it")
""",
    "asked-for-its-text": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read():
    try:
        return open("data").read()
    except Exception as error:
        if "not found" in str(error).lower():
            raise HTTPException(404, detail=str(error))
        raise
""",
    "what-a-class-or-function-keeps-to-itself": """
# --- errors.py
import logging

from fastapi import HTTPException


class ServerError(HTTPException):
    def __init__(self, text):
        logging.error(text)
        super().__init__(status_code=500, detail="failed")


def server_error(text):
    logging.error(text)
    return HTTPException(status_code=500, detail="failed")
# --- main.py
from fastapi import FastAPI, HTTPException

from errors import ServerError, server_error

app = FastAPI()


def load():
    print("load")


@app.get("/a")
def read():
    try:
        load()
    except Exception as exc:
        message = f"failed: {exc}"
        print(message)
        message = "failed"
        raise HTTPException(500, detail=message)


@app.get("/b")
def read_b():
    try:
        load()
    except Exception as exc:
        raise ServerError(str(exc))


@app.get("/c")
def read_c():
    try:
        load()
    except Exception as exc:
        raise server_error(str(exc))


@app.get("/d")
def read_d():
    try:
        load()
    except ValueError as exc:
        raise HTTPException(400, detail=str(exc))
""",
    "at-the-start-of-the-application": """
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException


class DatabaseError(HTTPException):
    def __init__(self, text):
        super().__init__(500, text)


class Database:
    def connect(self):
        try:
            print("connect")
        except Exception as exc:
            raise DatabaseError(f"cannot connect: {exc}")


database = Database()


@asynccontextmanager
async def lifespan(app):
    database.connect()
    yield


app = FastAPI(lifespan=lifespan)
""",
    "a response that is none of an error, or tells nothing": """
from fastapi import APIRouter
from fastapi.responses import JSONResponse

router = APIRouter()


def failed(message):
    print(message)
    return JSONResponse({"message": "internal"}, status_code=500)


@router.get("/a")
def a():
    try:
        return print("a")
    except Exception as error:
        return JSONResponse({"state": "degraded", "last": str(error)})


@router.get("/b")
def b():
    try:
        return print("b")
    except Exception as error:
        return failed(str(error))


@router.get("/c")
def c():
    try:
        return print("c")
    except Exception as error:
        print(error)
        return JSONResponse({"type": type(error).__name__}, status_code=500)
""",
    "names of another function": """
from fastapi import APIRouter, HTTPException

router = APIRouter()


def internal(where):
    try:
        return HTTPException(500, where)
    except ValueError as e:
        return HTTPException(500, str(e))


@router.get("/a")
def a():
    try:
        return print("a")
    except Exception as e:
        raise internal("a")
""",
    "raised by what no request runs": """
# --- mail.py
from fastapi import HTTPException


class Mailer:
    def __init__(self, host):
        self.connect(host)

    def connect(self, host):
        try:
            print(host)
        except Exception as error:
            raise HTTPException(500, f"mail: {error}")

    def send(self, to):
        try:
            print(to)
        except Exception as error:
            raise HTTPException(500, f"mail: {error}")
# --- worker.py
from mail import Mailer


def consume(queue):
    mailer = Mailer("localhost")
    for to in queue:
        mailer.send(to)


if __name__ == "__main__":
    consume(["a"])
# --- main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index():
    return 1
""",
    "matched by its class": """
from fastapi import APIRouter, HTTPException

router = APIRouter()


class Busy(Exception): ...


@router.get("/a")
def a():
    try:
        return print("a")
    except Exception as error:
        match error:
            case Busy():
                raise HTTPException(503, str(error))
            case _:
                raise HTTPException(500, "internal")
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL706")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL706")
