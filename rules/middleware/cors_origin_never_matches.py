"""
A listed CORS origin that no browser ever sends.

## Why

Starlette compares the `Origin` header with the entries of `allow_origins` as they are written. A
browser sends scheme, host and, if it is not the default one, port: no path, no slash at the end, no
blanks, in lower case. An entry such as `https://app.example.com/`, `app.example.com` or
`https://*.example.com` therefore matches nothing, and the front end is refused with an error that
does not say why.

The same happens with `list[AnyHttpUrl]` of pydantic 2: its URLs equal no string, and `str(url)`
puts a slash behind a host.

## Bad

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com/"])
```

## Good

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
```

## References

- https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Origin
- https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Middleware
from fastapi_lint.rule import Context, Finding, Rule, Severity

from ._cors import POSITIONS, Text, elsewhere, is_live, sources, texts
from ._origins import why_never
from ._settings import Urls, urls

_HELP = "write scheme, host and port as the browser shows them, such as `https://app.example.com`"


class CorsOriginNeverMatches(Rule):
    code = "FAL135"
    name = "cors-origin-never-matches"
    severity = Severity.WARNING
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        option = middleware.options.get("allow_origins")
        if not is_live(middleware) or option is None:
            return
        reasons: dict[str, list[Text]] = {}
        for text in texts(option, context.evaluator(production=True), items_only=True):
            if text.value == "*":
                return
            if (reason := why_never(text.value)) is not None:
                reasons.setdefault(reason, []).append(text)
        for reason, found in reasons.items():
            shown = ", ".join(f"`{text.value}`" for text in found[:3])
            help = _HELP
            if any("*" in text.value for text in found):
                help = "use `allow_origin_regex` for hosts that vary"
            yield self.at(
                middleware.place,
                f"{shown} in `allow_origins` never {'match' if len(found) > 1 else 'matches'}",
                why=f"entries are compared with the `Origin` header as they are, and {reason}",
                help=help,
                related=elsewhere(middleware, found[0].place, "it stands here"),
            )
        for field in urls(sources(option, context), context):
            yield self._urls(field, middleware, context)

    def _urls(self, field: Urls, middleware: Middleware, context: Context) -> Finding:
        pydantic = context.targets(middleware.place.module).pydantic
        how = (
            f"`str()` of a URL of {pydantic.label} puts a slash behind the host"
            if field.is_text
            else f"a URL of {pydantic.label} equals no string"
        )
        return self.at(
            middleware.place,
            f"the URLs of `{field.name}` in `allow_origins` never match",
            why=f"the `Origin` header is a string without a slash at its end, and {how}",
            help='use `[str(url).rstrip("/") for url in urls]`',
            related=elsewhere(middleware, field.place, "they are declared here"),
        )
