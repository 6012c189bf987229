"""What a browser sends as `Origin`, and which origins a regular expression lets in."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

try:
    _sre: Any = import_module("re._parser")
except ImportError:  # Python 3.10
    _sre = import_module("sre_parse")
import msgspec

_PORTS = {"http": ":80", "https": ":443"}
_LONE_DOT = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*(?:\]|\Z)|(\.)(?![*+?{])", re.DOTALL)
_MAX_TEMPLATES = 128
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_CATEGORIES = {
    "CATEGORY_DIGIT": _DIGITS,
    "CATEGORY_WORD": _LETTERS + _DIGITS + "_",
    "CATEGORY_NOT_SPACE": _LETTERS + _DIGITS + "-.:/_",
    "CATEGORY_NOT_DIGIT": _LETTERS + "-.:/_",
    "CATEGORY_NOT_WORD": "-.:/",
    "CATEGORY_SPACE": "",
}
_SAMPLE = _LETTERS + _DIGITS + "-.:/_"

_SHARED = """
    amplifyapp.com app.github.dev appspot.com azurestaticapps.net azurewebsites.net blogspot.com
    cloudfront.net csb.app deno.dev devtunnels.ms firebaseapp.com fly.dev github.io gitlab.io
    gitpod.io glitch.me herokuapp.com hf.space loca.lt localtunnel.me lovable.app lovableproject.com
    netlify.app ngrok-free.app ngrok-free.dev ngrok.app ngrok.dev ngrok.io onrender.com pages.dev
    pythonanywhere.com railway.app repl.co replit.app replit.dev run.app serveo.net stackblitz.io
    streamlit.app surge.sh trycloudflare.com up.railway.app vercel.app web.app workers.dev
"""
SHARED_HOSTS = frozenset(_SHARED.split())
"""Domains under which everybody can get a name."""

_REGISTRIES = """
    ac.uk co.il co.in co.jp co.ke co.kr co.nz co.th co.uk co.za com.ar com.au com.bd com.br com.cn
    com.co com.hk com.mx com.my com.ng com.pe com.ph com.pk com.pl com.sg com.tr com.tw com.ua
    com.vn gov.uk net.au org.au org.br org.uk
"""
_COUNTRIES = frozenset(_REGISTRIES.split())
_LOCAL = frozenset({"localhost", "local", "test", "internal", "lan", "home", "localdomain", "arpa"})


def why_never(origin: str) -> str | None:
    """Why a browser never sends this as `Origin`; `None` if it may."""
    if origin in ("", "*", "null"):
        return None
    if origin != origin.strip():
        return "an origin has no blanks around it"
    if "*" in origin:
        return 'only a lone `"*"` is a wildcard'
    scheme, separator, rest = origin.partition("://")
    if not separator or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        return "an origin begins with its scheme, such as `https://`"
    if scheme.lower() not in ("http", "https"):
        return None
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    if host != rest:
        is_slash = rest == f"{host}/"
        return "an origin has no slash at its end" if is_slash else "an origin has no path"
    if origin != origin.lower():
        return "browsers send origins in lower case"
    if host.endswith(_PORTS[scheme]):
        return "browsers leave the default port out"
    return None


def corrected(origin: str) -> str | None:
    """The origin that browsers send instead of one that they never send, if that is clear."""
    scheme, _, rest = origin.strip().lower().partition("://")
    if scheme not in _PORTS:
        return None
    host = re.split("[/?#]", rest, maxsplit=1)[0].removesuffix(_PORTS[scheme])
    found = f"{scheme}://{host}"
    return found if host and found != origin and why_never(found) is None else None


def has_path(origin: str) -> bool:
    """Whether more than a slash stands behind the host."""
    return re.fullmatch(r"[^/]*//[^/?#]*/?", origin.strip()) is None


def escaped(pattern: str) -> str:
    """A regular expression whose lone dots, which match any character, match dots only."""
    return _LONE_DOT.sub(lambda match: r"\." if match[1] else match[0], pattern)


class _Atom(msgspec.Struct, frozen=True):
    """One part of what a pattern matches: a character, or a choice of many (`char` is `None`)."""

    char: str | None
    has_dot: bool = False
    repeats: bool = False

    def example(self) -> str:
        if self.char is not None:
            return self.char
        return "evil" if self.repeats else ("." if self.has_dot else "a")


_Template = tuple[_Atom, ...]


def matches_every(pattern: str) -> bool:
    """Whether a pattern lets in every host, of at least one scheme."""
    return any(_is_anything(host) for _, host in _hosts(pattern))


def foreign_origin(pattern: str) -> str | None:
    """An origin that a pattern lets in although its domain can be had by anybody."""
    found = []
    for scheme, host in _hosts(pattern):
        example = "evil.example" if _is_anything(host) else _foreign(host)
        if example is not None:
            found.append(f"{scheme}://{example}")
    return max(found, key=lambda origin: (origin.startswith("https"), len(origin)), default=None)


def _hosts(pattern: str) -> Iterator[tuple[str, _Template]]:
    """The schemes and hosts that a pattern describes, one for each way through it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _sre.parse(pattern)
        templates = _expand(parsed)
    except (re.error, RecursionError, OverflowError, _TooComplex):
        return
    for template in templates:
        text = "".join(atom.char or "\0" for atom in template)
        start = text.find("://")
        if start >= 0:
            scheme = "https" if "\0" in text[:start] else text[:start]
            host = template[start + 3 :]
        elif template and template[0].char is None and template[0].repeats and template[0].has_dot:
            scheme, host = "https", template
        else:
            continue
        rest = text[len(text) - len(host) :]
        if "/" not in rest and scheme in ("http", "https"):
            yield scheme, host[: rest.index(":")] if ":" in rest else host


