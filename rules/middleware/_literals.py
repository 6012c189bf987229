"""How is a string that stands in the code as one literal written anew, in its own style?"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Node, Unfixable
from fastapi_lint.walk import own_parts, start, statements

from ._cors import Text

_LITERAL = re.compile(r"""([a-zA-Z]*)(\"{3}|'{3}|"|')(.*)\2""", re.DOTALL)
_SHORT = 60
"""Up to how many characters the items of a list are kept on one line."""


def statement_of(text: Text) -> ir.Stmt | None:
    """The statement in which a text stands, if it stands there, and only once, as a literal."""
    if text.scope is None:
        return None
    before = [node for node in statements(text.scope.body) if start(node) <= text.at]
    if not before:
        return None
    constants = [part for part in own_parts(before[-1]) if part == ir.Constant(text.value, "str")]
    return before[-1] if len(constants) == 1 else None


def literal(edit: Editor, text: Text) -> Node:
    """The literal of a text, as the editor of its own file finds it."""
    return edit.part(text.at, ir.Constant(text.value, "str"))


def rewrite(edit: Editor, node: Node, value: str) -> None:
    """Give a literal another value. A backslash makes it raw, if it has no escapes."""
    quote, body, is_raw, known = _taken_apart(edit, node)
    if is_raw or body == known:
        prefix, written = "r" if is_raw or "\\" in value else "", value
    else:
        prefix, written = "", value.replace("\\", r"\\")
    new = f"{prefix}{quote}{written}{quote}"
    if ast.literal_eval(new) != value:
        raise Unfixable("the literal cannot be written in its own style")
    edit.replace(node, new)


def make_list(edit: Editor, node: Node, values: Iterable[str]) -> None:
    """Put a list of strings in the place of a literal."""
    quote, body, _, known = _taken_apart(edit, node)
    items = [f"{quote}{value}{quote}" for value in values]
    if body != known or len(quote) > 1:
        raise Unfixable("the literal has escapes or lines")
    if sum(map(len, items)) > _SHORT:
        edit.replace(node, "[\n{}]".format("".join(f"    {item},\n" for item in items)))
    else:
        edit.replace(node, f"[{', '.join(items)}]")


def _taken_apart(edit: Editor, node: Node) -> tuple[str, str, bool, str]:
    """The quote, the body, whether it is raw, and the value of a literal."""
    match = _LITERAL.fullmatch(edit.text(node))
    if match is None or match[1].lower() not in ("", "r", "u"):
        raise Unfixable("the text is not written as one literal")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(match[0])
    except (SyntaxError, ValueError):
        raise Unfixable("the text is not written as one literal") from None
    return match[2], match[3], match[1].lower() == "r", value
