"""
A background task is added, and then an exception is raised: the task never runs.

## Why

Background tasks belong to the response that the endpoint returns. When an exception is raised
instead, the error response comes from elsewhere and carries no tasks: what was added before the
`raise` is silently dropped. That is right for a confirmation mail that is added before the last
check, and wrong for what was meant to happen because of the failure: counting failed logins,
alarms, audit logs. So only a task is reported that no way through the function lets run.

## Bad

```python
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def count_failure(name: str) -> None:
    print("failed login of", name)


@app.post("/login")
def login(name: str, password: str, tasks: BackgroundTasks) -> dict[str, str]:
    if password != "secret":
        tasks.add_task(count_failure, name)
        raise HTTPException(status_code=401)
    return {"name": name}
```

## Good

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


def count_failure(name: str) -> None:
    print("failed login of", name)


@app.post("/login")
def login(name: str, password: str) -> dict[str, str]:
    if password != "secret":
        count_failure(name)
        raise HTTPException(status_code=401)
    return {"name": name}
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class BackgroundTasksLostOnRaise(Rule):
    code = "FAL406"
    name = "background-tasks-lost-on-raise"
    severity = Severity.WARNING
    positions = frozenset({"add_task"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for lost in application.lost_tasks.all():
            yield self.at(
                lost.added,
                "this task never runs: an exception is raised after it was added",
                why="an error response carries no background tasks",
                help="do it right away, or return a response instead of raising",
                related=[(lost.raised, "raised here")],
            )
