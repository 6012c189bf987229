"""
A CORS list that is given as one string.

## Why

Starlette asks `origin in allow_origins`. With a list that compares whole origins; with a string it
looks for a part of the text. `allow_origins="https://app.example.com"` lets in
`https://app.example.co`, `https://app` and everything else that the text contains, and with several
origins in one text each of their beginnings. The same text from the environment does the same.

`allow_methods`, `allow_headers` and `expose_headers` are joined for the browser, letter by letter:
`P, U, T` allows no PUT, and no header is allowed or exposed at all. A lone `"*"` means the same
with and without a list.

## Bad

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins="https://app.example.com")
```

## Good

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
```

## References

- https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Middleware, Option, Place
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.values import Literal
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._cors import POSITIONS, elsewhere, is_live, sources
from ._literals import make_list
from ._origins import corrected, why_never
from ._settings import is_text

_LISTS = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
_NAME = re.compile(r"[A-Za-z0-9-]+")


class CorsOriginsString(Rule):
    code = "FAL134"
    name = "cors-origins-string"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        if not is_live(middleware):
            return
        for argument in _LISTS:
            if (option := middleware.options.get(argument)) is None:
                continue
            for source in sources(option, context):
                if source.node != ir.Constant("*", "str") and is_text(source, context):
                    related = elsewhere(middleware, source.place, "the string comes from here")
                    fix = _as_list(middleware, argument, option, context)
                    yield self._finding(middleware, argument, related, fix, context)
                    break

    def _finding(
        self,
        middleware: Middleware,
        argument: str,
        related: tuple[tuple[Place, str], ...],
        fix: Fix | None,
        context: Context,
    ) -> Finding:
        starlette = context.targets(middleware.place.module).starlette
        if argument == "allow_origins":
            return self.at(
                middleware.place,
                "`allow_origins` is a string: every origin that is a part of its text is let in",
                why=f"{starlette.label} tests `origin in allow_origins`, "
                "which for a string searches its text",
                help="give a list of origins",
                related=related,
                fix=fix,
            )
        return self.at(
            middleware.place,
            f"`{argument}` is a string, which is taken apart into its letters",
            why=f"{starlette.label} joins its items for the browser: one letter, then the next",
            help="give a list",
            severity=Severity.WARNING,
            related=related,
            fix=fix,
        )


def _as_list(middleware: Middleware, argument: str, option: Option, context: Context) -> Fix | None:
    """Make a list of what the string names, if that is certain: no setting, and no wildcard."""
    written, at = keyword(middleware.call, argument), middleware.call.at
    values = context.evaluator().evaluate(option.value, option.scope, option.at)
    texts = [v.value for v in values if isinstance(v, Literal) and isinstance(v.value, str)]
    items = [_items(text, argument) for text in texts]
    is_setting = any(source.scope.kind == "class" for source in sources(option, context))
    if len(texts) < len(values) or is_setting or not all(items):
        return None
    if isinstance(written, ir.Constant):
        return Fix.safe(
            "Make it a list", lambda edit: make_list(edit, edit.value(at, argument), items[0])
        )
    if not isinstance(written, (ir.Name, ir.Attribute)) or [[text] for text in texts] != items:
        return None

    def recipe(edit: Editor) -> None:
        edit.wrap(edit.value(at, argument), "[", "]")

    return Fix.safe("Put it in a list", recipe)


def _items(text: str, argument: str) -> list[str]:
    """What a string names, as the items of a list; none if that is not certain."""
    items = [item.strip() for item in text.split(",")]
    if argument == "allow_origins":
        items = [corrected(item) or item for item in items]
        return [] if any(_is_no_origin(item) for item in items) else items
    return items if all(_NAME.fullmatch(item) for item in items) else []


def _is_no_origin(item: str) -> bool:
    return item in ("", "*", "null") or why_never(item) is not None
