"""
An exception is made and not raised.

## Why

`HTTPException(status_code=403)` on a line of its own makes an object and throws it away. The check
that it was to enforce lets everybody through, without an error or a warning. So does the call of a
function that makes the exception and leaves raising it to its callers.

## Bad

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.delete("/articles/{number}")
def delete_article(number: int, editor: bool = False) -> dict[str, int]:
    if not editor:
        HTTPException(status_code=403, detail="editors only")
    return {"deleted": number}
```

## Good

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.delete("/articles/{number}")
def delete_article(number: int, editor: bool = False) -> dict[str, int]:
    if not editor:
        raise HTTPException(status_code=403, detail="editors only")
    return {"deleted": number}
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import results
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.model.values import (
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Method,
    Value,
)
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements

_FRAMEWORK = ("HTTPException", "WebSocketException", "RequestValidationError")


class MissingRaise(Rule):
    code = "FAL709"
    name = "missing-raise"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        own = [
            cls.name
            for cls in application.index.classes
            if application.exceptions.is_exception(ClassValue(cls))
        ]
        names = application.index.spellings(*_FRAMEWORK, *own)
        makers = _makers(names, application)
        for site in application.index.calls(*names, *application.index.spellings(*makers)):
            if site.module.is_test or not _is_statement(site):
                continue
            values = context.evaluator().evaluate(site.call.func, site.scope, site.at)
            if all(
                isinstance(value, (ClassValue, External))
                and application.exceptions.is_exception(value)
                for value in values
            ):
                message = f"this {ir.last_name(site.call.func)} is made and not raised"
            elif all(_makes_exception(value, application) for value in values):
                name = ir.last_name(site.call.func)
                message = f"the exception that `{name}` gives back is not raised"
            else:
                continue
            yield self.at(
                Place(site.module, site.call.at),
                message,
                why="the object is thrown away, and the code after it runs",
                help="put `raise` before it",
                fix=_raise(site.at),
            )


def _makers(names: tuple[str, ...], application: Application) -> tuple[str, ...]:
    """The names of functions that return what one of these calls makes."""
    return tuple(
        dict.fromkeys(
            function.name
            for name in names
            for function in application.index.functions_naming(name)
            if any(isinstance(node, (ir.Call, ir.Name)) for node, _ in results(function))
        )
    )


def _makes_exception(value: Value, application: Application) -> bool:
    """Whether calling a value does nothing but give back a new exception."""
    if not isinstance(value, (FunctionValue, Method)) or value.function.node.is_async:
        return False
    function = value.function
    ends = application.summaries.ends(function)
    if function.node.is_generator or ends.falls or ends.raises:
        return False
    view = application.program.evaluator()
    given = [
        made for node, at in results(function) for made in view.evaluate(node, function.scope, at)
    ]
    return bool(given) and all(
        isinstance(made, Instance) and application.exceptions.is_exception(made.cls)
        for made in given
    )


def _raise(at: int) -> Fix:
    return Fix.safe("Raise the exception", lambda edit: edit.insert_word(at, "raise"))


def _is_statement(site: Site) -> bool:
    """Whether a call stands alone."""
    return any(
        isinstance(node, ir.Expression) and node.value is site.call
        for node in statements(site.scope.body)
        if node.at == site.at
    )
