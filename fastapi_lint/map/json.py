"""The map as JSON."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec

from .request import Request, steps
from .structure import Map

SCHEMA_VERSION = 1


def render(map_: Map) -> str:
    """The map as a document; what is unknown is `null`."""
    return _document({"version": SCHEMA_VERSION, **_fields(map_)})


def render_requests(requests: tuple[Request, ...], map_: Map) -> str:
    """What runs for requests, as a document."""
    return _document(
        {
            "version": SCHEMA_VERSION,
            "requests": [
                {
                    "route": request.route.label,
                    "apps": [app.name for app in request.apps],
                    "steps": steps(request, map_.version),
                }
                for request in requests
            ],
        }
    )


def _fields(map_: Map) -> dict[str, Any]:
    found = {field.name: getattr(map_, field.name) for field in dataclasses.fields(map_)}
    return {"fastapi": found.pop("version"), **found}


def _document(content: object) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, str):
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        if isinstance(value, list):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return value

    encoded = msgspec.json.encode(plain(msgspec.to_builtins(content)))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"
