"""How does a fix change the text of a file? The operations that the recipes of fixes call.

Each operation notes edits of the text around the nodes that it names and leaves every other
character as it is. Nodes are named by their ordinals in the intermediate representation, or given
by `part` and `parameter`. An operation raises `Unfixable` where the form of the code is not one
that it changes safely; the fix is then not made.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from .. import ir
from ..comments import removals
from ..fix import At, Edit, Editor, Unfixable
from .fitting import closed_up, fitted, on_one_line
from .imports import Imports, joined
from .lower import IMPORTS, IMPORTS_FROM
from .names import is_variable, names_bound
from .positions import Range
from .tree import Tree, descendants

if TYPE_CHECKING:
    from ..model.scopes import Module

_POSTFIX = (cst.Attribute, cst.Call, cst.Subscript, cst.Await)
_COMMENT_OR_BLANK = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?\Z")
_STATEMENTS = (cst.BaseSmallStatement, cst.BaseCompoundStatement)
_FOLLOWING = ("except", "else", "finally")
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_CLAUSES = (cst.ExceptHandler, cst.ExceptStarHandler, cst.Else, cst.Finally, cst.MatchCase)


class FileEditor(Editor):
    """Notes the edits of one fix in one file; `of` gives the editor of another file."""

    def __init__(self, tree: Tree, others: Callable[[str], Editor]) -> None:
        self._edits: list[Edit] = []
        self._changed: list[cst.CSTNode] = []
        self._shrunk: list[cst.Call | cst.Parameters] = []
        self._tree = tree
        self._others = others
        self._imports = Imports(tree)

    @property
    def edits(self) -> list[Edit]:
        """What was noted; lines that it makes too long, or short again, are laid out anew."""
        edits = self._edits
        for shrunk in self._shrunk:
            edits = closed_up(self._tree, shrunk, edits)
        for node in self._changed:
            edits = fitted(self._tree, node, edits)
        return edits

    def of(self, module: Module) -> Editor:
        return self._others(module.path)

    # Looking

    def text(self, at: At) -> str:
        node = self._node(at)
        start, end = self._outer(node)
        text = self._tree.text[start:end]
        return on_one_line(text, node) or text

    def quoted(self, text: str) -> str:
        quote = self._tree.quote
        return f"{quote}{text}{quote}"

    def callee(self, call: At) -> cst.CSTNode:
        return self._call(call).func

    def value(self, at: At, name: str) -> cst.CSTNode:
        node = self._node(at)
        arguments = node.args if isinstance(node, cst.Call) else [node]
        for argument in arguments:
            if isinstance(argument, cst.Arg) and _keyword(argument) == name:
                return argument.value
        raise Unfixable(f"there is no argument `{name}`")

    def argument(self, call: At, index: int) -> cst.CSTNode:
        arguments = self._call(call).args[: index + 1]
        if len(arguments) <= index or any(a.keyword is not None or a.star for a in arguments):
            raise Unfixable("the arguments are not given one by one")
        return arguments[index].value

    def assigned(self, at: At) -> cst.CSTNode:
        match self._node(at):
            case cst.Assign(value=value) | cst.AnnAssign(value=cst.BaseExpression() as value):
                return value
        raise Unfixable("nothing is assigned")

    def part(self, at: At, expr: ir.Expr) -> cst.CSTNode:
        node = self._node(at)
        lowered = self._tree.expressions
        found = [inner for inner in descendants(node) if lowered.get(inner) == expr]
        if len(found) != 1:
            raise Unfixable("the code to change cannot be told from its like")
        return found[0]

    # Expressions

    def replace(self, at: At, text: str) -> None:
        node = self._node(at)
        start, end = self._outer(node)
        self._edit((start, end), self._laid_out(text, start))
        self._changed.append(self._tree.parent(node))

    def wrap(self, at: At, before: str, after: str) -> None:
        node = self._node(at)
        start, end = self._outer(node)
        if before.endswith(("(", "[", "{")) and self._tree.row(start) != self._tree.row(end):
            newline, unit = self._newline(start), self._tree.module.default_indent
            indent = newline + self._indent_of_line(start)
            before, after = f"{before}{indent}{unit}", f",{indent}{after}"
            self._indent_more(start, end, unit)
        self._edit((start, start), before)
        self._edit((end, end), after)
        self._changed.append(node)

    def put_await(self, call: At) -> None:
        node = self._call(call)
        parent = self._tree.parent(node)
        for around in self._tree.ancestors(node):
            if isinstance(around, (cst.Lambda, cst.GeneratorExp)):
                raise Unfixable("nothing can be awaited in a lambda or generator")
            if isinstance(around, cst.FunctionDef):
                if around.asynchronous is None:
                    raise Unfixable("the function is not `async`")
                break
        is_inner = isinstance(parent, _POSTFIX) and not getattr(node, "lpar", ())
        start, end = self._tree.inner(node)
        self._edit((start, start), "(await " if is_inner else "await ")
        if is_inner:
            self._edit((end, end), ")")
        self._changed.append(node)

    def set_keyword(self, call: At, name: str, value: str) -> None:
        node = self._call(call)
        for argument in node.args:
            if _keyword(argument) == name:
                self.replace(argument.value, value)
                return
        self._append(node, f"{name}={value}")

    def add_argument(self, call: At, text: str) -> None:
        self._append(self._call(call), text)

    def spread(self, call: At, around: At | None = None) -> None:
        node = self._call(call)
        place = node if around is None else self._node(around)
        parts = [node.func, *node.args]
        if any(isinstance(inner, cst.Comment) for inner in descendants(place)):
            raise Unfixable("a comment stands in between")
        if any(isinstance(a.value, cst.GeneratorExp) and not a.value.lpar for a in node.args):
            raise Unfixable("a generator is the only argument")
        texts = [self._tree.text[slice(*self._outer(part))] for part in parts]
        start, end = self._outer(place)
        line = f"{self._indent(start)}{', '.join(texts)}"
        is_own_line = self._tree.is_blank_before(start)
        is_long = is_own_line and len(line) > self._tree.width
        between = f",{self._newline(start)}{self._indent(start)}" if is_long else ", "
        self._edit((start, end), between.join(texts))

    def append_items(self, display: At, *texts: str) -> None:
        node = self._node(display)
        if not isinstance(node, (cst.List, cst.Set)):
            raise Unfixable("it is no list")
        if node.elements:
            self._append_to(node, node.elements, *texts)
        else:
            end = self._tree.inner(node)[1] - 1
            self._edit((end, end), ", ".join(texts))

    def _append(self, call: cst.Call, text: str) -> None:
        if not call.args:
            end = self._tree.inner(call)[1] - 1
            start = self._tree.whole(call.func)[1] + 1
            if self._tree.text[start:end].strip():
                raise Unfixable("a comment stands between the parentheses")
            self._edit((end, end), text)
            self._changed.append(call)
            return
        last = call.args[-1]
        if isinstance(last.value, cst.GeneratorExp) and not last.value.lpar:
            raise Unfixable("a generator is the only argument")
        self._append_to(call, call.args, text)

    def _append_to(self, node: cst.CSTNode, items: Sequence[Any], *texts: str) -> None:
        last = items[-1]
        start, end = self._tree.inner(last)
        is_own_line = self._tree.is_blank_before(start)
        between = f"{self._newline(start)}{self._indent(start)}" if is_own_line else " "
        added = f",{between}".join(self._laid_out(text, start) for text in texts)
        if isinstance(last.comma, cst.Comma):
            end = self._comma_end(last)
            self._edit((end, end), f"{between}{added},")
        else:
            self._edit((end, end), f",{between}{added}")
        self._changed.append(node)

    def _laid_out(self, text: str, offset: int) -> str:
        """An expression that may have several lines, with the indentation of an offset."""
        first, *rest = text.split("\n")
        if not rest:
            return text
        if re.search(r"\"{3}|'{3}", text):
            raise Unfixable("a text of several lines stands in it")
        code = self._render("\n".join(rest), self._indent_of_line(offset), offset, dedents=False)
        return f"{first}{self._newline(offset)}{code}".rstrip("\r\n")

    # Statements

    def replace_word(self, at: At, old: str, new: str) -> None:
        start, _ = self._tree.inner(self._node(at))
        if not self._tree.text.startswith(old, start):
            raise Unfixable(f"it does not begin with `{old}`")
        self._edit((start, start + len(old)), new)

    def insert_word(self, at: At, word: str) -> None:
        node = self._node(at)
        start, _ = self._tree.inner(node)
        self._edit((start, start), f"{word} ")
        self._changed.append(node.value if isinstance(node, cst.Expr) else node)

    def insert_before(self, at: At, code: str) -> None:
        start, _ = self._lines(self._node(at))
        self._edit((start, start), self._render(code, self._indent_of(at), start))

    def insert_after(self, at: At, code: str) -> None:
        _, end = self._lines(self._node(at))
        if code.startswith(_FOLLOWING):
            end = self._comments_end(end, f"{self._indent_of(at)} ")
        rendered = self._render(code, self._indent_of(at), end)
        if end and self._tree.text[end - 1] not in "\r\n":
            newline = self._newline(end)
            rendered = newline + rendered.removesuffix(newline)
        self._edit((end, end), rendered)

    def _comments_end(self, offset: int, indent: str) -> int:
        """Where the comments that end a block end, which are indented more than its statement."""
        while True:
            after = self._tree.line_end(offset)
            line = self._tree.text[offset:after].replace("\t", " ")
            if not line.startswith(indent.replace("\t", " ")) or not line.lstrip().startswith("#"):
                return offset
            offset = after

    def define_before(self, at: At, code: str) -> None:
        start, _ = self._lines(self._node(at))
        indent, newline = self._indent_of(at), self._newline(start)
        gap = newline * (1 if indent else 2)
        above = self._tree.text[:start].rstrip(" \t\f\r\n")
        lines = self._tree.text[len(above) : start].count(newline)
        is_first = not above or above.endswith(":")
        before = "" if is_first else gap[max(0, lines - 1) * len(newline) :]
        self._edit((start, start), f"{before}{self._render(code, indent, start)}{gap}")

    def decorate(self, function: At, text: str) -> None:
        start, _ = self._lines(self._node(function), comments=False)
        self._edit((start, start), self._render(text, self._indent_of(function), start))

    def delete(self, at: At) -> None:
        node = self._node(at)
        parent = self._tree.parent(node)
        if isinstance(parent, (cst.Element, cst.Arg)):
            node, parent = parent, self._tree.parent(parent)
        siblings = _listed(parent, node)
        is_only = siblings is not None and len(siblings) == 1
        if is_only and isinstance(parent, (*IMPORTS, *IMPORTS_FROM)):
            self._delete_statement(parent)
        elif siblings is not None:
            self._edit(self._listed_range(node, siblings), "")
            if isinstance(parent, (cst.Call, cst.Parameters)):
                self._shrunk.append(parent)
        elif isinstance(node, cst.Decorator):
            self._edit(self._own_lines(node), "")
        elif isinstance(node, _STATEMENTS):
            self._delete_statement(node)
        else:
            raise Unfixable("this cannot be removed alone")

    def _delete_statement(self, node: cst.CSTNode) -> None:
        line = self._tree.parent(node)
        is_small = isinstance(line, (cst.SimpleStatementLine, cst.SimpleStatementSuite))
        if isinstance(line, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
            if len(line.body) > 1:
                self._edit(self._listed_range(node, line.body), "")
                return
            if isinstance(line, cst.SimpleStatementSuite):
                self._edit(self._tree.inner(node), "pass")
                return
        block = self._tree.parent(line) if is_small else line
        if isinstance(block, cst.IndentedBlock) and len(block.body) == 1:
            self._edit(self._tree.inner(node), "pass")
        else:
            self._edit(self._own_lines(node), "")

    def _delete_gap(self) -> None:
        """Take the blank lines after a removed statement with it, if it stood between such."""
        removed, text = self._edits[-1], self._tree.text
        above = text[: removed.start].rstrip(" \t\f")
        stands_alone = not above or above.endswith(("\n\n", "\n\r\n", "\r\r"))
        end = removed.end
        while stands_alone and end < len(text) and not text[end : self._tree.line_end(end)].strip():
            end = self._tree.line_end(end)
        self._edits[-1] = Edit(removed.start, end, "")

    def move_before(self, at: At, other: At) -> None:
        node = self._node(other)
        start, _ = self._lines(node, comments=not self._is_first_decorator(node))
        self._move(at, other, start)

    def move_after(self, at: At, other: At) -> None:
        _, end = self._lines(self._node(other))
        self._move(at, other, end)

    def _move(self, at: At, other: At, place: int) -> None:
        node = self._node(at)
        start, end = self._lines(node)
        if self._indent_of(at) != self._indent_of(other):
            raise Unfixable("it would have to change its block")
        text = self._tree.text[start:end]
        if text[-1:] not in ("\r", "\n") or self._tree.text[place - 1 : place] not in "\r\n":
            raise Unfixable("the last line of the file does not end")
        if isinstance(node, cst.Decorator):
            self._edit((start, end), "")
            self._edit((place, place), text)
            return
        above, below = self._blank_above(start), self._blank_below(end)
        keeps_below = len(below) >= len(above) and not self._is_first(start - len(above))
        self._edit((start - len(above), end) if keeps_below else (start, end + len(below)), "")
        gap = ""
        if isinstance(node, _DEFINITIONS) or isinstance(self._node(other), _DEFINITIONS):
            gap = self._newline(start) * (1 if self._indent_of(at) else 2)
        elif above and (text.lstrip().startswith("#") or self._is_compound(other)):
            gap = self._newline(start)
        before = "" if self._is_first(place) else gap[len(self._blank_above(place)) :]
        is_last = not self._tree.text[place:].strip()
        behind = "" if is_last else gap[len(self._blank_below(place)) :]
        self._edit((place, place), f"{before}{text}{behind}")

    def _is_first_decorator(self, node: cst.CSTNode) -> bool:
        """Whether comments above a node speak of the function or class that it decorates."""
        decorators: Sequence[cst.Decorator] = getattr(self._tree.parent(node), "decorators", ())
        return bool(decorators) and decorators[0] is node

    def _is_compound(self, at: At) -> bool:
        return isinstance(self._node(at), cst.BaseCompoundStatement)

    def _is_first(self, offset: int) -> bool:
        """Whether a line is the first of the file or of a block."""
        above = self._tree.text[:offset].rstrip("\r\n")
        return not above or above.endswith(":")

    def _blank_above(self, offset: int) -> str:
        """The blank lines that end where a line begins."""
        end = len(self._tree.text[:offset].rstrip(" \t\f\r\n"))
        return self._tree.text[self._tree.line_end(end) if end else 0 : offset]

    def _blank_below(self, offset: int) -> str:
        """The blank lines that begin where a line does."""
        text = self._tree.text
        begin = len(text) - len(text[offset:].lstrip(" \t\f\r\n"))
        return text[offset : max(offset, self._tree.line_start(begin))]

    def enclose(self, first: At, last: At, header: str) -> None:
        is_clause = header.startswith(_FOLLOWING)
        start, _ = self._lines(self._node(first), comments=is_clause)
        _, end = self._lines(self._node(last))
        indent = self._indent_of(first)
        if indent != self._indent_of(last) or end < start:
            raise Unfixable("the statements stand in different blocks")
        if is_clause:
            self._edit((start - len(self._blank_above(start)), start), "")
        unit = self._tree.module.default_indent
        self._edit((start, start), f"{indent}{header}{self._newline(start)}{unit}")
        self._indent_more(start, end, unit)

    def _indent_more(self, start: int, end: int, unit: str) -> None:
        """Indent the lines that begin after one offset and before another, but not strings."""
        inside = [r for r in self._tree.long_strings if start < r[1] and r[0] < end]
        for row in range(self._tree.row(start) + 1, self._tree.row(end - 1) + 1):
            begin = self._tree.starts[row]
            if self._tree.text[begin : begin + 1] not in "\r\n" and not any(
                first < begin <= last for first, last in inside
            ):
                self._edit((begin, begin), unit)

    # Definitions

    def add_parameter(self, function: At, text: str, *, first: bool = False) -> None:
        node = self._node(function)
        if not isinstance(node, cst.FunctionDef):
            raise Unfixable("it is no function")
        params = node.params
        plain = [*params.posonly_params, *params.params]
        required = [param for param in plain if param.default is None]
        if first or (plain and not required):
            is_method = bool(plain) and plain[0].name.value in ("self", "cls")
            following = [p for p in (*plain, params.star_arg, *params.kwonly_params,
                params.star_kwarg) if isinstance(p, (cst.Param, cst.ParamStar))]  # fmt: skip
            following = following[is_method:]
            if following:
                start = self._tree.inner(following[0])[0]
                separator = " "
                if self._tree.is_blank_before(start):
                    separator = f"{self._newline(start)}{self._indent(start)}"
                self._edit((start, start), f"{text},{separator}")
                return
        if not plain:
            end = self._tree.whole(node.name)[1]
            place = self._tree.text.index("(", end) + 1
            has_others = isinstance(params.star_arg, (cst.Param, cst.ParamStar)) or bool(
                params.kwonly_params or params.star_kwarg
            )
            self._edit((place, place), f"{text}, " if has_others else text)
            return
        start, end = self._tree.inner(required[-1])
        others = [self._tree.inner(param)[0] for param in plain[len(required) :]]
        separator = ", "
        if all(map(self._tree.is_blank_before, (start, *others[:1]))):
            separator = f",{self._newline(end)}{self._indent(start)}"
        self._edit((end, end), f"{separator}{text}")

    def rename_parameter(self, function: At, old: str, new: str) -> None:
        node = self._node(function)
        if not isinstance(node, cst.FunctionDef):
            raise Unfixable("it is no function")
        params = [p.name for p in descendants(node.params) if isinstance(p, cst.Param)]
        named = [name for name in params if name.value == old]
        body = [*descendants(node.body)]
        uses = [
            inner
            for inner in body
            if isinstance(inner, cst.Name) and is_variable(inner, self._tree.parent(inner))
        ]
        bound = {name for inner in body for name in names_bound(inner)}
        known = {name.value for name in (*params, *uses)} | bound
        if len(named) != 1 or old in bound or new in known:
            raise Unfixable(f"`{old}` or `{new}` is the name of something else as well")
        for name in (*named, *uses):
            if name.value == old:
                self._edit(self._tree.inner(name), new)

    def returns(self, function: At) -> cst.CSTNode:
        node = self._node(function)
        if not isinstance(node, cst.FunctionDef) or node.returns is None:
            raise Unfixable("it does not say what it returns")
        return node.returns.annotation

    # Imports

    def import_name(self, module: str, name: str, *, otherwise: str | None = None) -> str:
        spelling, edit = self._imports.name(module, name, otherwise)
        return self._imported(spelling, edit)

    def import_instead(self, module: str, name: str) -> None:
        alias, edit = self._imports.instead(module, name)
        self.delete_import(alias, unless=edit)
        self._imported(name, edit)

    def delete_import(self, alias: cst.ImportAlias, *, unless: Edit | None = None) -> None:
        """Remove one import, with the blank lines after a statement that stood alone.

        These stay if another edit touches the place.
        """
        self.delete(alias)
        if unless is None or not self._edits[-1].touches(unless):
            self._delete_gap()

    def import_module(self, module: str) -> str:
        spelling, edit = self._imports.module(module)
        return self._imported(spelling, edit)

    def unsuppress(self, row: int, code: str, names: Mapping[str, str]) -> None:
        self._edits.extend(removals(self._tree.text, {row: (code,)}, names))

    def _imported(self, spelling: str, edit: Edit | None) -> str:
        if edit is None or edit in self._edits:
            return spelling
        for index, other in enumerate(self._edits):
            if (both := joined(other, edit)) is not None:
                self._edits[index] = both
                return spelling
        self._edits.append(edit)
        if (statement := self._imports.extended(edit)) is not None:
            self._changed.append(statement)
        return spelling

    # Text

    def _node(self, at: At) -> cst.CSTNode:
        if isinstance(at, int):
            return self._tree.node(at)
        assert isinstance(at, cst.CSTNode)
        return at

    def _call(self, at: At) -> cst.Call:
        node = self._node(at)
        if not isinstance(node, cst.Call):
            raise Unfixable("it is no call")
        return node

    def _edit(self, place: Range, text: str) -> None:
        if text or place[0] < place[1]:
            self._edits.append(Edit(*place, text))

    def _outer(self, node: cst.CSTNode) -> Range:
        """The text of a node with its parentheses, but without a comma or line end after it."""
        is_expression = isinstance(node, cst.BaseExpression)
        return self._tree.whole(node) if is_expression else self._tree.inner(node)

    def _indent(self, offset: int) -> str:
        """The whitespace before an offset on its line."""
        return self._tree.text[self._tree.line_start(offset) : offset]

    def _indent_of_line(self, offset: int) -> str:
        """The whitespace that the line of an offset begins with."""
        line = self._tree.text[self._tree.line_start(offset) : offset]
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    def _indent_of(self, at: At) -> str:
        return self._indent(self._own_start(self._node(at)))

    def _newline(self, offset: int) -> str:
        """The line ending that is used around an offset."""
        text, start = self._tree.text, self._tree.line_start(offset)
        for line in (text[start : self._tree.line_end(offset)], text[max(0, start - 2) : start]):
            ending = line[len(line.rstrip("\r\n")) :]
            if ending:
                return "\r\n" if ending.endswith("\r\n") else ending[-1]
        return self._tree.module.default_newline

    def _own_start(self, node: cst.CSTNode) -> int:
        """Where a statement or clause begins, with its decorators."""
        decorators: Sequence[cst.Decorator] = getattr(node, "decorators", ())
        return self._tree.inner(decorators[0] if decorators else node)[0]

    def _own_lines(self, node: cst.CSTNode) -> Range:
        """The physical lines of a statement, clause or decorator, which must be all its own."""
        if not isinstance(node, (*_STATEMENTS, *_CLAUSES, cst.Decorator)):
            raise Unfixable("it is no statement")
        start, end = self._own_start(node), self._tree.inner(node)[1]
        after = self._tree.line_end(end)
        rest = self._tree.text[end:after].rstrip("\r\n").lstrip(" \t\f;")
        if not self._tree.is_blank_before(start) or not _COMMENT_OR_BLANK.match(rest):
            raise Unfixable("the statement shares its line with others")
        return self._tree.line_start(start), after

    def _lines(self, node: cst.CSTNode, *, comments: bool = True) -> Range:
        """The lines of a statement; with the comments directly above it, unless told otherwise."""
        start, end = self._own_lines(node)
        indent, text = self._indent(self._own_start(node)), self._tree.text
        while comments and start:
            above = self._tree.line_start(start - 1)
            line = text[above:start]
            if not line.startswith(f"{indent}#"):
                break
            start = above
        return start, end

    def _render(self, code: str, indent: str, offset: int, *, dedents: bool = True) -> str:
        unit, newline = self._tree.module.default_indent, self._newline(offset)
        lines = []
        for line in (textwrap.dedent(code) if dedents else code).strip("\n").split("\n"):
            levels = (len(line) - len(line.lstrip(" "))) // 4
            lines.append(f"{indent}{unit * levels}{line[4 * levels :]}" if line.strip() else "")
        return "".join(f"{line}{newline}" for line in lines)

    def _comma_end(self, item: Any) -> int:
        """Where the comma after an item of a list ends."""
        _, end = self._tree.inner(item)
        return self._tree.text.index(",", end) + 1 if isinstance(item.comma, cst.Comma) else end

    def _listed_range(self, node: Any, siblings: Sequence[Any]) -> Range:
        """What to remove so that an item, and one comma or semicolon, is gone from a list."""
        index = next(i for i, sibling in enumerate(siblings) if sibling is node)
        start, end = self._tree.inner(node)
        if hasattr(node, "comma"):
            comma = self._comma_end(node)
            line_end = self._tree.line_end(comma)
            rest = self._tree.text[comma:line_end].rstrip("\r\n")
            is_own_line = self._tree.is_blank_before(start) and line_end > comma
            if is_own_line and _COMMENT_OR_BLANK.match(rest):
                return self._tree.line_start(start), line_end
        if index + 1 < len(siblings):
            following = self._tree.inner(siblings[index + 1])[0]
            if "#" in self._tree.text[end:following]:
                raise Unfixable("a comment stands in between")
            return start, following
        if index:
            before = self._tree.inner(siblings[index - 1])[1]
            if "#" in self._tree.text[before:start]:
                raise Unfixable("a comment stands in between")
            return before, end
        return start, self._comma_end(node) if hasattr(node, "comma") else end


def _keyword(argument: cst.Arg) -> str | None:
    return argument.keyword.value if argument.keyword is not None else None


def _listed(parent: cst.CSTNode, node: cst.CSTNode) -> Sequence[cst.CSTNode] | None:
    """The list of arguments, parameters or items that a node stands in."""
    items: Any = ()
    match parent:
        case cst.Call(args=items) | cst.ImportFrom(names=items) | cst.Import(names=items):
            pass
        case cst.LazyImportFrom(names=items) | cst.LazyImport(names=items):
            pass
        case cst.List(elements=items) | cst.Tuple(elements=items) | cst.Set(elements=items):
            pass
        case cst.Dict(elements=items):
            pass
        case cst.ClassDef(bases=bases, keywords=keywords):
            items = (*bases, *keywords)
        case cst.Parameters(posonly_params=first, params=plain, kwonly_params=named):
            items = next((g for g in (first, plain, named) if any(p is node for p in g)), ())
        case _:
            return None
    if isinstance(items, cst.ImportStar):
        return None
    return items if any(item is node for item in items) else None
