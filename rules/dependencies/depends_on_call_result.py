"""
Depends gets the result of a call instead of a function.

## Why

`Depends(get_user())` calls `get_user` once, when the module is imported, and hands its result over.
That is no function, so FastAPI refuses it at once with a TypeError. Except if the call gives
`None`: then `Depends(None)` is the same as `Depends()`, FastAPI builds the class of the annotation
from the request instead, and the function never runs. A factory, which returns a function, is meant
to be called.

## Bad

```python
from fastapi import Depends, FastAPI

app = FastAPI()


def get_language() -> str:
    return "en"


@app.get("/hello")
def hello(lang: str = Depends(get_language())) -> str:
    return lang
```

## Good

```python
from fastapi import Depends, FastAPI

app = FastAPI()


def get_language() -> str:
    return "en"


@app.get("/hello")
def hello(lang: str = Depends(get_language)) -> str:
    return lang
```

The fix is unsafe where the function gives `None`: until now, its parameter got what `Depends()`
makes of the annotation.

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.names import DEPENDS, SECURITY
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, FunctionValue, Method
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class DependsOnCallResult(Rule):
    code = "FAL308"
    name = "depends-on-call-result"
    security = True
    severity = Severity.ERROR
    fix = Fixability.MIXED
    positions = frozenset({"Depends", "Security"})
    calls = ("Depends", "Security")

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        target = site.call.args[0] if site.call.args else keyword(site.call, "dependency")
        if not isinstance(target, ir.Call) or site.module.is_test:
            return
        callees = context.near.evaluate(site.call.func, site.scope, site.at)
        if not all(callee in (External(DEPENDS), External(SECURITY)) for callee in callees):
            return
        functions = context.evaluator().evaluate(target.func, site.scope, site.at)
        if not all(map(context.application.summaries.gives_no_callable, functions)):
            return
        name = ir.last_name(target.func) or "the function"
        none = any(_may_give_none(value, context) for value in functions)
        yield self.at(
            Place(site.module, site.call.at),
            f"Depends gets what `{name}()` returns, not `{name}` itself",
            why=f"`{name}` runs once, at import, and never for a request"
            if none
            else "FastAPI refuses it with a TypeError when the module is imported",
            help=f"write `Depends({name})`",
            fix=_name_it(target, name, is_harmless=not none),
        )


def _name_it(target: ir.Call, name: str, *, is_harmless: bool) -> Fix | None:
    """Remove the parentheses; not arguments, which must be given in another way."""
    if target.args or target.keywords:
        return None

    def recipe(edit: Editor) -> None:
        edit.replace(target.at, edit.text(edit.callee(target.at)))

    make = Fix.safe if is_harmless else Fix.unsafe
    return make(f"Depend on `{name}` itself", recipe)


def _may_give_none(value: object, context: Context) -> bool:
    """Whether a function can give `None`, which FastAPI takes for `Depends()`."""
    if not isinstance(value, (FunctionValue, Method)):
        return True
    function: Function = value.function
    if function.node.is_async or function.node.is_generator:
        return False
    return bool(context.application.summaries.ends(function).falls)
