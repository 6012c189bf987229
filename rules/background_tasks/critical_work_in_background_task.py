"""
Work that must not be lost runs as a background task.

## Why

Background tasks live in the memory of the server process. When it is restarted, deployed anew or
killed, tasks that have not finished are gone, and nothing tries them again; an error in one is only
logged, and the tasks after it are skipped. For a confirmation mail that is acceptable, for taking
or returning money it is not: that belongs into a queue that keeps jobs until they have succeeded.

## Bad

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def charge_card(order_id: int) -> None:
    print("charging", order_id)


@app.post("/orders/{order_id}/pay")
def pay(order_id: int, tasks: BackgroundTasks) -> dict[str, bool]:
    tasks.add_task(charge_card, order_id)
    return {"accepted": True}
```

## Good

```python
from fastapi import FastAPI

app = FastAPI()
queue: list[tuple[str, int]] = []


@app.post("/orders/{order_id}/pay")
def pay(order_id: int) -> dict[str, bool]:
    queue.append(("charge", order_id))
    return {"accepted": True}
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/#caveat
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.tasks.started import Task
from fastapi_lint.rule import Context, Finding, Rule, Severity

_CRITICAL = re.compile(
    r"(?:^|_)(?:charge|refund|payout|pay|payment|payments|transfer|invoice|settle|billing)(?:_|$)"
)
_NOTICE = re.compile(r"(?:^|_)(?:mail|email|notify|notification|log|audit|metric|send)(?:_|$)")


class CriticalWorkInBackgroundTask(Rule):
    code = "FAL409"
    name = "critical-work-in-background-task"
    severity = Severity.INFO
    default = False
    positions = frozenset({"add_task", "BackgroundTask"})

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        name = ir.last_name(task.target)
        if task.kind != "background" or name is None or task.place.module.is_test:
            return
        if _CRITICAL.search(name) and not _NOTICE.search(name):
            yield self.at(
                task.place,
                f"`{name}` must not be lost, and a background task can be",
                why="it lives in the memory of this process and is never tried again",
                help="put it into a queue that keeps jobs until they have succeeded",
            )
