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

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Middleware, Place
from fastapi_lint.rule import Context, Finding, Rule, Severity

from ._cors import POSITIONS, elsewhere, is_live, sources
from ._settings import is_text

_LISTS = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")


class CorsOriginsString(Rule):
    code = "FAL134"
    name = "cors-origins-string"
    severity = Severity.ERROR
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
                    yield self._finding(middleware, argument, related, context)
                    break

    def _finding(
        self,
        middleware: Middleware,
        argument: str,
        related: tuple[tuple[Place, str], ...],
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
            )
        return self.at(
            middleware.place,
            f"`{argument}` is a string, which is taken apart into its letters",
            why=f"{starlette.label} joins its items for the browser: one letter, then the next",
            help="give a list",
            severity=Severity.WARNING,
            related=related,
        )
