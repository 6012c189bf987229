"""
A parameter is declared with an option that is deprecated.

## Why

Since FastAPI 0.100 `regex=` and `example=` of Query, Path, Header, Cookie, Body, Form and File are
deprecated: they still work and give a warning. `pattern=` and `examples=[...]` take
their place.

`examples=` took a dict of named examples up to 0.98 and takes a list of values since: a dict goes
into the JSON Schema as it is, where it is not valid.
Since 0.103 the dict belongs to `openapi_examples=`.

## Bad

```python
from fastapi import FastAPI, Query

app = FastAPI(title="Shop", version="1")


@app.get("/items")
def items(code: str = Query(regex="^[a-z]+$")) -> str:
    return code
```

## Good

```python
from fastapi import FastAPI, Query

app = FastAPI(title="Shop", version="1")


@app.get("/items")
def items(code: str = Query(pattern="^[a-z]+$")) -> str:
    return code
```

## References

- https://fastapi.tiangolo.com/tutorial/query-params-str-validations/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, Mapping
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

_MARKERS = ("Query", "Path", "Header", "Cookie", "Body", "Form", "File")
_NAMES = frozenset(
    External(f"{module}.{name}")
    for module in ("fastapi", "fastapi.param_functions", "fastapi.params")
    for name in _MARKERS
)
_INSTEAD = {"regex": "`pattern=`", "example": "`examples=[...]`"}
_NEW = {"regex": "pattern", "example": "examples", "examples": "openapi_examples"}
_NAMED = "`openapi_examples=`"


class DeprecatedParameterOption(Rule):
    code = "FAL804"
    name = "deprecated-parameter-option"
    severity = Severity.WARNING
    fix = Fixability.SAFE
    versions = (">=0.100",)
    positions = frozenset({"regex", "example", "examples"})
    calls = _MARKERS

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        fastapi = context.targets(site.module).fastapi
        if site.module.is_test or fastapi.below("0.100"):
            return
        given = [
            k
            for k in site.call.keywords
            if k.name in _INSTEAD
            or (k.name == "examples" and fastapi.at_least("0.103") and _is_dict(k, site, context))
        ]
        if not given:
            return
        values = context.evaluator().evaluate(site.call.func, site.scope, site.at)
        if not all(value in _NAMES for value in values):
            return
        for keyword in given:
            assert keyword.name is not None
            if _is_passed_on(keyword.value, site):
                continue
            is_dict = keyword.name == "examples"
            yield self.at(
                Place(site.module, keyword.at),
                "`examples=` takes a list, not a dict"
                if is_dict
                else f"`{keyword.name}=` is deprecated",
                why="the dict goes into the JSON Schema as it is, where a list of values belongs"
                if is_dict
                else f"{fastapi.label} warns of it",
                help=f"use {_INSTEAD.get(keyword.name, _NAMED)}",
                fix=_rename(keyword, site.call),
            )


def _is_dict(keyword: ir.Keyword, site: Site, context: Context) -> bool:
    values = context.evaluator().evaluate(keyword.value, site.scope, site.at)
    return all(isinstance(value, Mapping) for value in values)


def _rename(keyword: ir.Keyword, call: ir.Call) -> Fix | None:
    """Give the value under its new name, unless the call gives another one under that name."""
    old = keyword.name or ""
    new = _NEW[old]
    if any(other.name in (new, None) for other in call.keywords):
        return None

    def recipe(edit: Editor) -> None:
        edit.replace_word(keyword.at, old, new)
        if new == "examples":
            value = edit.value(keyword.at, old)
            text = edit.text(value)
            if "\n" in text:
                edit.wrap(value, "[", "]")
            else:
                edit.replace(value, f"[{text}]")

    return Fix.safe(f"Use {_INSTEAD.get(old, _NAMED)}", recipe)


def _is_passed_on(value: ir.Expr, site: Site) -> bool:
    """Whether a function around the marker passes on what it was given, perhaps nothing."""
    function = site.scope.owner
    return (
        isinstance(function, Function)
        and isinstance(value, ir.Name)
        and any(param.name == value.id for param in function.node.params)
    )
