"""HTML as values: text is escaped where it is written out, so that nowhere else it must be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from . import visible

_VOID = frozenset({"input", "meta", "wbr"})
_CODE = re.compile("`([^`]+)`")


@dataclass(frozen=True)
class Raw:
    """Text that is written out as it is: the style sheet and the script of this package."""

    text: str


@dataclass(frozen=True)
class Element:
    """An element with its attributes and what is in it."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Child, ...]

    def parts(self) -> Iterator[str]:
        """Its text, in parts."""
        given = "".join(f' {name}="{escape(visible(value))}"' for name, value in self.attributes)
        yield f"<{self.tag}{given}>"
        for child in self.children:
            if isinstance(child, Element):
                yield from child.parts()
            elif isinstance(child, Raw):
                yield child.text
            else:
                yield escape(visible(child), quote=False)
        if self.tag not in _VOID:
            yield f"</{self.tag}>"

    def __str__(self) -> str:
        return "".join(self.parts())


Child: TypeAlias = "Element | Raw | str"


def prose(text: str) -> list[Child]:
    """A sentence, in which what stands between backticks is code."""
    parts = _CODE.split(text)
    return [element("code", part) if index % 2 else part for index, part in enumerate(parts)]


def element(
    tag: str, *children: Child | Iterable[Child] | None, **attributes: str | None
) -> Element:
    """An element. A trailing `_` of an attribute's name is dropped, other ones become `-`; children
    may be given in iterables, and what is `None` is left out."""
    flat: list[Child] = []
    for child in children:
        if isinstance(child, (Element, Raw, str)):
            flat.append(child)
        elif child is not None:
            flat.extend(child)
    given = tuple(
        (name.rstrip("_").replace("_", "-"), value)
        for name, value in attributes.items()
        if value is not None
    )
    return Element(tag, given, tuple(flat))
