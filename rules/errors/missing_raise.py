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
from itertools import chain

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import outcomes, results
from fastapi_lint.model.flow import frames_at
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
from fastapi_lint.walk import statement_at

_FRAMEWORK = ("HTTPException", "WebSocketException", "RequestValidationError")


class MissingRaise(Rule):
    code = "FAL709"
    name = "missing-raise"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        index, program = application.index, application.program
        derived = program.exception_names
        near = derived & {cls.name for cls in index.classes}
        makers = _makers(index.spellings(*_FRAMEWORK, *sorted(near)), application)
        known = frozenset(module.path for module in index.modules)
        dropping = (path for path in program.dropping_files if path not in known)
        more = {module for path in dropping if (module := program.module(path))}
        sites = chain(
            index.calls(*index.spellings(*_FRAMEWORK, *sorted(derived), *makers)),
            (site for site in program.sites(*sorted(derived)) if site.module in more),
        )
        for site in sites:
            made = None if site.module.is_test else _thrown_away(site)
            if made is None:
                continue
            is_awaited = isinstance(made, ir.Await)
            values = context.evaluator().evaluate(site.call.func, site.scope, site.at)
            if not is_awaited and all(
                isinstance(value, (ClassValue, External))
                and application.exceptions.is_exception(value)
                for value in values
            ):
                message = f"this {ir.last_name(site.call.func)} is made and not raised"
            elif all(_makes_exception(value, is_awaited, application) for value in values):
                name = ir.last_name(site.call.func)
                message = f"the exception that `{name}` gives back is not raised"
            else:
                continue
            yield self.at(
                Place(site.module, site.call.at),
                message,
                why="the object is thrown away, and the code after it runs",
                help="raise it",
                fix=_raise(site, made),
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


def _makes_exception(value: Value, is_awaited: bool, application: Application) -> bool:
    """Whether calling a value does nothing but give back a new exception."""
    if not isinstance(value, (FunctionValue, Method)):
        return False
    function = value.function
    if function.node.is_async is not is_awaited:
        return False
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


def _raise(site: Site, made: ir.Expr) -> Fix | None:
    """Raise the exception where it is made, if the statement does nothing else."""
    match _statement(site):
        case ir.Expression(value) if value is not made:
            return None
    return Fix.safe("Raise the exception", lambda edit: edit.insert_word(site.at, "raise"))


def _thrown_away(site: Site) -> ir.Expr | None:
    """A call whose value nothing gets, with the `await` around it; `None` for other calls, and
    where a test waits for an exception."""
    node = _statement(site)
    if not isinstance(node, ir.Expression):
        return None
    for part in outcomes(node.value):
        if site.call in (part, part.value if isinstance(part, ir.Await) else None):
            around = frames_at(site.scope.body, site.at)
            return None if any(_expects(frame.node) for frame in around) else part
    return None


def _expects(node: ir.Stmt) -> bool:
    """Whether a statement is `with pytest.raises(...)`."""
    return isinstance(node, ir.With) and any(
        isinstance(item, ir.Call) and ir.last_name(item.func) == "raises" for item, _ in node.items
    )


def _statement(site: Site) -> ir.Stmt | None:
    return statement_at(site.scope.body, site.at)
