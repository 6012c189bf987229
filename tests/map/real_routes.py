"""What FastAPI itself reports of an application: run as a script with `module:attribute`.

Prints a JSON object after the word REAL: `routes`, each with its methods (`WS` for WebSockets),
full path, and the functions that are called as dependencies, in order; and `middleware`, outermost
first. It needs nothing but FastAPI, of any version. An attribute that is a function is called: it
makes the application.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any


def rows(routes: Any, prefix: str = "") -> Iterator[tuple[str, str, list[str]]]:
    """The routes, through included routers and mounts."""
    from starlette.routing import Mount

    for route in _flat(routes):
        inner = getattr(route, "original_route", route)
        if isinstance(inner, Mount):
            yield from rows(getattr(inner, "routes", ()) or (), prefix + route.path)
        elif getattr(route, "path", None) is not None:
            methods = getattr(route, "methods", None)
            is_websocket = "WebSocket" in type(inner).__name__
            verbs = "WS" if is_websocket else ",".join(sorted(methods or ["*"]))
            yield verbs, prefix + route.path, _calls(getattr(route, "dependant", None), set())


def _flat(routes: Any) -> Any:
    """Included routers taken apart, on versions that keep them whole (from 0.137)."""
    try:
        from fastapi.routing import iter_route_contexts
    except ImportError:
        return routes
    return iter_route_contexts(routes)


def _calls(dependant: Any, called: set[Any]) -> list[str]:
    found = []
    for inner in dependant.dependencies if dependant is not None else ():
        found.extend(_calls(inner, called))
        key = getattr(inner, "cache_key", None) or _cache_key(inner)
        if inspect.isroutine(inner.call) and not (inner.use_cache and key in called):
            found.append(inner.call.__qualname__.replace("<locals>.", ""))
        called.add(key)
    return found


def _cache_key(dependant: Any) -> Any:
    from fastapi.dependencies.models import _get_cache_key

    return _get_cache_key(dependant=dependant)


def middleware(app: Any) -> list[str]:
    """The names of the application's own middleware; a function's where there is one."""
    found = []
    for entry in app.user_middleware:
        dispatch = getattr(entry, "kwargs", getattr(entry, "options", {})).get("dispatch")
        found.append(dispatch.__name__ if dispatch is not None else entry.cls.__name__)
    return found


def main(name: str) -> None:
    """Report on an application."""
    module, _, attribute = name.partition(":")
    app: Any = importlib.import_module(module)
    for part in attribute.split("."):
        app = getattr(app, part)
    if inspect.isfunction(app):
        app = app()
    report = {"routes": sorted(rows(app.routes)), "middleware": middleware(app)}
    print("REAL " + json.dumps(report))  # noqa: T201


if __name__ == "__main__":
    sys.path.insert(0, "")
    main(sys.argv[1])
