"""The JSON schema of the configuration in `docs/schema.json`: `python -m tests.schema` writes it.

Types and defaults come from the code, descriptions from the table in `docs/configuration.md`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from fastapi_lint.config import FORMATS, SEVERITIES, Settings
from fastapi_lint.registry import all_rules, names

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "schema.json"
_WORDS = {"output-format": FORMATS, "fail-on": SEVERITIES}
_SELECTORS = ("select", "extend-select", "ignore", "per-file-ignores")
_ROW = re.compile(r"^\| `([a-z-]+)` \| [^|]* \| (.*) \|$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def schema() -> dict[str, Any]:
    """The schema of the table `[tool.fastapi-lint]`, in the draft that SchemaStore asks for."""
    _, components = msgspec.json.schema_components([Settings])
    settings = components["Settings"]
    described = dict(_ROW.findall(DOCS.joinpath("configuration.md").read_text(encoding="utf-8")))
    for name, value in settings["properties"].items():
        value["description"] = _LINK.sub(r"\1", described[name])
        _without_null(value)
        if name in _WORDS:
            value["enum"] = list(_WORDS[name])
        if name in _SELECTORS:
            _strings(value)["items"] = {"$ref": "#/definitions/rule"}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://json.schemastore.org/fastapi-lint.json",
        "title": "fastapi-lint",
        "description": "The table [tool.fastapi-lint] of pyproject.toml, or fastapi-lint.toml.",
        "type": "object",
        "properties": settings["properties"],
        "additionalProperties": settings["additionalProperties"],
        "definitions": {"rule": _rule()},
    }


def _without_null(value: dict[str, Any]) -> None:
    """TOML has no null: a setting that is not given is left out."""
    for option in value.pop("anyOf", ()):
        if option != {"type": "null"}:
            value.update(option)
    if value.get("default", ...) is None:
        del value["default"]


def _strings(value: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = value if value["type"] == "array" else value["additionalProperties"]
    return found


def _rule() -> dict[str, Any]:
    """What names rules; editors offer the known words, and any beginning of a code is right."""
    known = names(all_rules())
    return {
        "description": "A rule's code or name, the beginning of a code, or ALL.",
        "anyOf": [{"enum": ["ALL", *sorted([*known, *known.values()])]}, {"type": "string"}],
    }


def text() -> str:
    """The text of the page."""
    return json.dumps(schema(), indent=2) + "\n"


def main() -> None:
    PAGE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{PAGE} written\n")


if __name__ == "__main__":
    main()
