"""
CORS allows every method or every request header.

## Why

`allow_methods=["*"]` and `allow_headers=["*"]` let the pages of the allowed origins send whatever
they like: Starlette answers a preflight with all methods, and with exactly the headers that were
asked for. Lists say what the front ends need, and an endpoint or a header that is meant for other
callers stays out of their reach.

It is a matter of taste as long as the origins are your own, so this rule is off unless it is
selected. It says nothing where all origins are on this machine.

## Bad

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_methods=["*"],
    allow_headers=["Authorization"],
)
```

## Good

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_methods=["GET", "POST"],
    allow_headers=["Authorization"],
)
```

## References

- https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi_lint.model.application import Middleware
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.rule import Context, Finding, Rule, Severity

from ._cors import POSITIONS, elsewhere, is_live, names, texts

_WHAT = {"allow_methods": "method", "allow_headers": "request header"}
_LOCAL = re.compile(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d+)?/?")


class CorsWildcardMethodsHeaders(Rule):
    code = "FAL132"
    name = "cors-wildcard-methods-headers"
    security = True
    severity = Severity.INFO
    default = False
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        view = context.evaluator(production=True)
        if not is_live(middleware) or _is_local(middleware, view):
            return
        found = [
            (argument, text)
            for argument in _WHAT
            if (option := middleware.options.get(argument)) is not None
            for text in texts(option, view)
            if text.value == "*"
        ]
        if found:
            what = " and every ".join(dict.fromkeys(_WHAT[argument] for argument, _ in found))
            named = " and ".join(dict.fromkeys(f"`{argument}`" for argument, _ in found))
            yield self.at(
                middleware.place,
                f'{named} {"contain" if " and " in named else "contains"} `"*"`: '
                f"every {what} is allowed",
                why="a preflight is answered with whatever it asks for",
                help="list what your front ends use",
                related=elsewhere(middleware, found[0][1].place, "the wildcard stands here"),
            )


def _is_local(middleware: Middleware, view: Evaluator) -> bool:
    """Whether all origins are on the developer's machine."""
    option = middleware.options.get("allow_origins")
    if option is None or "allow_origin_regex" in middleware.options:
        return False
    origins = names(option, view)
    return bool(origins) and all(_LOCAL.fullmatch(origin) for origin in origins or ())
