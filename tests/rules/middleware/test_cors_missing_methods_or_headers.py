"""cors-missing-methods-or-headers: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "delete": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://seats.example"])  # expect: FAL139

@app.get("/seats/{seat}")
def get_seat(seat: int):
    return seat


@app.delete("/seats/{seat}")
def delete_seat(seat: int):
    return seat
""",
    "put-before-the-registration": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()


@app.put("/seats/{seat}")
def put_seat(seat: int):
    return seat


app.add_middleware(CORSMiddleware, allow_origins=["https://seats.example"])  # expect: FAL139
""",
    "json-body-of-a-post": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel


class Seat(BaseModel):
    row: int


app = FastAPI()
app.add_middleware(  # expect: FAL139
    CORSMiddleware, allow_origins=["https://seats.example"], allow_headers=["*"]
)


@app.post("/seats")
def book(seat: Seat):
    return seat
""",
    "routes-of-an-included-router": """
# --- seats/routes.py
from fastapi import APIRouter

router = APIRouter(prefix="/seats")


@router.patch("/{seat}")
def change(seat: int):
    return seat
# --- seats/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from seats.routes import router


def create_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(  # expect: FAL139
        CORSMiddleware,
        allow_origins=["https://seats.example"],
        allow_credentials=True,
    )
    app.include_router(router, prefix="/api")
    return app
""",
    "bearer-without-headers": """
# --- seats/auth.py
from typing import Annotated

from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer

oauth2 = OAuth2PasswordBearer(tokenUrl="token")


def current_user(token: Annotated[str, Depends(oauth2)]) -> str:
    return token
# --- seats/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from seats.auth import current_user

app = FastAPI()
app.add_middleware(  # expect: FAL139
    CORSMiddleware, allow_origins=["https://seats.example"], allow_methods=["*"]
)


@app.get("/me")
def me(user: Annotated[str, Depends(current_user)]):
    return user
""",
    "bearer-with-other-headers": """
from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import HTTPBearer

bearer = HTTPBearer()
app = FastAPI(dependencies=[Depends(bearer)])
app.add_middleware(  # expect: FAL139
    CORSMiddleware,
    allow_origins=["https://seats.example"],
    allow_methods=["GET"],
    allow_headers=["Content-Type", "X-Request-ID"],
)


@app.get("/seats")
def seats():
    return []
""",
    "in-the-constructor-with-a-class-of-its-own-for-the-token": """
# --- seats/security.py
from fastapi import HTTPException, Request
from fastapi.security import HTTPBearer


class JWTBearer(HTTPBearer):
    async def __call__(self, request: Request):
        credentials = await super().__call__(request)
        if credentials is None:
            raise HTTPException(status_code=403)
        return credentials.credentials
# --- seats/main.py
from fastapi import Depends, FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from seats.security import JWTBearer

app = FastAPI(
    middleware=[
        Middleware(  # expect: FAL139
            CORSMiddleware,
            allow_origin_regex=r"https://([a-z]+[.])?seats[.]example",
            allow_methods=("GET", "PUT"),
        )
    ]
)


@app.get("/seats", dependencies=[Depends(JWTBearer())])
def seats():
    return []
""",
    "methods-of-api-route": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://seats.example"])  # expect: FAL139


@app.api_route("/seats", methods=["GET", "DELETE"])
def seats():
    return []
""",
    "model-of-another-module-in-a-post": """
# --- seats/schemas.py
from pydantic import BaseModel


class Booking(BaseModel):
    seat: int
# --- seats/routes.py
from typing import Annotated

from fastapi import APIRouter, Body

from seats.schemas import Booking

router = APIRouter()


@router.post("/bookings")
async def book(booking: Annotated[Booking, Body(embed=True)]):
    return booking
# --- seats/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from seats.routes import router

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://seats.example"])  # expect: FAL139
app.include_router(router)
""",
    "dict-as-the-body-of-a-post": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://seats.example"])  # expect: FAL139


@app.post("/bookings")
def book(booking: dict[str, int]):
    return booking
""",
}

GOOD = {
    "methods-given": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://seats.example"], allow_methods=["GET", "DELETE"]
)

@app.get("/seats/{seat}")
def get_seat(seat: int):
    return seat


@app.delete("/seats/{seat}")
def delete_seat(seat: int):
    return seat
""",
    "all-methods": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://seats.example"], allow_methods=["*"]
)

@app.put("/seats/{seat}")
def put_seat(seat: int):
    return seat


@app.patch("/seats/{seat}")
def patch_seat(seat: int):
    return seat
""",
    "only-reading-routes": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"])

@app.get("/seats/{seat}")
def get_seat(seat: int):
    return seat


@app.head("/seats/{seat}")
def head_seat(seat: int):
    return seat
""",
    "methods-left-out-on-purpose": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://seats.example"], allow_methods=["GET"]
)

@app.get("/seats/{seat}")
def get_seat(seat: int):
    return seat


@app.delete("/seats/{seat}")
def delete_seat(seat: int):
    return seat
""",
    "posts-of-forms": """
from typing import Annotated

from fastapi import FastAPI, Form, UploadFile
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://seats.example"])


@app.post("/seats")
def book(row: Annotated[int, Form()], ticket: UploadFile):
    return row
""",
    "authorization-allowed": """
from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import HTTPBearer

app = FastAPI(dependencies=[Depends(HTTPBearer())])
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://seats.example"],
    allow_headers=["authorization", "Content-Type"],
)


@app.get("/seats")
def seats():
    return []
""",
    "session-cookies": """
from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import APIKeyCookie

app = FastAPI(dependencies=[Depends(APIKeyCookie(name="session"))])
app.add_middleware(
    CORSMiddleware, allow_origins=["https://seats.example"], allow_credentials=True
)


@app.get("/seats")
def seats():
    return []
""",
    "options-from-elsewhere": """
# --- seats/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from seats_config import cors

app = FastAPI()
app.add_middleware(CORSMiddleware, **cors.model_dump())


@app.delete("/seats/{seat}")
def free(seat: int):
    return seat
""",
    "options-of-a-dict": """
# --- seats/config.py
CORS = {
    "allow_origins": ["https://seats.example"],
    "allow_methods": ["GET", "DELETE"],
}
# --- seats/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from seats.config import CORS

app = FastAPI()
app.add_middleware(CORSMiddleware, **CORS)


@app.delete("/seats/{seat}")
def free(seat: int):
    return seat
""",
    "writing-routes-of-another-application": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

public = FastAPI()
internal = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=["*"])


@public.get("/seats")
def seats():
    return []


@internal.delete("/seats/{seat}")
def free(seat: int):
    return seat
""",
    "class-that-allows-more": """
# --- seats/cors.py
from fastapi.middleware.cors import CORSMiddleware


class Cors(CORSMiddleware):
    def __init__(self, app, **options):
        options.setdefault("allow_methods", ["*"])
        super().__init__(app, **options)
# --- seats/main.py
from fastapi import FastAPI

from seats.cors import Cors

app = FastAPI()
app.add_middleware(Cors, allow_origins=["https://seats.example"])


@app.delete("/seats/{seat}")
def free(seat: int):
    return seat
""",
    "model-of-query-parameters-in-a-post": """
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel


class Where(BaseModel):
    row: int


app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://seats.example"])


@app.post("/find")
def find(where: Annotated[Where, Query()]):
    return where


@app.post("/token")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    return form.username
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL139")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL139")
