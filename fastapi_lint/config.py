"""Settings: where they are read from, how they are layered, and what is refused."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from . import toml
from .contents import digest
from .errors import UserError, suggestion
from .registry import PROFILES
from .source import Unreadable, read_bytes

FORMATS = (
    "full", "concise", "grouped", "json", "json-lines", "sarif", "github", "gitlab", "junit",
    "azure", "html",
)  # fmt: skip
SEVERITIES = ("error", "warning", "info", "never")
_LEVELS = SEVERITIES[:-1]


class Settings(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """The settings of `[tool.fastapi-lint]`, with their defaults."""

    profile: str = "default"
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = {}
    severity: dict[str, str] = {}
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    fastapi_version: str | None = None
    fix: bool = False
    unsafe_fixes: bool = False
    fix_only: bool = False
    fixable: tuple[str, ...] = ("ALL",)
    unfixable: tuple[str, ...] = ()
    fail_on: str = "info"
    output_format: str = "full"
    baseline: str | None = None
    plugins: tuple[str, ...] = ()


class Loaded(msgspec.Struct, frozen=True):
    """Settings and the file they came from, if any, with the digest of its content; its folder is
    the base of their patterns."""

    settings: Settings
    path: str | None
    digest: str = ""

    def base(self, root: str) -> str:
        """The folder that patterns are relative to."""
        return os.path.dirname(self.path) if self.path is not None else root


def discover(start: str) -> str | None:
    """The nearest configuration file at or above a folder."""
    folder = start
    while True:
        own = os.path.join(folder, "fastapi-lint.toml")
        if os.path.isfile(own):
            return own
        shared = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(shared) and _has_section(shared):
            return shared
        parent = os.path.dirname(folder)
        if parent == folder or os.path.isdir(os.path.join(folder, ".git")):
            return None
        folder = parent


def load(path: str) -> Loaded:
    """Read a configuration file. Raises `UserError` naming file and key for anything wrong."""
    data, seen = _read(path)
    if os.path.basename(path) == "pyproject.toml":
        tool = data.get("tool")
        section = tool.get("fastapi-lint", {}) if isinstance(tool, dict) else {}
    else:
        section = data
    return Loaded(parse(section, path), path, seen)


def parse(section: Any, origin: str) -> Settings:
    """Validate a table of settings. Raises `UserError`."""
    if not isinstance(section, dict):
        raise UserError(f"{origin}: [tool.fastapi-lint] must be a table")
    known = [field.encode_name for field in msgspec.structs.fields(Settings)]
    for key in section:
        if key not in known:
            raise UserError(f"{origin}: unknown setting `{key}`", suggestion(key, known))
    try:
        settings = msgspec.convert(section, Settings)
    except msgspec.ValidationError as error:
        raise UserError(f"{origin}: {error}") from None
    _check_word("profile", settings.profile, tuple(PROFILES), origin)
    for selector, severity in settings.severity.items():
        _check_word(f"severity.{selector}", severity, _LEVELS, origin)
    _check_word("output-format", settings.output_format, FORMATS, origin)
    _check_word("fail-on", settings.fail_on, SEVERITIES, origin)
    return settings


def _check_word(key: str, word: str, known: tuple[str, ...], origin: str) -> None:
    if word not in known:
        raise UserError(
            f"{origin}: `{key}` cannot be `{word}`",
            suggestion(word, list(known)) or f"one of {', '.join(known)}",
        )


def _has_section(path: str) -> bool:
    try:
        if b"fastapi-lint" not in read_bytes(path):
            return False
    except Unreadable:
        return False
    tool = _read(path)[0].get("tool")
    return isinstance(tool, dict) and "fastapi-lint" in tool


def _read(path: str) -> tuple[dict[str, Any], str]:
    """What a file says, and the digest of its content."""
    try:
        data = read_bytes(path)
        return toml.parse(data.decode("utf-8-sig")), digest(data)
    except (Unreadable, ValueError) as error:
        raise UserError(f"{path}: {error}") from None
