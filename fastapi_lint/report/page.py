"""The frame of every HTML page: one file that loads nothing and runs only its own script."""

from __future__ import annotations

import os
from base64 import b64encode
from hashlib import sha256

from .. import __version__
from .markup import Child, Element, Raw
from .markup import element as e


def document(title: str, summary: str, *content: Child) -> str:
    """A whole page. Its policy lets a browser load nothing at all."""
    style, script = _read("page.css"), _read("page.js")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}"
    page = e(
        "html",
        e(
            "head",
            e("meta", charset="utf-8"),
            e("meta", http_equiv="Content-Security-Policy", content=policy),
            e("meta", name="viewport", content="width=device-width, initial-scale=1"),
            e("meta", name="color-scheme", content="light dark"),
            e("meta", name="generator", content=f"fastapi-lint {__version__}"),
            e("title", title),
            e("style", Raw(style)),
        ),
        e(
            "body",
            e("header", e("h1", title), e("p", summary, class_="summary")),
            e("main", content),
            e("script", Raw(script)),
        ),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{page}\n"


def controls(placeholder: str, *more: Element) -> Element:
    """The field that filters everything marked with `data-text`, with further controls."""
    field = e("input", type="search", id="search", placeholder=placeholder, aria_label=placeholder)
    return e("div", field, more, e("output", id="shown"), class_="controls")


def _read(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read()


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
