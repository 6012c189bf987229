"""Errors that are meant for people."""

from __future__ import annotations


class UserError(Exception):
    """The tool cannot do its job, and the user can change that. Shown without a traceback."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def suggestion(word: str, known: list[str]) -> str | None:
    """A "did you mean" hint for a misspelt word, if something is close enough."""
    import difflib

    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else None
