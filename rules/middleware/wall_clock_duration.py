"""
A middleware measures a duration with the wall clock, which can jump.

## Why

`time.time()` tells the time of day. That clock is set: by NTP, by an administrator, when a virtual
machine wakes up. A difference of two readings is then too long, too short, or negative.
`time.perf_counter()` only ever runs forward, and is finer.

The rule reports a start whose only use is to be subtracted from a later reading, in one middleware
with the functions inside of it. Readings that also serve as timestamps, windows of limiters and
stored stamps are not reported.

## Bad

```python
import time

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def timing(request: Request, call_next):
    started = time.time()
    response = await call_next(request)
    response.headers["x-process-time"] = str(time.time() - started)
    return response
```

## Good

```python
import time

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def timing(request: Request, call_next):
    started = time.perf_counter()
    response = await call_next(request)
    response.headers["x-process-time"] = str(time.perf_counter() - started)
    return response
```

## References

- https://docs.python.org/3/library/time.html#time.perf_counter
- https://fastapi.tiangolo.com/tutorial/middleware/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.clocks import Duration, durations
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class WallClockDuration(Rule):
    code = "FAL111"
    name = "wall-clock-duration"
    severity = Severity.INFO
    fix = Fixability.SAFE

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test:
            return
        for duration in durations(layer.function, context.evaluator()):
            yield self.at(
                duration.place,
                f"middleware `{layer.label}` measures a duration with `{duration.clock}`",
                why="that clock can be set while the request runs: the duration is then wrong, "
                "or negative",
                help=f"read `{duration.better}` at both ends",
                related=[(duration.start, f"`{duration.name}` is read here")],
                fix=_read(duration) if duration.clock.startswith("time.") else None,
            )


def _read(duration: Duration) -> Fix | None:
    module, _, name = duration.better.rpartition(".")

    def recipe(edit: Editor) -> None:
        better = edit.import_name(module, name)
        for call in duration.calls:
            edit.replace(edit.callee(call), better)

    return Fix.safe(f"Read `{duration.better}`", recipe) if duration.calls else None
