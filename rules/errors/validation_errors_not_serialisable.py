"""
Raw validation errors are put into a response that cannot hold all of them.

## Why

With pydantic 2 the errors of a validator that raised ValueError contain that exception object
(`ctx`), and those of a body that was no JSON contain bytes (`input`). `JSONResponse` cannot
serialise either: the 422 that the handler was to give becomes a 500. It works in every test with a
missing field, and fails for the first validator that refuses. `jsonable_encoder` turns all of it
into JSON, as FastAPI's own handler does.

The same goes for the errors of a pydantic model that an endpoint checks by itself, in a
`JSONResponse` as well as in the `detail` of an HTTPException.

## Bad

```python
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError) -> JSONResponse:
    return JSONResponse({"errors": exc.errors()}, status_code=422)
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError) -> JSONResponse:
    return JSONResponse({"errors": jsonable_encoder(exc.errors())}, status_code=422)
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/#override-request-validation-exceptions
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.exceptions import VALIDATION_ERROR
from fastapi_lint.model.handlers import functions_of
from fastapi_lint.model.link import Application
from fastapi_lint.model.validation import RESPONSES, RawErrors, sent_by_handler
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements

_ERRORS = (VALIDATION_ERROR, "pydantic.ValidationError")


class ValidationErrorsNotSerialisable(Rule):
    code = "FAL704"
    name = "validation-errors-not-serialisable"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    versions = (">=0.100",)
    positions = frozenset({"errors"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        exceptions = application.exceptions
        found: dict[Place, tuple[ir.Call, Place | None]] = {}
        for owner in application.owners():
            for handler in owner.exception_handlers:
                if any(exceptions.is_a(value, *_ERRORS) for value in handler.exception):
                    for function in functions_of(handler, context.evaluator()):
                        for place, call in sent_by_handler(function, context.evaluator()):
                            where = handler.place if handler.place.module != place.module else None
                            found.setdefault(place, (call, where))
        for function in application.index.functions_naming("errors"):
            for node in statements(function.body):
                for clause in node.handlers if isinstance(node, ir.Try) else ():
                    caught = RawErrors(
                        function, ir.Name(clause.name or ""), RESPONSES, context.evaluator()
                    )
                    calls = caught.sent(clause.body)
                    classes = exceptions.classes(clause.catches, function.scope, clause.at)
                    if calls and all(exceptions.is_a(value, *_ERRORS) for value in classes):
                        for call in calls:
                            found.setdefault(Place(function.module, call.at), (call, None))
        for place, (call, registered) in found.items():
            if not (place.module.is_test or context.targets(place.module).pydantic.below("2")):
                yield self.at(
                    place,
                    "not everything in these validation errors can be turned into JSON",
                    why="they hold the exception of a validator that raised ValueError, and values "
                    "that are no JSON: the answer becomes a 500",
                    help="wrap it: `jsonable_encoder(exc.errors())`",
                    related=[(registered, "registered here")] if registered is not None else (),
                    fix=_encode(call),
                )


def _encode(call: ir.Call) -> Fix:
    def recipe(edit: Editor) -> None:
        encoder = edit.import_name("fastapi.encoders", "jsonable_encoder")
        edit.wrap(call.at, f"{encoder}(", ")")

    return Fix.safe("Wrap it in `jsonable_encoder(...)`", recipe)
