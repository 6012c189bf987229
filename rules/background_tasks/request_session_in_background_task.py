"""
A background task gets the database session of the request.

## Why

A session from a `yield` dependency belongs to the request: FastAPI runs the dependency's exit code,
which closes it. When that happens relative to a background task has changed twice:

- FastAPI 0.106 to 0.117, and `Depends(..., scope="function")` from 0.121 on: the session is closed
  *before* the task runs. SQLAlchemy usually raises nothing: a query silently checks out a new
  connection that nobody returns, and changes to objects that were loaded earlier are not written.
- All other versions: the session stays open until the task has ended. The request's connection is
  checked out all that time, and whatever the dependency does after its `yield`, such as a commit,
  waits for the task.

A task started with `asyncio.create_task` that the route does not await outlives the request, and
uses the session while FastAPI closes it.

A service that holds the session, a bound method of it, a closure, a lambda and a `partial` count
like the session itself. Plain values read from it, and session factories, do not.

## Bad

```python
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))
app = FastAPI()


def get_session():
    with SessionLocal() as session:
        yield session


def write_audit(session: Session, user_id: int) -> None:
    session.execute(text("INSERT INTO audit VALUES (:id)"), {"id": user_id})
    session.commit()


@app.post("/users/{user_id}")
def touch(user_id: int, tasks: BackgroundTasks, session: Session = Depends(get_session)) -> None:
    tasks.add_task(write_audit, session, user_id)
```

## Good

```python
from fastapi import BackgroundTasks, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))
app = FastAPI()


def write_audit(user_id: int) -> None:
    with SessionLocal.begin() as session:
        session.execute(text("INSERT INTO audit VALUES (:id)"), {"id": user_id})


@app.post("/users/{user_id}")
def touch(user_id: int, tasks: BackgroundTasks) -> None:
    tasks.add_task(write_audit, user_id)
```

## References

- https://fastapi.tiangolo.com/advanced/advanced-dependencies/
- https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.dependency.sessions import Held
from fastapi_lint.model.tasks.started import Task
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.versions import Targets


class RequestSessionInBackgroundTask(Rule):
    code = "FAL401"
    name = "request-session-in-background-task"
    severity = Severity.ERROR
    positions = frozenset({"add_task", "BackgroundTask", "create_task", "ensure_future"})

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        application = context.application
        function = task.function
        if function is None or function.module.is_test or task.is_awaited:
            return
        if application.serves_only_websockets(function):
            return
        target, arguments = _parts(task)
        sessions, at = application.sessions, task.site.at
        held = sessions.taken(target, task.scope, at) or next(
            filter(None, (sessions.held(part, task.scope, at) for part in arguments)), None
        )
        if held is not None:
            yield self._finding(task, held, context.targets(function.module))

    def _finding(self, task: Task, held: Held, targets: Targets) -> Finding:
        what = f"the session in `{held.through}`" if held.through else "the request's session"
        fastapi = targets.fastapi
        by_scope = held.dependency.lifetime == "function" and fastapi.at_least("0.121")
        if task.kind == "asyncio":
            why = "the task outlives the request, and the session is closed under it"
        elif by_scope:
            why = 'with `scope="function"` the session is closed before the task runs'
        elif targets.exits_before_response:
            why = (
                f"{fastapi.label} has closed the session before the task runs: "
                "writes are lost or a connection leaks, often without an error"
            )
        else:
            why = (
                f"{fastapi.label} keeps the connection checked out until the task ends, "
                "and runs what follows the dependency's `yield` only then"
            )
        return self.at(
            task.place,
            f"a background task uses {what}: {why}",
            help="pass ids, and open a session inside the task",
            related=[(held.dependency.place, "the session is injected here")],
        )


def _parts(task: Task) -> tuple[ir.Expr, tuple[ir.Expr, ...]]:
    """What the task calls and takes along: for a coroutine its function and arguments."""
    target = task.target
    if task.kind == "asyncio" and isinstance(target, ir.Call):
        return target.func, (*target.args, *[keyword.value for keyword in target.keywords])
    return target, task.args