class _TooComplex(Exception):
    """A pattern with parts that are not looked into."""


def _expand(parsed: Any) -> list[_Template]:
    found: list[_Template] = [()]
    for op, argument in parsed:
        ways = _ways(str(op), argument)
        found = [before + after for before in found for after in ways]
        if len(found) > _MAX_TEMPLATES:
            raise _TooComplex
    return found


def _ways(op: str, argument: Any) -> list[_Template]:
    match op:
        case "LITERAL":
            return [(_Atom(chr(argument)),)]
        case "ANY":
            return [(_Atom(None, True),)]
        case "NOT_LITERAL":
            return [(_Atom(None, argument != ord(".")),)]
        case "IN":
            return [(_choice(argument),)]
        case "AT":
            return [()]
        case "SUBPATTERN":
            return _expand(argument[3])
        case "BRANCH":
            return [way for branch in argument[1] for way in _expand(branch)]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = argument
            once = _expand(inner)
            if int(most) > 1:
                once = [_repeated(way) for way in once]
            return [()] * (least == 0) + (once if int(most) else [])
    raise _TooComplex


def _repeated(way: _Template) -> _Template:
    if len(way) == 1 and way[0].char is None:
        return (_Atom(None, way[0].has_dot, True),)
    return way


def _choice(items: Sequence[Any]) -> _Atom:
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    chosen = {character for op, value in items for character in _members(str(op), value)}
    accepted = [c for c in _SAMPLE if (c in chosen) is not negated]
    if sum(c in _LETTERS for c in accepted) >= 6:
        return _Atom(None, "." in accepted)
    return _Atom(accepted[0] if accepted else "-")


def _members(op: str, value: Any) -> Iterator[str]:
    if op == "LITERAL":
        yield chr(value).lower()
    elif op == "RANGE":
        yield from (c for c in _SAMPLE if value[0] <= ord(c) <= value[1])
        yield from (c for c in _LETTERS if value[0] <= ord(c.upper()) <= value[1])
    elif op == "CATEGORY":
        yield from _CATEGORIES.get(str(value), "")


def _is_anything(host: _Template) -> bool:
    return (
        bool(host)
        and all(atom.char is None for atom in host)
        and any(atom.repeats and atom.has_dot for atom in host)
    )


def _foreign(host: _Template) -> str | None:
    """A host of somebody else that a template lets in: read from its end, as domains are."""
    tail = ""
    for index in range(len(host) - 1, -1, -1):
        atom, before = host[index], "".join(atom.example() for atom in host[:index])
        if atom.char is not None:
            tail = atom.char + tail
        elif not tail:
            if atom.repeats and atom.has_dot:
                return f"{before.rstrip('.')}.evil.example"
            tail = "a"
        elif atom.repeats:
            if _can_be_had(tail, atom.has_dot):
                return f"{before}evil{tail}"
            return None
        elif atom.has_dot and (("." not in tail) or not _can_be_had(tail, False)):
            tail = f".{tail}"
        elif atom.has_dot:
            return f"{before}x{tail}"
        else:
            tail = f"a{tail}"
    return None


def _can_be_had(tail: str, after_dot: bool) -> bool:
    """Whether anybody can get some domain whose name is a word of theirs followed by `tail`."""
    first, *labels = tail.split(".")
    last = labels[-1] if labels else first
    if last in _LOCAL or not last or last.isdigit():
        return False
    if not labels:
        return after_dot and first.isalpha()
    domain = ".".join(labels)
    if "--" in first and domain == "netlify.app":
        return False
    return len(labels) == 1 or domain in SHARED_HOSTS or domain in _COUNTRIES


def shared_host(origin: str) -> str | None:
    """The domain below which everybody can get a name, if an origin is directly below one."""
    _, _, domain = origin.partition("://")[2].partition(".")
    return domain if domain in SHARED_HOSTS else None
