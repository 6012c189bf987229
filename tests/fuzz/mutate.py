"""Mutations of real projects: what an editor, a merge or a broken disk might leave behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]", re.DOTALL)
_NOISE = (
    "(", ")", "[", "]", "{", "}", ":", ",", ";", "'", '"""', "#", "\\", "\n", "\r", "\f", "\t",
    "\0", "@", "*", "**", "=", ":=", "await ", "async ", "yield ", "lambda: ", "not ", "f'{",
    "\ufeff", "\u2028", "é", "\U0001f600", "match x:\n case _:", "else", "del ", "return ",
)  # fmt: skip


def projects(root: Path, most: int = 40) -> list[dict[str, str]]:
    """The Python files of each folder below `root` that directly holds some, at most `most`."""
    found: dict[Path, dict[str, str]] = {}
    for path in sorted(root.rglob("*.py")):
        if path.is_file() and path.stat().st_size < 60_000:
            folder = found.setdefault(path.parent, {})
            if len(folder) < most:
                folder[path.name] = path.read_text(encoding="utf-8", errors="replace")
    return list(found.values())


class Mutator:
    """Mutates projects by the choices of `random`."""

    def __init__(self, random: Random, projects: Sequence[dict[str, str]]) -> None:
        self._random = random
        self._projects = projects

    def project(self) -> dict[str, bytes]:
        """One of the projects, damaged in a few places."""
        files = dict(self._random.choice(self._projects))
        for _ in range(self._random.choice((1, 1, 2, 3, 5, 8))):
            name = self._random.choice(list(files))
            files[name] = self._mutate(files[name])
        return {name: self._encode(text) for name, text in files.items()}

    def _mutate(self, text: str) -> str:
        mutations: tuple[Callable[[str], str], ...] = (
            self._replace_tokens, self._replace_tokens, self._replace_tokens, self._swap_tokens,
            self._drop_lines, self._repeat_lines, self._move_lines, self._splice, self._splice,
            self._noise, self._nest, self._cut,
        )  # fmt: skip
        return self._random.choice(mutations)(text)

    def _other(self) -> str:
        return self._random.choice(list(self._random.choice(self._projects).values()))

    def _replace_tokens(self, text: str) -> str:
        """Words become other words of this or another file, so that the code mostly stays valid."""
        tokens = _TOKEN.findall(text)
        source = self._random.choice((text, self._other()))
        words = [token for token in _TOKEN.findall(source) if token[0].isalpha()]
        places = [at for at, token in enumerate(tokens) if token[0].isalpha()]
        if words and places:
            for at in self._random.choices(places, k=self._random.randint(1, 3)):
                tokens[at] = self._random.choice(words)
        return "".join(tokens)

    def _swap_tokens(self, text: str) -> str:
        tokens = _TOKEN.findall(text)
        if len(tokens) > 1:
            one, two = self._random.randrange(len(tokens)), self._random.randrange(len(tokens))
            tokens[one], tokens[two] = tokens[two], tokens[one]
        return "".join(tokens)

    def _lines(self, text: str) -> tuple[list[str], int, int]:
        lines = text.splitlines(keepends=True)
        start = self._random.randrange(len(lines) + 1)
        return lines, start, min(len(lines), start + self._random.randint(1, 6))

    def _drop_lines(self, text: str) -> str:
        lines, start, end = self._lines(text)
        return "".join(lines[:start] + lines[end:])

    def _repeat_lines(self, text: str) -> str:
        lines, start, end = self._lines(text)
        return "".join(
            lines[:end] + lines[start:end] * self._random.choice((1, 2, 60)) + lines[end:]
        )

    def _move_lines(self, text: str) -> str:
        lines, start, end = self._lines(text)
        block, rest = lines[start:end], lines[:start] + lines[end:]
        to = self._random.randrange(len(rest) + 1)
        return "".join(rest[:to] + block + rest[to:])

    def _splice(self, text: str) -> str:
        lines, start, _ = self._lines(text)
        theirs, first, last = self._lines(self._other())
        return "".join(lines[:start] + theirs[first : last + 10] + lines[start:])

    def _noise(self, text: str) -> str:
        at = self._random.randrange(len(text) + 1)
        return text[:at] + self._random.choice(_NOISE) * self._random.choice((1, 1, 3)) + text[at:]

    def _nest(self, text: str) -> str:
        """A word becomes a deep or long expression."""
        tokens = _TOKEN.findall(text)
        places = [at for at, token in enumerate(tokens) if token[0].isalpha()]
        if places:
            at, size = self._random.choice(places), self._random.choice((5, 50, 180, 900))
            word = tokens[at]
            tokens[at] = self._random.choice(
                (
                    "(" * size + word + ")" * size,
                    "[" * size + word + "]" * size,
                    f"{word}(" * size + ")" * size,
                    word + f".{word}()" * size,
                    " or ".join([word] * size),
                    "not " * size + word,
                    "lambda: " * size + word,
                    f"{word} if {word} else " * size + word,
                )
            )
        return "".join(tokens)

    def _cut(self, text: str) -> str:
        return text[: self._random.randrange(len(text) + 1)]

    def _encode(self, text: str) -> bytes:
        random = self._random
        if random.random() < 0.05:
            text = text.replace("\n", random.choice(("\r\n", "\r")))
        data = text.encode("utf-8", "surrogatepass")
        if random.random() < 0.05:
            at = random.randrange(len(data) + 1)
            data = data[:at] + random.randbytes(random.randint(1, 4)) + data[at:]
        return data
