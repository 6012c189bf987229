"""
The HTTPException of another library is raised as if it were FastAPI's.

## Why

Editors offer `from http.client import HTTPException` first. That class takes no `status_code` and
no `detail`: raising it fails with `TypeError: HTTPException() takes no keyword arguments`, and the
client gets a 500 instead of the error that was meant.

## Bad

```python
from http.client import HTTPException

from fastapi import FastAPI

app = FastAPI()


@app.get("/rooms/{name}")
def read_room(name: str) -> str:
    if name != "lobby":
        raise HTTPException(status_code=404, detail="no such room")
    return name
```

## Good

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/rooms/{name}")
def read_room(name: str) -> str:
    if name != "lobby":
        raise HTTPException(status_code=404, detail="no such room")
    return name
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix, Recipe
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

_OTHERS = frozenset(
    {
        "http.client.HTTPException",
        "urllib3.exceptions.HTTPError",
        "werkzeug.exceptions.HTTPException",
        "aiohttp.web.HTTPException",
        "aiohttp.web_exceptions.HTTPException",
        "httpx.HTTPError",
        "requests.HTTPError",
        "requests.exceptions.HTTPError",
        "urllib.error.HTTPError",
    }
)


class WrongHttpExceptionImport(Rule):
    code = "FAL711"
    name = "wrong-http-exception-import"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        index = application.index
        for site in index.calls(*index.spellings("HTTPException", "HTTPError")):
            yield from self._call(site, context)

    def _call(self, site: Site, context: Context) -> Iterator[Finding]:
        if site.module.is_test:
            return
        if keyword(site.call, "status_code") is None and keyword(site.call, "detail") is None:
            return
        values = context.evaluator().evaluate(site.call.func, site.scope, site.at)
        if len(values) != 1 or not isinstance(values[0], External):
            return
        if values[0].name in _OTHERS:
            yield self.at(
                Place(site.module, site.call.at),
                f"this is `{values[0].name}`, not FastAPI's HTTPException",
                why="it takes no `status_code` and no `detail`: a TypeError, and a 500 for the "
                "client",
                help="import HTTPException from `fastapi`",
                fix=Fix.safe("Use FastAPI's HTTPException", _use_fastapis(site.call)),
            )


def _use_fastapis(call: ir.Call) -> Recipe:
    def recipe(edit: Editor) -> None:
        if call.func == ir.Name("HTTPException"):
            edit.import_instead("fastapi", "HTTPException")
        else:
            edit.replace(edit.callee(call.at), edit.import_name("fastapi", "HTTPException"))

    return recipe
