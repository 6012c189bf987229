"""
The regular expression for CORS origins also lets in domains that strangers can get.

## Why

`allow_origin_regex` is matched against the whole origin, but a dot in it matches any character, and
`.*` any number of them. `https://.*.example.com` lets in `https://evil-example.com`, which anybody
can register, and `https://.*\\.vercel\\.app` every customer of that host. Their pages may then read
this API's responses, with the user's cookies if credentials are allowed.

The rule works out which domains a pattern lets in and shows one that somebody else can have: a dot
that is not escaped, no boundary before the domain, an open end, or a wildcard directly below a
domain under which everybody gets names. An unescaped dot before the last part (`https://example.com`)
harms nobody and is not reported. A pattern for every origin is `cors-wildcard-origin`.

## Bad

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex="https://.*.example.com")
```

## Good

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=r"https://.*\\.example\\.com")
```

## References

- https://www.starlette.io/middleware/#corsmiddleware
- https://docs.python.org/3/library/re.html#re.fullmatch
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Middleware
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._cors import POSITIONS, Text, elsewhere, formatted, is_live, patterns
from ._literals import literal, rewrite, statement_of
from ._origins import escaped, foreign_origin, matches_every, shared_host


class CorsOriginRegexTooWide(Rule):
    code = "FAL133"
    name = "cors-origin-regex-too-wide"
    security = True
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        if not is_live(middleware):
            return
        written = patterns(middleware, context.evaluator(production=True))
        for pattern in (*written, *formatted(middleware, context)):
            origin = None if matches_every(pattern.value) else foreign_origin(pattern.value)
            if origin is None:
                continue
            host = shared_host(origin)
            yield self.at(
                middleware.place,
                f"`allow_origin_regex` also lets in `{origin}` (`{pattern.value}`)",
                why=f"everybody can get a name under `{host}`, and its pages may read the responses"
                if host is not None
                else "whoever has that domain may read this API's responses from their pages",
                help="name the hosts that are yours"
                if host is not None
                else r"escape dots (`\.`) and begin the domain with one, as in "
                r"`https://([a-z0-9-]+\.)?example\.com`",
                related=elsewhere(middleware, pattern.place, "the pattern stands here"),
                fix=_escape(pattern),
            )
            return


def _escape(pattern: Text) -> Fix | None:
    """Escape the dots, if that is all that is wrong."""
    better = escaped(pattern.value)
    if foreign_origin(better) is not None or statement_of(pattern) is None:
        return None

    def recipe(edit: Editor) -> None:
        assert pattern.scope is not None
        there = edit.of(pattern.scope.module)
        rewrite(there, literal(there, pattern), better)

    return Fix.unsafe("Escape its dots", recipe)
