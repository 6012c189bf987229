"""What can be done about a finding with one click?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lsprotocol import types

from ..fix import Applicability
from ..rule import Finding
from ..syntax.scan import TooComplex, scan
from .diagnostics import Shown
from .text import lines, units

SHOW_DOCUMENTATION = "fastapi-lint.showDocumentation"
_IGNORED = re.compile(r"#[ \t]*fastapi-lint:[ \t]*ignore\[([^\[\]]*)\]")

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
    insertion = ignoring(shown.finding, text)
    if insertion is None:
        return
    row, column, words = insertion
    place = types.Position(row - 1, units(lines(text)[row - 1][: column - 1], encoding))
    edit = types.TextEdit(types.Range(place, place), words)
    yield types.CodeAction(
        title=f"Ignore {shown.finding.code} here ({shown.finding.name})",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[shown.diagnostic],
        edit=types.WorkspaceEdit(changes={uri: [edit]}),
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


def ignoring(finding: Finding, text: str) -> tuple[int, int, str] | None:
    """Row, column and text of the insertion that suppresses a finding, if there is one.

    That is another code in the comment of its first line, a comment at the end of this line, or a
    line of its own above it, whichever is a comment and not a part of a text there.
    """
    row, code = finding.span[0], finding.code
    shown = lines(text)
    try:
        comments = {comment.row: comment for comment in scan(text).comments}
    except TooComplex:
        return None
    if row > len(shown) or code in ("FAL001", "FAL002", "FAL003"):
        return None
    line = shown[row - 1]
    if row in comments:
        comment = comments[row]
        match = _IGNORED.search(comment.text)
        if match is not None:
            return row, comment.column + match.end(1), f", {code}"
    indent = line[: len(line) - len(line.lstrip())]
    for insertion in (
        (row, len(line) + 1, f"  # fastapi-lint: ignore[{code}]"),
        (row, 1, f"{indent}# fastapi-lint: ignore[{code}]\n"),
    ):
        if _is_comment(insertion, shown):
            return insertion
    return None


def _is_comment(insertion: tuple[int, int, str], shown: tuple[str, ...]) -> bool:
    """Whether an inserted comment is one, and breaks no line that goes on."""
    row, column, words = insertion
    before = shown[: row - 1] if column == 1 else shown[:row]
    if before and before[-1].endswith("\\"):
        return False
    line = shown[row - 1]
    changed = line[: column - 1] + words + line[column - 1 :]
    text = "\n".join((*shown[: row - 1], changed, *shown[row:]))
    try:
        found = scan(text).comments
    except TooComplex:
        return False
    return any(comment.row == row and words.strip() in comment.text for comment in found)
