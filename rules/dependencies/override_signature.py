"""
The parameters of a dependency override become parameters of the request.

## Why

FastAPI reads the signature of what replaces a dependency as it reads that of the dependency:
a parameter without a default is a query parameter, and so are `*args` and `**kwargs`, which every
`Mock` and `MagicMock` has. The routes then answer 422, because the request has no such parameter.
(A parameter that is annotated with a class that is no model fails with 500.)

Parameters are fine if the original has them too, if the path of the route has them, or if they are
`Request`, `Depends(...)` and the like.

## Bad

```python
from unittest.mock import MagicMock

from fastapi import Depends, FastAPI

app = FastAPI(title="Shop", version="1.0")


def get_mailer() -> str:
    return "smtp"


@app.post("/invitations")
def invite(mailer: str = Depends(get_mailer)) -> str:
    return mailer


def test_invite() -> None:
    app.dependency_overrides[get_mailer] = MagicMock(return_value="fake")
    app.dependency_overrides.clear()
```

## Good

```python
from unittest.mock import MagicMock

from fastapi import Depends, FastAPI

app = FastAPI(title="Shop", version="1.0")


def get_mailer() -> str:
    return "smtp"


@app.post("/invitations")
def invite(mailer: str = Depends(get_mailer)) -> str:
    return mailer


def test_invite() -> None:
    mailer = MagicMock(return_value="fake")
    app.dependency_overrides[get_mailer] = lambda: mailer()
    app.dependency_overrides.clear()
```

## References

- https://github.com/fastapi/fastapi/issues/3331
- https://fastapi.tiangolo.com/advanced/testing-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Scope
from fastapi_lint.model.suites.testing import Override
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk_all

_RESULTS = frozenset({"return_value", "side_effect", "called", "call_args", "call_count"})


class OverrideSignature(Rule):
    code = "FAL323"
    name = "override-signature"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for override in application.overrides.all:
            signature = application.replacing.signature(override)
            if signature is None or not application.replacing.is_depended_on(override):
                continue
            names = " and ".join(f"`{name}`" for name in signature.names)
            yield self.at(
                override.place,
                f"{signature.what} as an override makes FastAPI ask the request for {names}",
                why="a request without it does not reach the route",
                help="use a function without parameters: `lambda: ...`",
                fix=_make_function(override) if signature.is_mock else None,
            )


def _make_function(override: Override) -> Fix | None:
    """Inject what a call of the mock would give, or a mock whose results nobody sets or asks for
    itself."""
    value = override.value
    match value:
        case ir.Call(_, (), (ir.Keyword("return_value"),)):
            is_result = True
        case ir.Call(_, (), ()):
            is_result = False
        case ir.Name() if _is_injected_itself(value, override.scope):
            is_result = False
        case _:
            return None

    def recipe(edit: Editor) -> None:
        there = edit.of(override.scope.module)
        found = there.part(override.at, value)
        if is_result:
            result = there.text(there.value(found, "return_value"))
            there.replace(found, f"lambda: {result}")
        else:
            there.wrap(found, "lambda: ", "")

    return Fix.safe("Override with a function without parameters", recipe)


def _is_injected_itself(name: ir.Name, scope: Scope) -> bool:
    """Whether a name holds a mock that the test does not treat as the function."""
    for binding in scope.bindings.get(name.id, ()):
        made = binding.source
        if not isinstance(made, ir.Call) or any(k.name in _RESULTS for k in made.keywords):
            return False
    for part in walk_all(scope.body):
        match part:
            case ir.Attribute(owner, attr) if owner == name:
                if attr in _RESULTS or attr.startswith("assert_"):
                    return False
            case ir.Call(func) if func == name:
                return False
    return name.id in scope.bindings
