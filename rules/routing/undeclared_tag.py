"""
A tag is used that the application does not declare, or declared and never used.

## Why

`openapi_tags` gives the order and the descriptions of the groups in the documentation. A tag that
is missing there, often a misspelt one, becomes a group of its own at the end, without a
description; a declared tag that no route has describes an empty group.

Where more tags go undeclared than are declared, the list is not meant to be complete, and only
declared tags that no route has are reported.

## Bad

```python
from fastapi import FastAPI

app = FastAPI(title="Shop", version="1", openapi_tags=[{"name": "orders", "description": "..."}])


@app.get("/orders", tags=["order"])
def orders() -> list[str]:
    return []
```

## Good

```python
from fastapi import FastAPI

app = FastAPI(title="Shop", version="1", openapi_tags=[{"name": "orders", "description": "..."}])


@app.get("/orders", tags=["orders"])
def orders() -> list[str]:
    return []
```

## References

- https://fastapi.tiangolo.com/tutorial/metadata/#metadata-for-tags
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Router
from fastapi_lint.model.tags import Tags
from fastapi_lint.rule import Context, Finding, Rule, Severity


class UndeclaredTag(Rule):
    code = "FAL801"
    name = "undeclared-tag"
    severity = Severity.INFO
    positions = frozenset({"tags", "openapi_tags"})

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        option = app.options.get("openapi_tags")
        if option is None or app.place.module.is_test:
            return
        tags = Tags(app, context.application)
        declared = tags.declared()
        if not declared:
            return
        names = {name for name, _ in tags.used()}
        undeclared = names - {None, *declared}
        for name, place in tags.used() if len(undeclared) <= len(declared) else ():
            if name in undeclared:
                yield self.at(
                    place,
                    f"the tag `{name}` is not declared in `openapi_tags`",
                    why="its group stands at the end of the documentation, without a description",
                    help="declare it, or use one of the declared tags",
                    related=[(option.place, "the tags are declared here")],
                )
        if not names or None in names or not tags.is_complete:
            return
        for name in declared:
            if name not in names:
                yield self.at(
                    option.place,
                    f"the tag `{name}` is declared, and no route has it",
                    why="the documentation describes a group that is empty",
                    help="remove it, or correct its name",
                )
