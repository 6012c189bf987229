"""Checks of HTML pages: balanced, and nothing in them that a browser would load or run."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = frozenset({"input", "meta", "wbr"})
_LOADING = frozenset({"src", "srcset", "action", "data", "poster", "background", "style"})


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("link", "img", "iframe", "base", "object", "embed", "b"), tag
        self.scripts += tag == "script"
        for name, value in attrs:
            assert name not in _LOADING, name
            assert not name.startswith("on"), name
            assert name != "href" or str(value).startswith("#"), value
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_page(text: str) -> None:
    """Assert that a page is balanced and self-contained."""
    page = _Page()
    page.feed(text)
    page.close()
    assert text.startswith("<!DOCTYPE html>")
    assert page.open == []
    assert page.scripts == 1
    assert "default-src &#x27;none&#x27;" in text
    assert "@import" not in text
    assert "url(" not in text
