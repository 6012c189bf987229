"""
An application has no title or no version.

## Why

Without them the documentation is headed "FastAPI 0.1.0". Generated clients take their package name
from the title, and whoever compares two versions of the document cannot tell them apart.

## Bad

```python
from fastapi import FastAPI

app = FastAPI()
```

## Good

```python
from fastapi import FastAPI

app = FastAPI(title="Shop", version="1.4.0")
```

## References

- https://fastapi.tiangolo.com/tutorial/metadata/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Router
from fastapi_lint.rule import Context, Finding, Rule, Severity


class AppMetadata(Rule):
    code = "FAL803"
    name = "app-metadata"
    severity = Severity.INFO
    default = False

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        if app.created is None or not app.is_fastapi or app.place.module.is_test:
            return
        call, _, _ = app.created
        if any(keyword.name is None for keyword in call.keywords):
            return
        if any(mount.app is app for owner in context.application.apps for mount in owner.mounts):
            return
        url = app.options.get("openapi_url")
        if url is not None and ir.is_none(url.value):
            return
        missing = [name for name in ("title", "version") if name not in app.options]
        if missing:
            yield self.at(
                app.place,
                f"the application has no {' and no '.join(missing)}",
                why='its documentation is headed "FastAPI" or "0.1.0"',
                help="give the application a title and a version",
            )
