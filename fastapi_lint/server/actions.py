"""What can be done about a finding with one click?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lsprotocol import types

from ..comments import suppression
from ..fix import Applicability
from ..registry import OWN
from .diagnostics import Shown
from .text import as_text_edits

SHOW_DOCUMENTATION = "fastapi-lint.showDocumentation"

Maker = Callable[[Shown, str, str, "str | None"], Iterator[types.CodeAction]]
"""Makes the actions for a finding in the document with this URI, text and encoding."""


def actions(shown: Shown, uri: str, text: str, encoding: str | None) -> Iterator[types.CodeAction]:
    """What can be done about any finding."""
    for maker in _MAKERS:
        yield from maker(shown, uri, text, encoding)


def fix(shown: Shown, changes: dict[str, list[types.TextEdit]]) -> types.CodeAction:
    """The action that makes a finding's fix, whose edits are given by URI."""
    repair = shown.finding.fix
    assert repair is not None
    is_safe = repair.applicability is Applicability.SAFE
    return types.CodeAction(
        title=f"{repair.message} ({shown.finding.code}{'' if is_safe else ', unsafe'})",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[shown.diagnostic],
        is_preferred=is_safe,
        edit=types.WorkspaceEdit(changes=changes),
    )


def _ignore(shown: Shown, uri: str, text: str, encoding: str | None) -> Iterator[types.CodeAction]:
    edit = None if shown.finding.code in OWN else suppression(text, shown.finding)
    if edit is None:
        return
    edits = as_text_edits([edit], text, encoding)
    yield types.CodeAction(
        title=f"Ignore {shown.finding.code} here ({shown.finding.name})",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[shown.diagnostic],
        edit=types.WorkspaceEdit(changes={uri: edits}),
    )


def _show_documentation(
    shown: Shown, uri: str, text: str, encoding: str | None
) -> Iterator[types.CodeAction]:
    code = shown.finding.code
    title = f"Show the documentation of {code} ({shown.finding.name})"
    yield types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[shown.diagnostic],
        command=types.Command(title, SHOW_DOCUMENTATION, arguments=[code]),
    )


_MAKERS: tuple[Maker, ...] = (_ignore, _show_documentation)
