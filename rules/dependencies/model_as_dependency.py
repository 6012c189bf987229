"""
A model with validators is used as a dependency, so bad input answers with 500.

## Why

For `search: Search = Depends()` FastAPI reads one query parameter for each field and checks their
types. Then it calls `Search(...)` like any function. What a validator of the model raises there is
no validation error of the request to FastAPI but a failure of the server: the client gets 500
instead of 422, and the log a traceback. Limits given with `Field(le=100)` are not concerned.

## Bad

```python
from fastapi import Depends, FastAPI
from pydantic import BaseModel, model_validator


class Period(BaseModel):
    first: int = 2000
    last: int = 2030

    @model_validator(mode="after")
    def in_order(self) -> "Period":
        if self.first > self.last:
            raise ValueError("the first year comes after the last")
        return self


app = FastAPI()


@app.get("/harvests")
def harvests(period: Period = Depends()) -> list[int]:
    return list(range(period.first, period.last + 1))
```

## Good

```python
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import BaseModel, model_validator


class Period(BaseModel):
    first: int = 2000
    last: int = 2030

    @model_validator(mode="after")
    def in_order(self) -> "Period":
        if self.first > self.last:
            raise ValueError("the first year comes after the last")
        return self


app = FastAPI()


@app.get("/harvests")
def harvests(period: Annotated[Period, Query()]) -> list[int]:
    return list(range(period.first, period.last + 1))
```

The fix is made where the function reads nothing else from the request, and is unsafe: `Query()`
reads lists and aliases of the model in another way than a call of the class does.

## Versions

Models in `Query()`, `Header()` and `Cookie()` exist from FastAPI 0.115 on.

## References

- https://fastapi.tiangolo.com/tutorial/query-param-models/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.guards import Spot
from fastapi_lint.model.dependency.validators import handles_validation, raising_validator
from fastapi_lint.model.link import Application
from fastapi_lint.model.values import ClassValue
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class ModelAsDependency(Rule):
    code = "FAL316"
    name = "model-as-dependency"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
    positions = frozenset({"Depends", "Security"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for spot in guards.spots(application):
            values = spot.values
            if len(values) != 1 or not isinstance(values[0], ClassValue):
                continue
            cls = values[0].cls
            validator = raising_validator(cls, application)
            if validator is None or handles_validation(application):
                continue
            targets = context.targets(spot.place.module)
            whom = f" of {guards.named(spot.routes)}" if spot.routes else ""
            related = [(Place(validator.module, validator.node.at), "what raises")]
            if spot.routes:
                related.append((spot.routes[0].place, "a route that it is built for"))
            yield self.at(
                spot.place,
                f"input{whom} that `{validator.name}` of `{cls.name}` rejects answers with 500",
                why=f"FastAPI calls `{cls.name}(...)` like a function: what its validators raise "
                "is no 422",
                help=f"take it as `Annotated[{cls.name}, Query()]`"
                if targets.fastapi.at_least("0.115")
                else "check in a function that raises an HTTPException, and depend on that",
                related=related,
                fix=_read_as_query(spot, application)
                if targets.fastapi.at_least("0.115")
                else None,
            )


def _read_as_query(spot: Spot, application: Application) -> Fix | None:
    """Declare it as the query string of functions that read nothing else from the request.

    FastAPI takes a model apart only where it is the one query parameter.
    """
    call = spot.uses[0].dependency.call
    if call.args or call.keywords or ir.last_name(call.func) != "Depends":
        return None
    for use in spot.uses:
        function = use.function
        if function is None or use.param is None:
            return None
        for other in function.node.params:
            is_injected = application.injection.injected(function, other) is not None
            if other is not use.param and not is_injected:
                return None

    def recipe(edit: Editor) -> None:
        edit.replace(edit.callee(call.at), edit.import_name("fastapi", "Query"))

    return Fix.unsafe("Take it as the query string", recipe)
