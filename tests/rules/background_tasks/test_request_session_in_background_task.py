"""request-session-in-background-task: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks, findings

ASYNC_DB = """
# --- app/db.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db/app")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session
"""

SYNC_DB = """
# --- app/db.py
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql+psycopg://app@db/app")
SessionLocal = sessionmaker(bind=engine)


def get_db() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
"""

SESSION_DEP = (
    ASYNC_DB
    + """
# --- app/deps.py
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session

SessionDep = Annotated[AsyncSession, Depends(get_session)]
"""
)

MODELS = """
# --- app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
"""

BAD = {
    # How the session reaches the route.
    "a-session-from-a-depends-default-is-passed-to-add-task": """
from collections.abc import Iterator

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql+psycopg://app@db/app"))
app = FastAPI()


def get_db() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def write_audit(db: Session, order_id: int) -> None: ...


@app.post("/orders/{order_id}")
def create_order(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(write_audit, db, order_id)  # expect: FAL401
""",
    "an-async-session-annotated-in-the-signature-is-passed-on": """
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

SessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg://app@db/app"))
app = FastAPI()


async def get_session():
    async with SessionLocal() as session:
        yield session


async def send_receipt(order_id: int, session: AsyncSession) -> None: ...


@app.post("/orders/{order_id}/receipt")
async def receipt(
    order_id: int,
    background_tasks: BackgroundTasks,
    session: Annotated[AsyncSession, Depends(get_session)],
) -> None:
    background_tasks.add_task(send_receipt, order_id, session)  # expect: FAL401
""",
    "an-annotated-alias-imported-from-deps-hides-the-session": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep
from app.search import reindex

app = FastAPI()


@app.post("/articles/{article_id}")
async def publish(article_id: int, session: SessionDep, background: BackgroundTasks) -> None:
    background.add_task(reindex, session, article_id)  # expect: FAL401
# --- app/search.py
from sqlalchemy.ext.asyncio import AsyncSession


async def reindex(session: AsyncSession, article_id: int) -> None: ...
""",
    "an-alias-of-an-alias-hides-the-session": SESSION_DEP
    + """
# --- app/api/types.py
from app.deps import SessionDep

DB = SessionDep
# --- app/api/users.py
from fastapi import APIRouter, BackgroundTasks

from .types import DB

router = APIRouter()


async def sync_crm(user_id: int, db: DB) -> None: ...


@router.post("/users/{user_id}")
async def create_user(user_id: int, db: DB, tasks: BackgroundTasks) -> None:
    tasks.add_task(sync_crm, user_id, db)  # expect: FAL401
# --- app/main.py
from fastapi import FastAPI

from app.api import users

app = FastAPI()
app.include_router(users.router, prefix="/api")
""",
    "a-type-alias-re-exported-by-a-package-hides-the-session": SYNC_DB
    + """
# --- app/api/deps/__init__.py
from app.api.deps.database import DbSession as DbSession
# --- app/api/deps/database.py
from typing import Annotated, TypeAlias

from fastapi import Depends
from sqlalchemy.orm import Session

from app.db import get_db

DbSession: TypeAlias = Annotated[Session, Depends(get_db)]
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.api import deps

app = FastAPI()


def recompute(db: deps.DbSession) -> None: ...


@app.post("/scores")
def add_score(db: deps.DbSession, tasks: BackgroundTasks) -> None:
    tasks.add_task(recompute, db)  # expect: FAL401
""",
    "a-sqlmodel-session-is-passed-to-add-task": """
# --- app/api/deps.py
from collections.abc import Generator
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, create_engine

engine = create_engine("postgresql+psycopg://app@db/app")


def get_db() -> Generator[Session, None, None]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_db)]
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI
from sqlmodel import Session

from app.api.deps import SessionDep

app = FastAPI()


def generate_report(session: Session, report_id: int) -> None: ...


@app.post("/reports/{report_id}")
def start_report(report_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(generate_report, session=session, report_id=report_id)  # expect: FAL401
""",
    "an-async-sqlmodel-session-is-passed-to-add-task": """
# --- app/core/db.py
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

engine = create_async_engine("postgresql+asyncpg://app@db/app")


async def get_session():
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlmodel.ext.asyncio.session import AsyncSession

from app.core.db import get_session

app = FastAPI()


async def expire_invites(session: AsyncSession) -> None: ...


@app.post("/teams")
async def create_team(tasks: BackgroundTasks, session: AsyncSession = Depends(get_session)) -> None:
    tasks.add_task(expire_invites, session)  # expect: FAL401
""",
    "a-session-of-a-sessionmaker-transaction-is-passed-on": """
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

session_factory = async_sessionmaker(create_async_engine("postgresql+asyncpg://app@db/app"))
app = FastAPI()


async def transaction():
    async with session_factory.begin() as tx:
        yield tx


async def settle(tx: AsyncSession, invoice_id: int) -> None: ...


@app.post("/invoices/{invoice_id}/pay")
async def pay(invoice_id: int, tasks: BackgroundTasks, tx: AsyncSession = Depends(transaction)):
    tasks.add_task(settle, tx, invoice_id)  # expect: FAL401
""",
    "an-unannotated-parameter-gets-its-session-from-a-yield-dependency": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.db import get_db

app = FastAPI()


def refresh_stats(db, team_id): ...


@app.put("/teams/{team_id}")
def update_team(team_id: int, tasks: BackgroundTasks, db=Depends(get_db)):
    tasks.add_task(refresh_stats, db, team_id)  # expect: FAL401
""",
    "the-session-dependency-is-a-method-of-a-database-object": """
# --- app/database.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


class Database:
    def __init__(self, url: str) -> None:
        self.sessions = async_sessionmaker(create_async_engine(url))

    async def session(self) -> AsyncIterator[AsyncSession]:
        async with self.sessions() as session:
            yield session


database = Database("postgresql+asyncpg://app@db/app")
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import database

app = FastAPI()


async def archive(project_id: int, db: AsyncSession) -> None: ...


@app.delete("/projects/{project_id}")
async def delete_project(
    project_id: int,
    tasks: BackgroundTasks,
    db: AsyncSession = Depends(database.session),
) -> None:
    tasks.add_task(archive, project_id, db)  # expect: FAL401
""",
    "the-session-dependency-delegates-to-another-generator": """
# --- app/db.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

maker = async_sessionmaker(create_async_engine("postgresql+asyncpg://app@db/app"))


async def open_session() -> AsyncIterator[AsyncSession]:
    async with maker() as session:
        yield session


async def get_session() -> AsyncIterator[AsyncSession]:
    async for session in open_session():
        yield session
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session

app = FastAPI()


async def purge(session: AsyncSession) -> None: ...


@app.post("/purge")
async def start_purge(tasks: BackgroundTasks, session: AsyncSession = Depends(get_session)) -> None:
    tasks.add_task(purge, session)  # expect: FAL401
""",
    "the-session-annotation-is-imported-for-type-checking-only": ASYNC_DB
    + """
# --- app/main.py
from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import BackgroundTasks, Depends, FastAPI

from app.db import get_session

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

app = FastAPI()


async def close_ticket(session: AsyncSession, ticket_id: int) -> None: ...


@app.post("/tickets/{ticket_id}/close")
async def close(
    ticket_id: int, tasks: BackgroundTasks, session: AsyncSession = Depends(get_session)
) -> None:
    tasks.add_task(close_ticket, session, ticket_id)  # expect: FAL401
""",
    "an-optional-session-is-passed-on": """
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


def get_db():
    with Session(engine) as db:
        yield db


def count_view(db: Session | None, page: str) -> None: ...


@app.get("/pages/{page}")
def show(page: str, tasks: BackgroundTasks, db: Session | None = Depends(get_db)) -> str:
    tasks.add_task(count_view, db, page)  # expect: FAL401
    return page
""",
    "everything-is-spelled-through-the-fastapi-module": SYNC_DB
    + """
# --- app/main.py
import fastapi
import sqlalchemy.orm as orm

from app import db as database

app = fastapi.FastAPI()


def log_login(user_id: int, db: orm.Session) -> None: ...


@app.post("/login/{user_id}")
def login(
    user_id: int,
    tasks: fastapi.BackgroundTasks,
    db: orm.Session = fastapi.Depends(database.get_db),
) -> None:
    tasks.add_task(log_login, user_id, db)  # expect: FAL401
""",
    # How it is passed.
    "a-keyword-argument-carries-the-session": SYNC_DB
    + """
# --- app/routers/coupons.py
from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy.orm import Session

from app.db import get_db
from app.events import emit_products_updated

router = APIRouter(prefix="/stores/{store_id}/coupons")


@router.post("")
def create_coupon(store_id: int, bg: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    bg.add_task(emit_products_updated, store_id=store_id, db=db)  # expect: FAL401
# --- app/events.py
from sqlalchemy.orm import Session


async def emit_products_updated(db: Session, store_id: int) -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.routers.coupons import router as coupons

app = FastAPI()
app.include_router(coupons)
""",
    "a-list-argument-contains-the-session": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def run(job: str, arguments: list) -> None: ...


@app.post("/jobs/{job}")
def enqueue(job: str, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(run, job, [db, job])  # expect: FAL401
""",
    "a-dict-argument-contains-the-session": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep

app = FastAPI()


async def render(template: str, context: dict) -> None: ...


@app.post("/mails/{user_id}")
async def mail(user_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(render, "welcome", {"user_id": user_id, "db": session})  # expect: FAL401
""",
    "a-tuple-in-a-keyword-argument-contains-the-session": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep

app = FastAPI()


async def run_later(*, args: tuple) -> None: ...


@app.post("/exports/{export_id}")
async def export(export_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(run_later, args=(session, export_id))  # expect: FAL401
""",
    "the-session-is-renamed-before-it-is-passed": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def rebuild_index(session: Session) -> None: ...


@app.post("/index")
def rebuild(tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    session = db
    tasks.add_task(rebuild_index, session)  # expect: FAL401
""",
    "a-call-over-several-lines-is-reported-at-its-first-line": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep

app = FastAPI()


async def ingest(path: str, *, session: SessionDep, retries: int) -> None: ...


@app.post("/ingest/{path}")
async def start(path: str, session: SessionDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(  # expect: FAL401
        ingest,
        path,
        session=session,
        retries=3,
    )
""",
    "each-of-two-tasks-with-the-session-is-reported": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep

app = FastAPI()


async def send_mail(address: str) -> None: ...
async def add_credit(session: SessionDep, user_id: int) -> None: ...
async def add_badge(session: SessionDep, user_id: int) -> None: ...


@app.post("/signup/{user_id}")
async def signup(user_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(add_credit, session, user_id)  # expect: FAL401
    tasks.add_task(send_mail, "new@example.com")
    if user_id < 1000:
        tasks.add_task(add_badge, session, user_id)  # expect: FAL401
""",
    "a-lambda-closes-over-the-session": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def touch(db: Session, user_id: int) -> None: ...


@app.get("/users/{user_id}")
def read_user(user_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(lambda: touch(db, user_id))  # expect: FAL401
""",
    "a-lambda-binds-the-session-as-a-default": """
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


def get_db():
    with Session(engine) as session:
        yield session


def touch(session: Session, key: str) -> None: ...


@app.get("/keys/{key}")
def read_key(key: str, tasks: BackgroundTasks, session: Session = Depends(get_db)) -> None:
    tasks.add_task(lambda key, s=session: touch(s, key), key)  # expect: FAL401
""",
    "a-nested-function-closes-over-the-session": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI
from sqlalchemy import text

from app.deps import SessionDep

app = FastAPI()


@app.post("/carts/{cart_id}/checkout")
async def checkout(cart_id: int, session: SessionDep, tasks: BackgroundTasks) -> dict[str, int]:
    async def clear_cart() -> None:
        await session.execute(text("select 1"))
        await session.commit()

    tasks.add_task(clear_cart)  # expect: FAL401
    return {"cart": cart_id}
""",
    "a-partial-binds-the-session": SYNC_DB
    + """
# --- app/main.py
import functools

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db
from app.nodes import reconnect

app = FastAPI()


@app.post("/nodes/{node_id}/reconnect")
def reconnect_node(node_id: int, bg: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    bg.add_task(functools.partial(reconnect, db), node_id)  # expect: FAL401
# --- app/nodes.py
from sqlalchemy.orm import Session


def reconnect(db: Session, node_id: int) -> None: ...
""",
    "a-partial-under-another-name-binds-the-session-by-keyword": SESSION_DEP
    + """
# --- app/main.py
from functools import partial as bind

from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep

app = FastAPI()


async def import_rows(source: str, *, db: SessionDep) -> None: ...


@app.post("/imports/{source}")
async def start_import(source: str, db: SessionDep, tasks: BackgroundTasks) -> None:
    job = bind(import_rows, db=db)
    tasks.add_task(job, source)  # expect: FAL401
""",
    "a-method-of-the-session-is-the-task": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep

app = FastAPI()


@app.post("/votes/{vote_id}")
async def vote(vote_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(session.commit)  # expect: FAL401
""",
    # Objects that hold the session.
    "a-service-built-in-the-route-holds-the-session": SESSION_DEP
    + """
# --- app/services.py
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class OrderService:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def ship(self, order_id: int) -> None:
        await self.session.execute(text("select 1"))
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep
from app.services import OrderService

app = FastAPI()


async def ship_later(service: OrderService, order_id: int) -> None:
    await service.ship(order_id)


@app.post("/orders/{order_id}/ship")
async def ship(order_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    service = OrderService(session)
    tasks.add_task(ship_later, service, order_id)  # expect: FAL401
""",
    "a-service-built-in-the-call-holds-the-session": """
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


class ReportService:
    def __init__(self, db: Session, locale: str = "en") -> None:
        self._db = db
        self._locale = locale

    def build(self, report_id: int) -> None:
        self._db.execute(text("select 1"))


def get_db():
    with Session(engine) as session:
        yield session


@app.post("/reports/{report_id}")
def build_report(report_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(ReportService(db, locale="de").build, report_id)  # expect: FAL401
""",
    "a-dependency-returns-a-service-around-the-session": ASYNC_DB
    + """
# --- app/users/service.py
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class UserService:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def recount(self) -> None:
        await self.session.execute(text("select 1"))
# --- app/users/deps.py
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session
from app.users.service import UserService


async def get_user_service(session: AsyncSession = Depends(get_session)) -> UserService:
    return UserService(session)
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.users.deps import get_user_service
from app.users.service import UserService

app = FastAPI()


async def recount(service: UserService) -> None:
    await service.recount()


@app.post("/users")
async def create_user(
    tasks: BackgroundTasks, service: UserService = Depends(get_user_service)
) -> None:
    tasks.add_task(recount, service)  # expect: FAL401
""",
    "a-bound-method-of-a-service-around-the-session-is-the-task": ASYNC_DB
    + """
# --- app/notifications.py
from typing import Annotated

from fastapi import Depends
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session


class NotificationService:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def send(self, user_id: int) -> None:
        await self._session.execute(text("select 1"))


def get_notifications(
    session: Annotated[AsyncSession, Depends(get_session)],
) -> NotificationService:
    return NotificationService(session)


Notifications = Annotated[NotificationService, Depends(get_notifications)]
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.notifications import Notifications

app = FastAPI()


@app.post("/follow/{user_id}")
async def follow(user_id: int, service: Notifications, tasks: BackgroundTasks) -> None:
    tasks.add_task(service.send, user_id)  # expect: FAL401
""",
    "a-class-dependency-takes-the-session-in-its-constructor": ASYNC_DB
    + """
# --- app/billing.py
from fastapi import Depends
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session


class Billing:
    def __init__(self, session: AsyncSession = Depends(get_session)) -> None:
        self.session = session

    async def charge(self, account_id: int) -> None:
        await self.session.execute(text("select 1"))
# --- app/main.py
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI

from app.billing import Billing

app = FastAPI()


@app.post("/accounts/{account_id}/renew")
async def renew(
    account_id: int, billing: Annotated[Billing, Depends()], tasks: BackgroundTasks
) -> None:
    tasks.add_task(billing.charge, account_id)  # expect: FAL401
""",
    "a-dataclass-dependency-has-the-session-as-a-field": ASYNC_DB
    + """
# --- app/context.py
from dataclasses import dataclass

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session


@dataclass
class RequestContext:
    session: AsyncSession
    tenant: str


def get_context(session: AsyncSession = Depends(get_session)) -> RequestContext:
    return RequestContext(session=session, tenant="acme")
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.context import RequestContext, get_context

app = FastAPI()


async def track(context: RequestContext, event: str) -> None: ...


@app.post("/events/{event}")
async def event(
    event: str, tasks: BackgroundTasks, context: RequestContext = Depends(get_context)
) -> None:
    tasks.add_task(track, context, event)  # expect: FAL401
""",
    "a-repository-inside-a-service-holds-the-session": ASYNC_DB
    + """
# --- app/repository.py
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class UserRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def deactivate(self, user_id: int) -> None:
        await self.session.execute(text("select 1"))
# --- app/service.py
from app.repository import UserRepository


class UserService:
    def __init__(self, users: UserRepository) -> None:
        self.users = users

    async def deactivate(self, user_id: int) -> None:
        await self.users.deactivate(user_id)
# --- app/deps.py
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session
from app.repository import UserRepository
from app.service import UserService


def get_users(session: AsyncSession = Depends(get_session)) -> UserRepository:
    return UserRepository(session)


def get_service(users: UserRepository = Depends(get_users)) -> UserService:
    return UserService(users)
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.deps import get_service
from app.service import UserService

app = FastAPI()


@app.delete("/users/{user_id}")
async def remove(
    user_id: int, tasks: BackgroundTasks, service: UserService = Depends(get_service)
) -> None:
    tasks.add_task(service.deactivate, user_id)  # expect: FAL401
""",
    "a-base-class-constructor-stores-the-session": SESSION_DEP
    + """
# --- app/services/base.py
from sqlalchemy.ext.asyncio import AsyncSession


class BaseService:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db
# --- app/services/thumbnails.py
from sqlalchemy import text

from app.services.base import BaseService


class ThumbnailService(BaseService):
    async def create(self, image_id: int) -> None:
        await self.db.execute(text("select 1"))
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep
from app.services.thumbnails import ThumbnailService

app = FastAPI()


@app.post("/images/{image_id}")
async def upload(image_id: int, db: SessionDep, tasks: BackgroundTasks) -> None:
    thumbnails = ThumbnailService(db)
    tasks.add_task(thumbnails.create, image_id)  # expect: FAL401
""",
    "the-session-is-read-from-an-attribute-of-the-service": ASYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session

app = FastAPI()


class Catalog:
    def __init__(self, session: AsyncSession = Depends(get_session)) -> None:
        self.session = session


async def warm_cache(session: AsyncSession) -> None: ...


@app.post("/catalog")
async def refresh(tasks: BackgroundTasks, catalog: Catalog = Depends()) -> None:
    tasks.add_task(warm_cache, catalog.session)  # expect: FAL401
""",
    "a-unit-of-work-yielded-by-the-dependency-holds-the-session": """
# --- app/uow.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

factory = async_sessionmaker(create_async_engine("postgresql+asyncpg://app@db/app"))


class UnitOfWork:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def commit(self) -> None:
        await self.session.commit()


async def get_uow() -> AsyncIterator[UnitOfWork]:
    async with factory() as session:
        yield UnitOfWork(session)
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.uow import UnitOfWork, get_uow

app = FastAPI()


async def allocate(uow: UnitOfWork, order_id: int) -> None:
    await uow.commit()


@app.post("/orders/{order_id}/allocate")
async def start(
    order_id: int, tasks: BackgroundTasks, uow: UnitOfWork = Depends(get_uow)
) -> None:
    tasks.add_task(allocate, uow, order_id)  # expect: FAL401
""",
    # Where the task list comes from.
    "a-background-task-in-a-response-gets-the-session": """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


def get_db():
    with Session(engine) as session:
        yield session


def log_download(db: Session, file_id: int) -> None: ...


@app.get("/files/{file_id}")
def download(file_id: int, db: Session = Depends(get_db)) -> JSONResponse:
    task = BackgroundTask(log_download, db, file_id)  # expect: FAL401
    return JSONResponse({"file": file_id}, background=task)
""",
    "a-background-task-in-the-response-call-gets-the-session": SESSION_DEP
    + """
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from app.deps import SessionDep
from app.stats import count_click

app = FastAPI()


@app.get("/r/{slug}")
async def follow(slug: str, session: SessionDep) -> RedirectResponse:
    return RedirectResponse(
        "https://example.com",
        background=BackgroundTask(count_click, slug, session=session),  # expect: FAL401
    )
# --- app/stats.py
from sqlalchemy.ext.asyncio import AsyncSession


async def count_click(slug: str, session: AsyncSession) -> None: ...
""",
    "background-tasks-made-by-hand-are-given-to-the-response": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse

from app.deps import SessionDep

app = FastAPI()


async def cleanup(session: SessionDep, upload_id: str) -> None: ...


@app.post("/uploads/{upload_id}/finish")
async def finish(upload_id: str, session: SessionDep) -> JSONResponse:
    tasks = BackgroundTasks()
    tasks.add_task(cleanup, session, upload_id)  # expect: FAL401
    return JSONResponse({"status": "done"}, background=tasks)
""",
    "a-list-of-background-tasks-is-given-to-the-response": SESSION_DEP
    + """
# --- app/main.py
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from starlette.background import BackgroundTask, BackgroundTasks

from app.deps import SessionDep

app = FastAPI()


async def notify(address: str) -> None: ...
async def bill(session: SessionDep, call_id: str) -> None: ...


@app.post("/calls/{call_id}/hangup")
async def hangup(call_id: str, session: SessionDep) -> PlainTextResponse:
    after = BackgroundTasks(
        [
            BackgroundTask(notify, "ops@example.com"),
            BackgroundTask(bill, session, call_id),  # expect: FAL401
        ]
    )
    return PlainTextResponse("ok", background=after)
""",
    "a-task-is-attached-to-a-response-afterwards": SESSION_DEP
    + """
# --- app/main.py
from fastapi import FastAPI, Response
from starlette import background

from app.deps import SessionDep

app = FastAPI()


async def mark_read(session: SessionDep, message_id: int) -> None: ...


@app.get("/messages/{message_id}")
async def read(message_id: int, session: SessionDep) -> Response:
    response = Response("hello")
    response.background = background.BackgroundTask(  # expect: FAL401
        mark_read, session, message_id
    )
    return response
""",
    "background-tasks-are-injected-into-a-dependency": SESSION_DEP
    + """
# --- app/audit.py
from fastapi import BackgroundTasks, Request

from app.deps import SessionDep


async def store(session: SessionDep, path: str) -> None: ...


async def audit(request: Request, tasks: BackgroundTasks, session: SessionDep) -> None:
    tasks.add_task(store, session, request.url.path)  # expect: FAL401
# --- app/main.py
from fastapi import Depends, FastAPI

from app.audit import audit

app = FastAPI(dependencies=[Depends(audit)])


@app.get("/items")
async def items() -> list[int]:
    return [1]
""",
    "the-task-list-and-the-session-are-passed-to-a-service-function": SESSION_DEP
    + """
# --- app/registration.py
from fastapi import BackgroundTasks
from sqlalchemy.ext.asyncio import AsyncSession


async def confirm(session: AsyncSession, email: str) -> None: ...


async def register(session: AsyncSession, tasks: BackgroundTasks, email: str) -> None:
    tasks.add_task(confirm, session, email)  # expect: FAL401
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep
from app.registration import register

app = FastAPI()


@app.post("/register/{email}")
async def sign_up(email: str, session: SessionDep, tasks: BackgroundTasks) -> None:
    await register(session, tasks, email)
""",
    "a-service-class-is-given-the-session-and-the-task-list": SESSION_DEP
    + """
# --- app/invites.py
from fastapi import BackgroundTasks
from sqlalchemy import text

from app.deps import SessionDep


class Invites:
    def __init__(self, session: SessionDep, tasks: BackgroundTasks) -> None:
        self.session = session
        self.tasks = tasks

    def invite(self, email: str) -> None:
        self.tasks.add_task(self.deliver, email)  # expect: FAL401

    async def deliver(self, email: str) -> None:
        await self.session.execute(text("select 1"))
# --- app/main.py
from fastapi import Depends, FastAPI

from app.invites import Invites

app = FastAPI()


@app.post("/invites/{email}")
async def invite(email: str, invites: Invites = Depends(Invites)) -> None:
    invites.invite(email)
""",
    "the-task-list-has-a-default-value-and-an-unusual-name": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks as Later
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def prune(db: Session) -> None: ...


@app.post("/sweep")
def sweep(db: Session = Depends(get_db), afterwards: Later = Later()) -> None:
    afterwards.add_task(prune, db)  # expect: FAL401
""",
    "the-endpoint-is-registered-without-a-decorator": SYNC_DB
    + """
# --- app/handlers.py
from fastapi import BackgroundTasks, Depends
from sqlalchemy.orm import Session

from app.db import get_db


def translate(db: Session, page_id: int) -> None: ...


def save_page(page_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(translate, db, page_id)  # expect: FAL401
# --- app/main.py
from fastapi import APIRouter, FastAPI

from app import handlers

router = APIRouter()
router.add_api_route("/pages/{page_id}", handlers.save_page, methods=["PUT"])
app = FastAPI()
app.include_router(router)
""",
    "the-route-is-defined-inside-an-application-factory": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db


def scan(db: Session, host: str) -> None: ...


def create_app() -> FastAPI:
    app = FastAPI()

    @app.post("/scans/{host}")
    def start_scan(host: str, jobs: BackgroundTasks, db: Session = Depends(get_db)) -> None:
        jobs.add_task(scan, db, host)  # expect: FAL401

    return app
""",
    # Tasks of the event loop.
    "a-discarded-asyncio-task-gets-the-session": ASYNC_DB
    + """
# --- app/routers/tables.py
import asyncio

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session
from app.sockets import emit_tables_updated

router = APIRouter(prefix="/tables")


@router.delete("/{table_id}")
async def delete_table(table_id: int, db: AsyncSession = Depends(get_session)) -> None:
    asyncio.create_task(emit_tables_updated(db, table_id))  # expect: FAL401
# --- app/sockets.py
from sqlalchemy.ext.asyncio import AsyncSession


async def emit_tables_updated(db: AsyncSession, table_id: int) -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.routers import tables

app = FastAPI()
app.include_router(tables.router)
""",
    "an-asyncio-task-with-the-session-is-kept-in-a-set": """
import asyncio

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

maker = async_sessionmaker(create_async_engine("postgresql+asyncpg://app@db/app"))
app = FastAPI()
running: set[asyncio.Task[None]] = set()


async def get_session():
    async with maker() as session:
        yield session


async def crawl(site: str, session: AsyncSession) -> None: ...


@app.post("/crawl/{site}")
async def start(site: str, session: AsyncSession = Depends(get_session)) -> None:
    task = asyncio.create_task(crawl(site, session=session))  # expect: FAL401
    running.add(task)
    task.add_done_callback(running.discard)
""",
    "ensure-future-gets-the-session": SESSION_DEP
    + """
# --- app/main.py
from asyncio import ensure_future

from fastapi import FastAPI

from app.deps import SessionDep

app = FastAPI()


async def replicate(session: SessionDep, key: str) -> None: ...


@app.put("/values/{key}")
async def put_value(key: str, session: SessionDep) -> None:
    ensure_future(replicate(session, key))  # expect: FAL401
""",
    "a-task-of-the-running-loop-gets-the-session": """
import asyncio

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db/app")
app = FastAPI()


async def get_session():
    async with AsyncSession(engine) as session:
        yield session


async def publish(session: AsyncSession) -> None: ...


@app.post("/publish")
async def start(session: AsyncSession = Depends(get_session)) -> None:
    loop = asyncio.get_running_loop()
    loop.create_task(publish(session))  # expect: FAL401
""",
    "a-task-group-of-the-application-gets-the-session": SESSION_DEP
    + """
# --- app/workers.py
import asyncio

workers = asyncio.TaskGroup()
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.deps import SessionDep
from app.workers import workers


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with workers:
        yield


app = FastAPI(lifespan=lifespan)


async def transcode(session: SessionDep, video_id: int) -> None: ...


@app.post("/videos/{video_id}")
async def add_video(video_id: int, session: SessionDep) -> None:
    workers.create_task(transcode(session, video_id))  # expect: FAL401
""",
    "one-task-per-item-gets-the-session": SESSION_DEP
    + """
# --- app/main.py
import asyncio

from fastapi import FastAPI

from app.deps import SessionDep

app = FastAPI()


async def refresh_feed(session: SessionDep, feed_id: int) -> None: ...


@app.post("/feeds/refresh")
async def refresh(session: SessionDep) -> None:
    for feed_id in (1, 2, 3):
        asyncio.create_task(refresh_feed(session, feed_id))  # expect: FAL401
""",
    "a-nested-coroutine-function-closes-over-the-session": SESSION_DEP
    + """
# --- app/main.py
import asyncio

from fastapi import FastAPI
from sqlalchemy import text

from app.deps import SessionDep

app = FastAPI()


@app.post("/keepalive/{device}")
async def keepalive(device: str, session: SessionDep) -> str:
    async def remember() -> None:
        await session.execute(text("select 1"))

    asyncio.create_task(remember())  # expect: FAL401
    return device
""",
    "a-service-method-starts-a-task-of-itself": SESSION_DEP
    + """
# --- app/orders.py
import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class OrderService:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def place(self, order_id: int) -> None:
        asyncio.create_task(self.update_stock(order_id))  # expect: FAL401

    async def update_stock(self, order_id: int) -> None:
        await self.session.execute(text("select 1"))
# --- app/main.py
from fastapi import FastAPI

from app.deps import SessionDep
from app.orders import OrderService

app = FastAPI()


@app.post("/orders/{order_id}")
async def place(order_id: int, session: SessionDep) -> None:
    await OrderService(session).place(order_id)
""",
    "a-helper-in-another-file-starts-the-task": SESSION_DEP
    + """
# --- app/jobs.py
import asyncio

from sqlalchemy.ext.asyncio import AsyncSession


async def convert(session: AsyncSession, document_id: int) -> None: ...


def schedule(session: AsyncSession, document_id: int) -> None:
    asyncio.create_task(convert(session, document_id))  # expect: FAL401
# --- app/main.py
from fastapi import FastAPI

from app.deps import SessionDep
from app.jobs import schedule

app = FastAPI()


@app.post("/documents/{document_id}")
async def add(document_id: int, session: SessionDep) -> None:
    schedule(session, document_id)
""",
}

GOOD = {
    "a-provider-that-cannot-be-told": """
# --- providers.py
registered = {}


def providers():
    return registered["database"]
# --- main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from providers import providers
from sqlalchemy.orm import Session

app = FastAPI()


@app.post("/")
def run(tasks: BackgroundTasks, session: Session = Depends(providers().kept_open)):
    tasks.add_task(session.commit)
""",
    # Values instead of the session.
    "an-id-is-passed-and-the-task-opens-its-own-session": SESSION_DEP
    + """
# --- app/jobs.py
from sqlalchemy import text

from app.db import SessionLocal


async def reindex(article_id: int) -> None:
    async with SessionLocal() as session:
        await session.execute(text("select 1"))
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI
from sqlalchemy import text

from app.deps import SessionDep
from app.jobs import reindex

app = FastAPI()


@app.post("/articles/{article_id}")
async def publish(article_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    await session.execute(text("select 1"))
    tasks.add_task(reindex, article_id)
""",
    "an-attribute-of-a-loaded-row-is-passed": SYNC_DB
    + MODELS
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db
from app.models import User

app = FastAPI()


def send_welcome(email: str, user_id: int) -> None: ...


@app.post("/users/{user_id}/welcome")
def welcome(user_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    user = db.get_one(User, user_id)
    tasks.add_task(send_welcome, user.email, user_id=user.id)
""",
    "a-schema-made-from-a-row-is-passed": SYNC_DB
    + MODELS
    + """
# --- app/schemas.py
from pydantic import BaseModel, ConfigDict


class UserRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db
from app.models import User
from app.schemas import UserRead

app = FastAPI()


def push_to_crm(user: UserRead) -> None: ...


@app.post("/users/{user_id}/push")
def push(user_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> UserRead:
    user = UserRead.model_validate(db.get_one(User, user_id))
    tasks.add_task(push_to_crm, user)
    return user
""",
    "the-row-of-the-current-user-is-passed": SYNC_DB
    + MODELS
    + """
# --- app/auth.py
from fastapi import Depends
from sqlalchemy.orm import Session

from app.db import get_db
from app.models import User


def get_current_user(db: Session = Depends(get_db)) -> User:
    return db.get_one(User, 1)
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.auth import get_current_user
from app.models import User

app = FastAPI()


def send_summary(user: User) -> None: ...


@app.post("/summary")
def summary(tasks: BackgroundTasks, user: User = Depends(get_current_user)) -> None:
    tasks.add_task(send_summary, user)
""",
    "ids-read-with-the-session-are-passed": SYNC_DB
    + MODELS
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import get_db
from app.models import User

app = FastAPI()


def remind(user_ids: list[int]) -> None: ...


@app.post("/remind")
def remind_all(tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(remind, [user.id for user in db.scalars(select(User))])
""",
    "the-session-is-only-used-to-compute-an-argument": SESSION_DEP
    + """
# --- app/queries.py
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def email_of(session: AsyncSession, user_id: int) -> str:
    return str(await session.scalar(text("select 'ada@example.com'")))
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep
from app.queries import email_of

app = FastAPI()


async def send_code(email: str) -> None: ...


@app.post("/users/{user_id}/code")
async def code(user_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(send_code, await email_of(session, user_id))
""",
    "the-session-is-only-used-to-compute-an-argument-of-the-coroutine": SESSION_DEP
    + """
# --- app/main.py
import asyncio

from fastapi import FastAPI
from sqlalchemy import text

from app.deps import SessionDep

app = FastAPI()


async def ping(url: str) -> None: ...


@app.post("/hooks/{hook_id}")
async def fire(hook_id: int, session: SessionDep) -> None:
    asyncio.create_task(ping(await session.scalar(text("select 'https://example.com'"))))
""",
    "a-helper-gets-the-session-and-the-task-list-but-passes-an-id": SESSION_DEP
    + """
# --- app/registration.py
from fastapi import BackgroundTasks
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def confirm(email: str) -> None: ...


async def register(session: AsyncSession, tasks: BackgroundTasks, email: str) -> None:
    await session.execute(text("select 1"))
    tasks.add_task(confirm, email)
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep
from app.registration import register

app = FastAPI()


@app.post("/register/{email}")
async def sign_up(email: str, session: SessionDep, tasks: BackgroundTasks) -> None:
    await register(session, tasks, email)
""",
    # Factories and engines.
    "the-session-factory-is-passed": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.db import SessionLocal
from app.deps import SessionDep

app = FastAPI()


async def sync(factory: async_sessionmaker[AsyncSession], team_id: int) -> None: ...


@app.post("/teams/{team_id}/sync")
async def start(team_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(sync, SessionLocal, team_id)
""",
    "an-injected-session-factory-is-passed": ASYNC_DB
    + """
# --- app/deps.py
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.db import SessionLocal


def get_factory() -> async_sessionmaker[AsyncSession]:
    return SessionLocal


SessionFactory = Annotated[async_sessionmaker[AsyncSession], Depends(get_factory)]
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionFactory

app = FastAPI()


async def load(factory: SessionFactory, url: str) -> None:
    async with factory() as session:
        await session.commit()


@app.post("/load/{url}")
async def start(url: str, session_factory: SessionFactory, tasks: BackgroundTasks) -> None:
    tasks.add_task(load, session_factory, url)
""",
    "a-callable-that-makes-sessions-is-passed": """
from collections.abc import Callable

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


def get_opener() -> Callable[[], Session]:
    return lambda: Session(engine)


def vacuum(open_session: Callable[[], Session]) -> None:
    with open_session() as session:
        session.commit()


@app.post("/vacuum")
def start(tasks: BackgroundTasks, db: Callable[[], Session] = Depends(get_opener)) -> None:
    tasks.add_task(vacuum, db)
""",
    "the-engine-is-passed": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import engine, get_db

app = FastAPI()


def dump(engine: Engine, table: str) -> None: ...


@app.post("/dump/{table}")
def start_dump(table: str, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(dump, engine, table)
""",
    "the-bind-of-the-session-is-passed": """
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


def get_db():
    with Session(engine) as db:
        yield db


def analyze(bind, table: str) -> None: ...


@app.post("/analyze/{table}")
def start(table: str, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(analyze, db.get_bind(), table)
    tasks.add_task(analyze, db.bind, table)
""",
    "the-task-function-takes-its-own-session-with-a-lambda": """
from collections.abc import Callable

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


def get_db():
    with Session(engine) as db:
        yield db


def with_own_session(work: Callable[[Session], object]) -> None:
    with Session(engine) as session:
        work(session)


@app.post("/clean")
def clean(tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    db.execute(text("select 1"))
    tasks.add_task(with_own_session, lambda db: db.execute(text("select 2")))
""",
    # The same names for something else.
    "the-parameter-is-replaced-by-a-new-session-before-the-call": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import SessionLocal, get_db

app = FastAPI()


def import_file(db: Session, name: str) -> None:
    db.close()


@app.post("/import/{name}")
def start_import(name: str, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    db.commit()
    db = SessionLocal()
    tasks.add_task(import_file, db, name)
""",
    "a-nested-task-opens-a-session-under-the-same-name": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI
from sqlalchemy import text

from app.db import SessionLocal
from app.deps import SessionDep

app = FastAPI()


@app.post("/carts/{cart_id}/checkout")
async def checkout(cart_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    await session.execute(text("select 1"))

    async def clear_cart() -> None:
        async with SessionLocal() as session:
            await session.execute(text("select 2"))

    tasks.add_task(clear_cart)
""",
    "a-comprehension-variable-has-the-name-of-the-session": """
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


def get_db():
    with Session(engine) as session:
        yield session


def ping(names: list[str]) -> None: ...


@app.post("/ping")
def ping_all(tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(ping, [db.upper() for db in ("main", "replica")])
""",
    "a-path-parameter-is-named-db": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def backup(db: str, target: str) -> None: ...


@app.post("/backups/{db}")
def start_backup(db: str, tasks: BackgroundTasks, main: Session = Depends(get_db)) -> None:
    main.commit()
    tasks.add_task(backup, db, target="/backups")
""",
    "a-session-cookie-is-a-string": """
from fastapi import BackgroundTasks, Cookie, FastAPI

app = FastAPI()


def touch(session: str) -> None: ...


@app.get("/ping")
def ping(tasks: BackgroundTasks, session: str = Cookie("none")) -> None:
    tasks.add_task(touch, session)
""",
    "a-parameter-named-db-is-a-dictionary": """
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()
ITEMS: dict[str, int] = {}


def get_db() -> dict[str, int]:
    return ITEMS


def count(db: dict[str, int], name: str) -> None: ...


@app.post("/items/{name}")
def add(name: str, tasks: BackgroundTasks, db: dict[str, int] = Depends(get_db)) -> None:
    tasks.add_task(count, db, name)
""",
    "a-yield-dependency-gives-an-in-memory-store": """
from collections.abc import Iterator

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


class FakeDB:
    def __init__(self) -> None:
        self.rows: list[str] = []


store = FakeDB()


def get_db() -> Iterator[FakeDB]:
    yield store


def write(db: FakeDB, row: str) -> None: ...


@app.post("/rows/{row}")
def add_row(row: str, tasks: BackgroundTasks, db: FakeDB = Depends(get_db)) -> None:
    tasks.add_task(write, db, row)
""",
    "a-yield-dependency-gives-the-settings": """
# --- app/config.py
from collections.abc import Iterator

from pydantic import BaseModel


class Settings(BaseModel):
    sender: str = "noreply@example.com"


def get_settings() -> Iterator[Settings]:
    yield Settings()
# --- app/main.py
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI

from app.config import Settings, get_settings

app = FastAPI()


def send(settings: Settings, to: str) -> None: ...


@app.post("/mail/{to}")
def mail(
    to: str, tasks: BackgroundTasks, settings: Annotated[Settings, Depends(get_settings)]
) -> None:
    tasks.add_task(send, settings, to)
""",
    "a-login-session-is-a-schema-of-the-project": """
# --- app/auth.py
from fastapi import Cookie
from pydantic import BaseModel


class Session(BaseModel):
    token: str
    user_id: int


def get_session(token: str = Cookie("t")) -> Session:
    return Session(token=token, user_id=1)
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.auth import Session, get_session

app = FastAPI()


def revoke(session: Session) -> None: ...


@app.post("/logout")
def logout(tasks: BackgroundTasks, session: Session = Depends(get_session)) -> None:
    tasks.add_task(revoke, session)
""",
    "an-http-session-of-requests-is-passed": """
# --- app/clients.py
from functools import lru_cache

from requests import Session


@lru_cache
def get_session() -> Session:
    return Session()
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from requests import Session

from app.clients import get_session

app = FastAPI()


def call_webhook(session: Session, url: str) -> None: ...


@app.post("/webhooks/{url}")
def webhook(url: str, tasks: BackgroundTasks, session: Session = Depends(get_session)) -> None:
    tasks.add_task(call_webhook, session, url)
""",
    "the-shared-http-session-of-the-application-is-passed": """
from contextlib import asynccontextmanager

import aiohttp
from fastapi import BackgroundTasks, Depends, FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with aiohttp.ClientSession() as session:
        app.state.session = session
        yield


app = FastAPI(lifespan=lifespan)


def get_session(request: Request) -> aiohttp.ClientSession:
    return request.app.state.session


async def fetch(session: aiohttp.ClientSession, url: str) -> None: ...


@app.post("/fetch/{url}")
async def start(
    url: str, tasks: BackgroundTasks, session: aiohttp.ClientSession = Depends(get_session)
) -> None:
    tasks.add_task(fetch, session, url)
""",
    "a-cloud-session-made-in-the-route-is-passed": """
from boto3.session import Session
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def copy_object(session: Session, key: str) -> None: ...


@app.post("/objects/{key}")
def copy(key: str, tasks: BackgroundTasks) -> None:
    session = Session(profile_name="backup")
    tasks.add_task(copy_object, session, key)
""",
    "a-document-database-of-the-application-is-passed": """
# --- app/mongo.py
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase

client = AsyncIOMotorClient("mongodb://db")


async def get_db() -> AsyncIOMotorDatabase:
    return client["app"]
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.mongo import get_db

app = FastAPI()


async def archive(db, post_id: str) -> None: ...


@app.delete("/posts/{post_id}")
async def remove(post_id: str, tasks: BackgroundTasks, db=Depends(get_db)) -> None:
    tasks.add_task(archive, db, post_id)
""",
    "a-session-of-the-middleware-is-read-from-the-request-state": ASYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI, Request

from app.db import SessionLocal

app = FastAPI()


@app.middleware("http")
async def database(request: Request, call_next):
    async with SessionLocal() as request.state.db:
        return await call_next(request)


async def save_visit(db, path: str) -> None: ...


@app.get("/visit")
async def visit(request: Request, tasks: BackgroundTasks) -> None:
    tasks.add_task(save_visit, request.state.db, request.url.path)
""",
    # Objects that only came near the session.
    "a-service-takes-a-session-factory": ASYNC_DB
    + """
# --- app/notifications.py
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.db import SessionLocal


class NotificationService:
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.sessions = sessions

    async def send(self, user_id: int) -> None:
        async with self.sessions() as session:
            await session.commit()


def get_notifications() -> NotificationService:
    return NotificationService(SessionLocal)
# --- app/main.py
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI

from app.notifications import NotificationService, get_notifications

app = FastAPI()


@app.post("/follow/{user_id}")
async def follow(
    user_id: int,
    tasks: BackgroundTasks,
    service: Annotated[NotificationService, Depends(get_notifications)],
) -> None:
    tasks.add_task(service.send, user_id)
""",
    "a-service-opens-a-session-in-each-method": SESSION_DEP
    + """
# --- app/thumbnails.py
from app.db import SessionLocal


class Thumbnails:
    async def create(self, image_id: int) -> None:
        async with SessionLocal() as session:
            await session.commit()
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.deps import SessionDep
from app.thumbnails import Thumbnails

app = FastAPI()


@app.post("/images/{image_id}")
async def upload(
    image_id: int,
    session: SessionDep,
    tasks: BackgroundTasks,
    thumbnails: Thumbnails = Depends(Thumbnails),
) -> None:
    await session.commit()
    tasks.add_task(thumbnails.create, image_id)
""",
    "a-static-method-of-a-service-with-a-session-is-the-task": SESSION_DEP
    + """
# --- app/users.py
from app.deps import SessionDep


class UserService:
    def __init__(self, session: SessionDep) -> None:
        self.session = session

    async def create(self, email: str) -> None:
        await self.session.commit()

    @staticmethod
    async def greet(email: str) -> None: ...
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.users import UserService

app = FastAPI()


@app.post("/users/{email}")
async def create(email: str, tasks: BackgroundTasks, users: UserService = Depends()) -> None:
    await users.create(email)
    tasks.add_task(users.greet, email)
""",
    "a-method-of-a-mailer-inside-the-service-is-the-task": SESSION_DEP
    + """
# --- app/accounts.py
from app.deps import SessionDep


class Mailer:
    sender = "noreply@example.com"

    async def send(self, to: str) -> None: ...


class Accounts:
    def __init__(self, session: SessionDep) -> None:
        self.session = session
        self.mailer = Mailer()
# --- app/main.py
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI

from app.accounts import Accounts

app = FastAPI()


@app.post("/accounts/{email}")
async def create(
    email: str, accounts: Annotated[Accounts, Depends()], tasks: BackgroundTasks
) -> None:
    await accounts.session.commit()
    tasks.add_task(accounts.mailer.send, email)
    tasks.add_task(print, accounts.mailer.sender)
""",
    "a-class-dependency-keeps-only-what-it-read": SYNC_DB
    + """
# --- app/tenants.py
from fastapi import Depends
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import get_db


class Tenant:
    def __init__(self, db: Session = Depends(get_db)) -> None:
        self.name = str(db.scalar(text("select 'acme'")))
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.tenants import Tenant

app = FastAPI()


def bill(tenant: Tenant) -> None: ...


@app.post("/bill")
def start_billing(tasks: BackgroundTasks, tenant: Tenant = Depends(Tenant)) -> None:
    tasks.add_task(bill, tenant)
""",
    "a-dependency-returns-a-plain-object-read-with-the-session": ASYNC_DB
    + """
# --- app/quota.py
from dataclasses import dataclass

from fastapi import Depends
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_session


@dataclass
class Quota:
    used: int


async def get_quota(session: AsyncSession = Depends(get_session)) -> Quota:
    return Quota(used=await session.scalar(text("select 3")) or 0)
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI

from app.quota import Quota, get_quota

app = FastAPI()


async def warn(quota: Quota) -> None: ...


@app.post("/upload")
async def upload(tasks: BackgroundTasks, quota: Quota = Depends(get_quota)) -> None:
    tasks.add_task(warn, quota)
""",
    "a-lambda-uses-only-the-id": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def index(user_id: int) -> None: ...


@app.get("/users/{user_id}")
def read_user(user_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    db.commit()
    tasks.add_task(lambda: index(user_id))
""",
    "a-partial-binds-only-settings": SESSION_DEP
    + """
# --- app/main.py
from functools import partial

from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep

app = FastAPI()


async def export(path: str, *, compress: bool) -> None: ...


@app.post("/export/{path}")
async def start(path: str, session: SessionDep, tasks: BackgroundTasks) -> None:
    await session.commit()
    tasks.add_task(partial(export, compress=True), path)
""",
    "the-task-function-has-its-own-depends-default": SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def process(order_id: int, db: Session = Depends(get_db)) -> None: ...


@app.post("/orders/{order_id}")
def create(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    db.commit()
    tasks.add_task(process, order_id)
""",
    # Work that ends inside the request.
    "a-coroutine-with-the-session-is-awaited": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI

from app.deps import SessionDep

app = FastAPI()


async def charge(session: SessionDep, order_id: int) -> int:
    return order_id


async def print_label(number: int) -> None: ...


@app.post("/orders/{order_id}/pay")
async def pay(order_id: int, session: SessionDep, tasks: BackgroundTasks) -> None:
    receipt = await charge(session, order_id)
    tasks.add_task(print_label, receipt)
""",
    "coroutines-with-the-session-are-gathered": SESSION_DEP
    + """
# --- app/main.py
import asyncio

from fastapi import FastAPI

from app.deps import SessionDep

app = FastAPI()


async def from_database(session: SessionDep, key: str) -> str:
    return key


async def from_upstream(key: str) -> str:
    return key


@app.get("/values/{key}")
async def value(key: str, session: SessionDep) -> list[str]:
    return await asyncio.gather(from_database(session, key), from_upstream(key))
""",
    "a-task-group-inside-the-route-waits-for-its-tasks": SESSION_DEP
    + """
# --- app/main.py
import asyncio

from fastapi import FastAPI

from app.deps import SessionDep

app = FastAPI()


async def load(session: SessionDep, key: str) -> str:
    return key


@app.get("/dashboard/{key}")
async def dashboard(key: str, session: SessionDep) -> str:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(load(session, key))
        group.create_task(asyncio.sleep(0))
    return task.result()
""",
    "an-anyio-task-group-inside-the-route-waits-for-its-tasks": SESSION_DEP
    + """
# --- app/main.py
import anyio
from fastapi import FastAPI

from app.deps import SessionDep

app = FastAPI()


async def refresh(session: SessionDep, key: str) -> None: ...


@app.post("/refresh/{key}")
async def start(key: str, session: SessionDep) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(refresh, session, key)
""",
    "a-created-task-is-awaited-before-the-return": SESSION_DEP
    + """
# --- app/reports.py
from sqlalchemy.ext.asyncio import AsyncSession


async def totals(session: AsyncSession) -> int:
    return 3
# --- app/main.py
import asyncio

from fastapi import FastAPI

from app.deps import SessionDep
from app.reports import totals

app = FastAPI()


@app.get("/report")
async def report(session: SessionDep) -> int:
    pending = asyncio.create_task(totals(session))
    await asyncio.sleep(0)
    return await pending
""",
    "created-tasks-are-collected-and-gathered": """
import asyncio

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db/app")
app = FastAPI()


async def get_session():
    async with AsyncSession(engine) as session:
        yield session


async def score(session: AsyncSession, player: int) -> int:
    return player


@app.get("/scores")
async def scores(session: AsyncSession = Depends(get_session)) -> list[int]:
    tasks = [asyncio.create_task(score(session, player)) for player in (1, 2, 3)]
    return await asyncio.gather(*tasks)
""",
    "a-created-task-is-waited-for-with-a-time-limit": """
import asyncio

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db/app")
app = FastAPI()


async def get_session():
    async with AsyncSession(engine) as session:
        yield session


async def search(session: AsyncSession, words: str) -> str:
    return words


@app.get("/search/{words}")
async def find(words: str, session: AsyncSession = Depends(get_session)) -> str:
    task = asyncio.ensure_future(search(session, words))
    return await asyncio.wait_for(task, timeout=5)
""",
    "a-created-task-is-cancelled-before-the-return": SESSION_DEP
    + """
# --- app/main.py
import asyncio

from fastapi import FastAPI
from sqlalchemy import text

from app.deps import SessionDep

app = FastAPI()


async def keep_lock(session: SessionDep, lock: str) -> None:
    while True:
        await session.execute(text("select 1"))
        await asyncio.sleep(10)


@app.post("/migrate/{lock}")
async def migrate(lock: str, session: SessionDep) -> None:
    heartbeat = asyncio.create_task(keep_lock(session, lock))
    try:
        await asyncio.sleep(0.01)
    finally:
        heartbeat.cancel()
""",
    "a-helper-returns-the-task-and-the-route-awaits-it": SESSION_DEP
    + """
# --- app/prefetch.py
import asyncio

from sqlalchemy.ext.asyncio import AsyncSession


async def load(session: AsyncSession, key: str) -> str:
    return key


def prefetch(session: AsyncSession, key: str) -> asyncio.Task[str]:
    return asyncio.create_task(load(session, key))
# --- app/main.py
from fastapi import FastAPI

from app.deps import SessionDep
from app.prefetch import prefetch

app = FastAPI()


@app.get("/pages/{key}")
async def page(key: str, session: SessionDep) -> str:
    loading = prefetch(session, key)
    return await loading
""",
    "blocking-work-with-the-session-is-awaited-in-the-thread-pool": SYNC_DB
    + """
# --- app/main.py
from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def heavy_query(db: Session, year: int) -> int:
    return year


@app.get("/years/{year}")
async def year_report(year: int, db: Session = Depends(get_db)) -> int:
    return await run_in_threadpool(heavy_query, db, year)
""",
    "blocking-work-with-the-session-is-awaited-in-a-thread": """
import asyncio

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://app@db/app")
app = FastAPI()


def get_db():
    with Session(engine) as db:
        yield db


def heavy_query(db: Session, year: int) -> int:
    return year


@app.get("/years/{year}")
async def year_report(year: int, db: Session = Depends(get_db)) -> int:
    asyncio.create_task(asyncio.sleep(0))
    return await asyncio.to_thread(heavy_query, db, year)
""",
    # Other things that run later.
    "a-work-list-of-the-project-runs-before-the-response": SESSION_DEP
    + """
# --- app/worklist.py
from collections.abc import Awaitable, Callable


class WorkList:
    def __init__(self) -> None:
        self.items: list[tuple[Callable[..., Awaitable[None]], tuple]] = []

    def add_task(self, function: Callable[..., Awaitable[None]], *args: object) -> None:
        self.items.append((function, args))

    async def run(self) -> None:
        for function, args in self.items:
            await function(*args)
# --- app/main.py
from fastapi import Depends, FastAPI

from app.deps import SessionDep
from app.worklist import WorkList

app = FastAPI()


async def recount(session: SessionDep, tag: str) -> None: ...


@app.post("/tags/{tag}")
async def add_tag(tag: str, session: SessionDep, tasks: WorkList = Depends()) -> None:
    tasks.add_task(recount, session, tag)
    await tasks.run()
""",
    "a-class-of-the-project-has-the-name-background-tasks": SESSION_DEP
    + """
# --- app/background.py
class BackgroundTasks:
    def __init__(self) -> None:
        self.done: list[str] = []

    async def add_task(self, function, *args) -> None:
        self.done.append(function.__name__)
        await function(*args)
# --- app/main.py
from fastapi import Depends, FastAPI

from app.background import BackgroundTasks
from app.deps import SessionDep

app = FastAPI()


async def recount(session: SessionDep, tag: str) -> None: ...


@app.post("/tags/{tag}")
async def add_tag(
    tag: str, session: SessionDep, background_tasks: BackgroundTasks = Depends(BackgroundTasks)
) -> None:
    await background_tasks.add_task(recount, session, tag)
""",
    "a-celery-task-gets-an-id": SYNC_DB
    + """
# --- app/worker.py
from celery import Celery

celery = Celery("app", broker="redis://redis")


@celery.task
def transcode(video_id: int) -> None: ...
# --- app/main.py
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db
from app.worker import transcode

app = FastAPI()


@app.post("/videos/{video_id}")
def add_video(video_id: int, db: Session = Depends(get_db)) -> None:
    db.commit()
    transcode.delay(video_id)
""",
    "a-redis-client-of-the-application-does-the-deletion": """
from contextlib import asynccontextmanager

import redis.asyncio as redis
from fastapi import BackgroundTasks, Depends, FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.redis = redis.Redis(host="redis")
    yield
    await app.state.redis.aclose()


app = FastAPI(lifespan=lifespan)


def get_redis(request: Request) -> redis.Redis:
    return request.app.state.redis


@app.delete("/cache/{key}")
async def drop(key: str, tasks: BackgroundTasks, cache: redis.Redis = Depends(get_redis)) -> None:
    tasks.add_task(cache.delete, key)
""",
    "a-worker-of-the-lifespan-has-its-own-session": ASYNC_DB
    + """
# --- app/main.py
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import SessionLocal


async def poll(session: AsyncSession) -> None:
    await asyncio.sleep(10)


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with SessionLocal() as session:
        poller = asyncio.create_task(poll(session))
        yield
        poller.cancel()


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> str:
    return "ok"
""",
    "a-command-line-script-starts-a-task-with-its-own-session": ASYNC_DB
    + """
# --- app/importer.py
from sqlalchemy.ext.asyncio import AsyncSession


async def import_rows(session: AsyncSession, path: str) -> None: ...
# --- scripts/load.py
import asyncio

from app.db import SessionLocal
from app.importer import import_rows


async def main() -> None:
    async with SessionLocal() as session:
        rows = asyncio.create_task(import_rows(session, "rows.csv"))
        await rows


if __name__ == "__main__":
    asyncio.run(main())
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> str:
    return "ok"
""",
    "a-test-runs-background-tasks-with-a-fixture": """
# --- app/jobs.py
from sqlalchemy.orm import Session


def expire(session: Session, user_id: int) -> None: ...
# --- tests/test_jobs.py
import pytest
from fastapi import BackgroundTasks
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.jobs import expire


@pytest.fixture
def session():
    with Session(create_engine("sqlite://")) as session:
        yield session


@pytest.mark.anyio
async def test_expire(session: Session) -> None:
    tasks = BackgroundTasks()
    tasks.add_task(expire, session, 1)
    await tasks()
""",
    "a-websocket-waits-for-the-task-with-its-session": SESSION_DEP
    + """
# --- app/main.py
import asyncio

from fastapi import FastAPI, WebSocket

from app.deps import SessionDep

app = FastAPI()


async def push_changes(socket: WebSocket, session: SessionDep) -> None:
    await socket.send_text("changed")


@app.websocket("/changes")
async def changes(socket: WebSocket, session: SessionDep) -> None:
    await socket.accept()
    pushing = asyncio.create_task(push_changes(socket, session))
    await pushing
""",
    "background-tasks-of-a-websocket-never-run": SESSION_DEP
    + """
# --- app/main.py
from fastapi import BackgroundTasks, FastAPI, WebSocket

from app.deps import SessionDep

app = FastAPI()


async def log_visit(session: SessionDep) -> None: ...


@app.websocket("/chat")
async def chat(socket: WebSocket, session: SessionDep, tasks: BackgroundTasks) -> None:
    await socket.accept()
    tasks.add_task(log_visit, session)
    await socket.send_text("hello")
""",
    "a-streamed-response-reads-from-the-session": SYNC_DB
    + """
# --- app/main.py
from collections.abc import Iterator

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def lines(db: Session) -> Iterator[str]:
    for row in db.execute(text("select 1")):
        yield f"{row}\\n"


@app.get("/export")
def export(db: Session = Depends(get_db)) -> StreamingResponse:
    return StreamingResponse(lines(db))
""",
}

ADD_TASK = (
    SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def send_receipt(db: Session, order_id: int) -> None: ...


@app.post("/orders/{order_id}")
def create(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> None:
    tasks.add_task(send_receipt, db, order_id)  # expect: FAL401
"""
)

RESPONSE_TASK = (
    SYNC_DB
    + """
# --- app/main.py
from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from app.db import get_db

app = FastAPI()


def send_receipt(db: Session, order_id: int) -> None: ...


@app.post("/orders/{order_id}")
def create(order_id: int, db: Session = Depends(get_db)) -> JSONResponse:
    task = BackgroundTask(send_receipt, db, order_id)  # expect: FAL401
    return JSONResponse({}, background=task)
"""
)

CREATE_TASK = (
    SYNC_DB
    + """
# --- app/main.py
import asyncio

from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


async def send_receipt(db: Session, order_id: int) -> None:
    await asyncio.sleep(1)
    db.commit()


@app.post("/orders/{order_id}")
async def create(order_id: int, db: Session = Depends(get_db)) -> None:
    asyncio.create_task(send_receipt(db, order_id))  # expect: FAL401
"""
)

FUNCTION_SCOPE = (
    SYNC_DB
    + """
# --- app/main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import get_db

app = FastAPI()


def send_receipt(db: Session, order_id: int) -> None: ...


@app.post("/orders/{order_id}")
def create(
    order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db, scope="function")
) -> None:
    tasks.add_task(send_receipt, db, order_id)  # expect: FAL401
"""
)

EVERY_VERSION = ("0.103.2", "0.110.3", "0.115.14", "0.121.3", "0.165.0")

# `scope=` exists from 0.121 on.
BAD_BY_VERSION = {
    f"{name}-on-{version}": (version, text)
    for name, text, versions in (
        ("add-task", ADD_TASK, EVERY_VERSION),
        ("a-task-of-the-response", RESPONSE_TASK, EVERY_VERSION),
        ("create-task", CREATE_TASK, EVERY_VERSION),
        ("add-task-with-function-scope", FUNCTION_SCOPE, EVERY_VERSION[-2:]),
    )
    for version in versions
}

# 0.106 - 0.117 and `scope="function"` close the session before the response, and so before its
# tasks; the other versions close it after them. None waits for a task of the event loop: the
# session is closed while that task may still be running.
MESSAGES = {
    "add-task-on-0.103-holds-the-connection": ("0.103.2", ADD_TASK, "connection"),
    "add-task-on-0.110-finds-it-closed": ("0.110.3", ADD_TASK, "closed"),
    "add-task-on-0.115-finds-it-closed": ("0.115.14", ADD_TASK, "closed"),
    "a-task-of-the-response-on-0.115-finds-it-closed": ("0.115.14", RESPONSE_TASK, "closed"),
    "add-task-on-0.121-holds-the-connection": ("0.121.3", ADD_TASK, "connection"),
    "add-task-on-0.165-holds-the-connection": ("0.165.0", ADD_TASK, "connection"),
    "a-task-of-the-response-on-0.165-holds-it": ("0.165.0", RESPONSE_TASK, "connection"),
    "function-scope-on-0.121-is-closed-early": ("0.121.3", FUNCTION_SCOPE, "closed"),
    "function-scope-on-0.165-is-closed-early": ("0.165.0", FUNCTION_SCOPE, "closed"),
    "create-task-on-0.103-is-not-waited-for": ("0.103.2", CREATE_TASK, "closed"),
    "create-task-on-0.115-is-not-waited-for": ("0.115.14", CREATE_TASK, "closed"),
    "create-task-on-0.165-is-not-waited-for": ("0.165.0", CREATE_TASK, "closed"),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL401")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL401")


@pytest.mark.parametrize(("version", "text"), BAD_BY_VERSION.values(), ids=BAD_BY_VERSION.keys())
def test_speaks_on_every_version(version: str, text: str) -> None:
    assert_marks(text, "FAL401", fastapi=version)


@pytest.mark.parametrize(("version", "text", "wording"), MESSAGES.values(), ids=MESSAGES.keys())
def test_message_is_true_on_the_version(version: str, text: str, wording: str) -> None:
    (finding,) = findings(text, "FAL401", fastapi=version)
    assert wording in finding.message


@pytest.mark.parametrize("version", ["0.103.2", "0.121.3", "0.165.0"])
def test_message_does_not_claim_an_early_close(version: str) -> None:
    (finding,) = findings(ADD_TASK, "FAL401", fastapi=version)
    assert "closed before" not in finding.message
