"""Which versions of FastAPI and its companions a project uses, read from its manifest files.

Nothing is run, installed or looked up. The folders from the analysed files up to the project's root
are searched, and for each package

1. the nearest folder that names a version decides;
2. within a folder a lock file beats a pin (`==`), which beats a range; pins of `requirements.txt`
   beat other pins, and the newest wins among equals; ranges hold together, as far as they can;
3. a range is narrowed to the version locked or pinned further up if it allows that version (the
   lock file of a workspace), else it stands for the newest release it allows;
4. FastAPI and what it requires must go together: a package that nobody names follows from the
   FastAPI release, and an open FastAPI range gives way to a pinned Starlette or Pydantic.

With nothing said, the newest known release is assumed. Environment markers are not evaluated.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from .contents import digest, read_regular
from .releases import RELEASES, REQUIREMENTS

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

PACKAGES: Final = tuple(RELEASES)
"""The normalised names of the packages whose versions are found."""

_TITLES: Final = {
    "fastapi": "FastAPI",
    "starlette": "Starlette",
    "pydantic": "Pydantic",
    "httpx": "httpx",
    "sqlalchemy": "SQLAlchemy",
}
_SAME_RELEASES: Final = {"fastapi-slim": "fastapi"}

_MAX_LOCK_BYTES: Final = 64_000_000
_MAX_MANIFEST_BYTES: Final = 4_000_000
_MAX_SPECIFIER: Final = 500

_Requirement = tuple[str, str]
"""A package and the versions asked for, as written: `("fastapi", ">=0.95, <1")`."""


class Target(msgspec.Struct, frozen=True):
    """The version of one package that rules judge by, and how it is known.

    `exact`: a single version was pinned or locked. `source`: the file it was read from, relative to
    the project's root, or the origin of an override; None when the version is assumed. `specifier`:
    the range as written, if there was one. `via`: what else limited the choice (`FastAPI 0.95.2`).
    """

    package: str
    version: Version
    exact: bool
    source: str | None
    specifier: str | None
    via: str | None = None

    def at_least(self, version: str) -> bool:
        """Whether the target is `version` or newer."""
        return self.version >= _version(version)

    def below(self, version: str) -> bool:
        """Whether the target is older than `version`."""
        return self.version < _version(version)

    @property
    def label(self) -> str:
        """The package's usual name and the version, `FastAPI 0.115.6`."""
        return f"{_TITLES[self.package]} {self.version}"

    def describe(self) -> str:
        """The target and how it is known, for people."""
        if self.source is None:
            return f"{self.label} (assumed: no version found)"
        if self.exact:
            return f"{self.label} ({self.source})"
        rank = "newest" if self.version in _releases(self.package) else "oldest"
        if self.specifier is None:
            return f"{self.label}, the {rank} that goes with {self.via} ({self.source})"
        company = f" with {self.via}" if self.via else ""
        return f"{self.label}, the {rank} that {self.specifier} allows{company} ({self.source})"


class Targets(msgspec.Struct, frozen=True):
    """The targets of a project. `inputs`: absolute paths of all manifest files that were read, with
    digests of what was read."""

    fastapi: Target
    starlette: Target
    pydantic: Target
    httpx: Target
    sqlalchemy: Target
    inputs: Mapping[str, str]

    @property
    def exits_before_response(self) -> bool:
        """Whether a dependency's code after its `yield`, and the closing of uploaded files, come
        before the response is sent and background tasks run: FastAPI 0.106 to 0.117."""
        return self.fastapi.at_least("0.106") and self.fastapi.below("0.118")


class _Statement(msgspec.Struct, frozen=True):
    """What one file says about the version of one package; `distance` counts folders upwards."""

    package: str
    written: str
    pin: Version | None
    source: str
    distance: int
    locked: bool
    main: bool

    @property
    def weight(self) -> tuple[bool, bool]:
        return self.locked, self.main


class _Found(msgspec.Struct, frozen=True):
    """A package's target as its statements have it, and all that they allow (None: only that)."""

    target: Target
    allowed: SpecifierSet | None

    @property
    def label(self) -> str:
        target = self.target
        return target.label if target.exact else f"{_TITLES[target.package]} {target.specifier}"

    def newest_within(self, required: SpecifierSet) -> Version | None:
        """The newest version that the statements and `required` allow, None if there is none."""
        if self.allowed is not None:
            return _newest_allowed(self.target.package, self.allowed & required)
        fits = required.contains(self.target.version, prereleases=True)
        return self.target.version if fits else None


def find_targets(
    directory: str,
    root: str,
    *,
    fastapi_version: str | None = None,
    origin: str = "command line",
) -> Targets:
    """The versions that the code in `directory` of the project at `root` runs with.

    A directory outside `root` is judged by `root` alone. `fastapi_version` (a version or a range)
    replaces what the project says, and `origin` tells where it came from. Manifest files that
    cannot be read or understood are passed over; a bad `fastapi_version` raises `ValueError`.
    """
    root = os.path.abspath(root)
    files = _Files(root)
    statements = [
        statement
        for distance, folder in enumerate(_folders(directory, root))
        for statement in _statements(folder, distance, files)
    ]
    found = {
        package: answer
        for package in PACKAGES
        if (answer := _decide([each for each in statements if each.package == package]))
    }
    if fastapi_version is not None:
        fastapi = _override(fastapi_version, origin)
    else:
        fastapi = _fastapi_beside(found)
    return Targets(
        fastapi,
        _beside_fastapi("starlette", found, fastapi),
        _beside_fastapi("pydantic", found, fastapi),
        found["httpx"].target if "httpx" in found else _assumed("httpx"),
        found["sqlalchemy"].target if "sqlalchemy" in found else _assumed("sqlalchemy"),
        inputs=files.digests,
    )


def newest(package: str) -> Version:
    """The newest known release of one of `PACKAGES`."""
    return _releases(package)[0]


def manifest_paths(directory: str, root: str) -> tuple[str, ...]:
    """Absolute paths of the files that `find_targets` starts from, without opening any.

    Includes found in them come on top. A changed answer means that manifests came or went.
    """
    return tuple(path for folder in _folders(directory, root) for path, _ in _manifests(folder))


# Deciding


def _decide(statements: list[_Statement]) -> _Found | None:
    """The answer of all statements about one package, None if they give none."""
    layers = [
        [each for each in statements if each.distance == distance]
        for distance in sorted({each.distance for each in statements})
    ]
    for index, layer in enumerate(layers):
        if found := _decide_pins(layer) or _decide_ranges(layer, layers[index + 1 :]):
            return found
    return None


def _decide_pins(layer: list[_Statement]) -> _Found | None:
    """The weightiest and newest of the versions locked or pinned in one folder."""
    pinned = [(each.weight, each.pin, each) for each in layer if each.pin is not None]
    if not pinned:
        return None
    _, version, best = max(pinned, key=lambda entry: entry[:2])
    return _Found(Target(best.package, version, True, best.source, None), None)


def _decide_ranges(layer: list[_Statement], further: list[list[_Statement]]) -> _Found | None:
    """Join the ranges of one folder, the weightiest and newest first, leaving out contradictions.

    A version locked or pinned in the folders further up is taken if the result allows it.
    """
    ranges = []
    for each in layer:
        allowed = _specifiers(each.written)
        if allowed is not None and (version := _newest_allowed(each.package, allowed)):
            ranges.append((each.weight, version, allowed, each))
    if not ranges:
        return None
    ranges.sort(key=lambda entry: entry[:2], reverse=True)
    _, version, joined, first = ranges[0]
    for _, _, allowed, _ in ranges[1:]:
        if narrower := _newest_allowed(first.package, joined & allowed):
            joined, version = joined & allowed, narrower
    for found in filter(None, map(_decide_pins, further)):
        if joined.contains(found.target.version, prereleases=True):
            return found
    decisive = next((each for _, own, _, each in ranges if own == version), None)
    written = decisive.written if decisive else str(joined)
    source = (decisive or first).source
    return _Found(Target(first.package, version, False, source, written), joined)


def _override(written: str, origin: str) -> Target:
    text = _join_clauses(written)
    if version := _pin(text):
        return Target("fastapi", version, True, origin, None)
    allowed = _specifiers(text) if text else None
    newest_allowed = _newest_allowed("fastapi", allowed) if allowed is not None else None
    if newest_allowed is None:
        raise ValueError(f"{written!r} is not a version of FastAPI")
    return Target("fastapi", newest_allowed, False, origin, text)


def _assumed(package: str) -> Target:
    return Target(package, newest(package), False, None, None)


def _fastapi_beside(found: dict[str, _Found]) -> Target:
    """FastAPI's target: a version that was named, or the newest that goes with its companions."""
    own = found.get("fastapi")
    if own and own.target.exact:
        return own.target
    target = own.target if own else _assumed("fastapi")
    companions = [found[package] for package in REQUIREMENTS if package in found]
    misfits = [each for each in companions if not _fits(each, target.version)]
    if not misfits:
        return target
    for version in _releases("fastapi"):
        if own and own.allowed is not None and not own.allowed.contains(version):
            continue
        if all(_fits(each, version) for each in companions):
            source = target.source or misfits[0].target.source
            via = " and ".join(each.label for each in misfits)
            return replace(target, version=version, source=source, via=via)
    return target


def _fits(companion: _Found, fastapi: Version) -> bool:
    return companion.newest_within(_required(companion.target.package, fastapi)) is not None


def _beside_fastapi(package: str, found: dict[str, _Found], fastapi: Target) -> Target:
    """The target of a package that FastAPI requires.

    What the project says of it holds, unless another file (or an override) names a single FastAPI
    version that cannot go with it.
    """
    own = found.get(package)
    if own is None and fastapi.source is None:
        return _assumed(package)
    if own and own.target.exact and (own.target.source == fastapi.source or not fastapi.exact):
        return own.target
    required = _required(package, fastapi.version)
    if own and (version := own.newest_within(required)):
        limited = version != own.target.version
        return replace(own.target, version=version, via=fastapi.label) if limited else own.target
    if own and not own.target.exact:
        return own.target
    version = _newest_allowed(package, required) or newest(package)
    return Target(package, version, False, fastapi.source, None, fastapi.label)


# Versions


@lru_cache(maxsize=4096)
def _version(text: str) -> Version:
    """Raises `ValueError` for text that is no version."""
    from packaging.version import Version

    return Version(text)


@cache
def _releases(package: str) -> tuple[Version, ...]:
    """All known releases, the newest first."""
    return tuple(map(_version, RELEASES[package].split()))


@lru_cache(maxsize=256)
def _required(package: str, fastapi: Version) -> SpecifierSet:
    """What a FastAPI release requires of a package."""
    from packaging.specifiers import SpecifierSet

    rows = list(REQUIREMENTS[package].items())
    fitting = [text for since, text in rows if _version(since) <= fastapi]
    return SpecifierSet(fitting[-1] if fitting else rows[0][1])


@lru_cache(maxsize=256)
def _newest_allowed(package: str, allowed: SpecifierSet) -> Version | None:
    """The newest known release that is allowed.

    Where no known release is, it is the lower bound, if that is allowed or newer than all known.
    """
    for version in _releases(package):
        if allowed.contains(version):
            return version
    bounds = [
        _version(clause.version.removesuffix(".*"))
        for clause in allowed
        if clause.operator in {"==", "~=", ">=", ">"}
    ]
    lowest = max(bounds, default=None)
    if lowest and (lowest > newest(package) or allowed.contains(lowest, prereleases=True)):
        return lowest
    return None


_PIN: Final = re.compile(r"={0,3}v?(\d[\w.!+-]*)")


def _pin(written: str) -> Version | None:
    """The single version that a specifier names, None if it names a range or nothing valid."""
    for clause in written.split(","):
        if match := _PIN.fullmatch(clause):
            try:
                return _version(match[1])
            except ValueError:
                return None
    return None


def _specifiers(written: str) -> SpecifierSet | None:
    """Clauses, in PEP 440's language or Poetry's, as a set; None if they are invalid."""
    from packaging.specifiers import SpecifierSet

    try:
        return SpecifierSet(",".join(map(_pep440, written.split(","))))
    except ValueError:
        return None


_POETRY_CLAUSE: Final = re.compile(r"(\^|~|=|)v?(\d{1,9}(?:\.\d{1,9})*)(.*)")


def _pep440(clause: str) -> str:
    """Translate Poetry's `^1.2`, `~1.2`, `=1.2`, `1.2` and `1.*`; all else is returned as it is."""
    match = _POETRY_CLAUSE.fullmatch(clause)
    if match is None:
        return clause
    operator, release, rest = match.groups()
    if operator in {"", "="}:
        return f"=={release}{rest}"
    numbers = [int(number) for number in release.split(".")]
    last = len(numbers) - 1
    if operator == "^":
        raised = next((index for index, number in enumerate(numbers) if number), last)
    else:
        raised = min(1, last)
    limit = ".".join(map(str, [*numbers[:raised], numbers[raised] + 1]))
    return f">={release}{rest},<{limit}"


_SPACE_AFTER_OPERATOR: Final = re.compile(r"(?<=[<>=~^!])\s+")
_BETWEEN_CLAUSES: Final = re.compile(r"[,\s]+")


def _join_clauses(written: str) -> str:
    """The clauses without spaces, joined by commas; empty if they allow every version."""
    clauses = _BETWEEN_CLAUSES.split(_SPACE_AFTER_OPERATOR.sub("", written))
    return ",".join(clause for clause in clauses if clause not in {"", "*"})


# Finding and opening manifest files


class _Files:
    """The files of one project: regular ones inside its root, each read at most once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._real_root = os.path.join(os.path.realpath(root), "")
        self._texts: dict[str, str | None] = {}
        self.digests: dict[str, str] = {}

    def relative(self, path: str) -> str:
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def text(self, path: str, limit: int) -> str | None:
        """The content, None for a file that is missing, outside, irregular or beyond `limit`."""
        if path not in self._texts:
            data = self._read(path, limit)
            self._texts[path] = None if data is None else _decode(data)
            if data is not None:
                self.digests[path] = digest(data)
        return self._texts[path]

    def _read(self, path: str, limit: int) -> bytes | None:
        try:
            if not os.path.realpath(path).startswith(self._real_root):
                return None
            data = read_regular(path, limit + 1)
        except (OSError, ValueError):
            return None
        return data if len(data) <= limit else None


def _decode(data: bytes) -> str:
    """Text of any bytes: UTF-8, or UTF-16 where a byte order mark says so."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")


def _folders(directory: str, root: str) -> list[str]:
    """The folders from `directory` up to `root`, or `root` alone for a directory elsewhere."""
    root = os.path.abspath(root)
    folder = os.path.abspath(directory)
    folders = [folder]
    while folder != root:
        parent = os.path.dirname(folder)
        if parent == folder:
            return [root]
        folders.append(folder := parent)
    return folders


def _manifests(folder: str) -> Iterator[tuple[str, _Format]]:
    """The paths in a folder, and in its folder `requirements`, that are named like manifests."""
    names = _names(folder)
    for name in names:
        if kind := _format(name):
            yield os.path.join(folder, name), kind
    if "requirements" in names:
        inner = os.path.join(folder, "requirements")
        for name in _names(inner):
            if name.endswith((".txt", ".in")):
                yield os.path.join(inner, name), _REQUIREMENTS_TXT


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (OSError, ValueError):
        return []


def _statements(folder: str, distance: int, files: _Files) -> Iterator[_Statement]:
    """All that the manifests of one folder say."""
    for manifest, kind in _manifests(folder):
        main = manifest == os.path.join(folder, "requirements.txt")
        for path, text in _pages(manifest, kind, files):
            for package, written in kind.read(text) if _mentions(text) else ():
                clauses = _join_clauses(written)
                if 0 < len(clauses) <= _MAX_SPECIFIER:
                    pin, source = _pin(clauses), files.relative(path)
                    yield _Statement(package, clauses, pin, source, distance, kind.locked, main)


def _pages(path: str, kind: _Format, files: _Files) -> Iterator[tuple[str, str]]:
    """A manifest and all that it includes, each file once, as (path, text)."""
    limit = _MAX_LOCK_BYTES if kind.locked else _MAX_MANIFEST_BYTES
    pending, seen = [path], set()
    while pending:
        path = pending.pop()
        if path in seen:
            continue
        seen.add(path)
        text = files.text(path, limit)
        if text is not None:
            yield path, text
            if kind.includes:
                folder = os.path.dirname(path)
                pending += [
                    os.path.normpath(os.path.join(folder, each)) for each in _includes(text)
                ]


# Reading the formats: each reader yields the requirements of one file's text


def _mentions(text: str) -> bool:
    """Whether a text can say anything about our packages; spares the parsing of most others."""
    lowered = text.lower()
    return any(package in lowered for package in PACKAGES)


_SEPARATORS: Final = re.compile(r"[-_.]+")


def _package(name: str) -> str | None:
    """The package of ours that a name means in any spelling, None for others."""
    normal = _SEPARATORS.sub("-", name).lower()
    normal = _SAME_RELEASES.get(normal, normal)
    return normal if normal in RELEASES else None


_OURS: Final = re.compile(rf"\s*((?:{'|'.join(PACKAGES)})[\w.-]*)\s*(?:\[[^\]]*\])?", re.IGNORECASE)
_AFTER_VERSIONS: Final = re.compile(r"(?:^|\s)#|\s--|;")
_URL_VERSION: Final = re.compile(r"[@/-]v?(\d+(?:\.\d+)+)(?=-|\.tar|\.zip|#|$)")


def _requirement(line: str) -> Iterator[_Requirement]:
    """The requirement in a line as pip takes it, if it concerns us."""
    match = _OURS.match(line)
    package = _package(match[1]) if match else None
    if match is None or package is None:
        return
    versions = _AFTER_VERSIONS.split(line[match.end() :], maxsplit=1)[0].strip()
    if versions.startswith("@"):
        yield from ((package, f"=={version}") for version in _URL_VERSION.findall(versions)[-1:])
    else:
        yield package, versions.strip("()\\ ")


_INCLUDE: Final = re.compile(r"\s*(?:-[rc]|--(?:requirement|constraint)(?=[\s=]))[\s=]*(\S.*)")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")


def _requirements_txt(text: str) -> Iterator[_Requirement]:
    for line in text.splitlines():
        yield from _requirement(line)


def _includes(text: str) -> Iterator[str]:
    """The relative paths that a requirements file includes."""
    for line in text.splitlines():
        if (match := _INCLUDE.match(line)) and "://" not in match[1]:
            yield _COMMENT.sub("", match[1]).strip("\"' ")


_LOCKED_NAME: Final = re.compile(r"""\nname\s*=\s*["']([\w.-]+)["']""")
_LOCKED_VERSION: Final = re.compile(r"""\nversion\s*=\s*["']([^"'\n]+)["']""")


def _toml_lock(text: str) -> Iterator[_Requirement]:
    """The packages of a lock file, found by its lines: parsing megabytes of TOML takes seconds."""
    for match in _LOCKED_NAME.finditer(text):
        if package := _package(match[1]):
            start = text.rfind("\n[", 0, match.start() + 1)
            end = text.find("\n[", match.end())
            block = text[max(start, 0) : end if end >= 0 else None]
            version = _LOCKED_VERSION.search(block)
            if version and block.lstrip().startswith("[[package"):
                yield package, f"=={version[1]}"


def _pipfile_lock(text: str) -> Iterator[_Requirement]:
    import json

    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    for section in _table(document).values():
        yield from _version_table(section)


def _pyproject(text: str) -> Iterator[_Requirement]:
    document = _toml(text)
    project = _table(document, "project")
    uv = _table(document, "tool", "uv")
    lists = (
        project.get("dependencies"),
        *_table(project, "optional-dependencies").values(),
        *_table(document, "dependency-groups").values(),
        *_table(document, "tool", "pdm", "dev-dependencies").values(),
        _table(document, "tool", "flit", "metadata").get("requires"),
        uv.get("dev-dependencies"),
        uv.get("constraint-dependencies"),
        uv.get("override-dependencies"),
    )
    for lines in lists:
        for line in _strings(lines):
            yield from _requirement(line)
    poetry = _table(document, "tool", "poetry")
    yield from _version_table(poetry.get("dependencies"))
    yield from _version_table(poetry.get("dev-dependencies"))
    for group in _table(poetry, "group").values():
        yield from _version_table(_table(group, "dependencies"))


def _pipfile(text: str) -> Iterator[_Requirement]:
    for section in _toml(text).values():
        yield from _version_table(section)


_EITHER: Final = re.compile(r"\|\|?")


def _version_table(table: object) -> Iterator[_Requirement]:
    """The entries of a table `name = "range"`, `name = {version = "range"}` or a list of these."""
    for name, value in _table(table).items():
        if package := _package(name):
            for entry in value if isinstance(value, list) else [value]:
                written = entry.get("version") if isinstance(entry, dict) else entry
                if isinstance(written, str):
                    yield from ((package, either) for either in _EITHER.split(written))


def _setup_cfg(text: str) -> Iterator[_Requirement]:
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    values = [parser.get("options", "install_requires", fallback="")]
    if parser.has_section("options.extras_require"):
        values += [value for _, value in parser.items("options.extras_require")]
    for value in values:
        yield from _requirements_txt(value or "")


_QUOTED: Final = re.compile(r"""["']([^"'\n]+)""")


def _setup_py(text: str) -> Iterator[_Requirement]:
    """The literal strings that look like requirements; the file is not understood otherwise."""
    for line in text.splitlines():
        for quoted in _QUOTED.findall(_COMMENT.sub("", line)):
            yield from _requirement(quoted)


def _toml(text: str) -> dict[str, object]:
    """A TOML document, empty if it is broken."""
    from . import toml

    try:
        return toml.parse(text)
    except ValueError:
        return {}


def _table(value: object, *keys: str) -> dict[str, object]:
    """The table at a path of keys, empty where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> list[str]:
    """The strings in a list, none for anything else."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


class _Format(msgspec.Struct, frozen=True):
    """How to read a kind of manifest; `includes`: it can draw in others of its kind."""

    read: Callable[[str], Iterator[_Requirement]]
    locked: bool = False
    includes: bool = False


_TOML_LOCK: Final = _Format(_toml_lock, locked=True)
_REQUIREMENTS_TXT: Final = _Format(_requirements_txt, includes=True)
_FORMATS: Final = {
    "uv.lock": _TOML_LOCK,
    "poetry.lock": _TOML_LOCK,
    "pdm.lock": _TOML_LOCK,
    "pylock.toml": _TOML_LOCK,
    "Pipfile.lock": _Format(_pipfile_lock, locked=True),
    "pyproject.toml": _Format(_pyproject),
    "setup.cfg": _Format(_setup_cfg),
    "setup.py": _Format(_setup_py),
    "Pipfile": _Format(_pipfile),
}
_NAMED_PYLOCK: Final = re.compile(r"pylock\..+\.toml")
_NAMED_REQUIREMENTS: Final = re.compile(
    r"(?:.*[-_.])?(?:requirements|constraints).*\.(?:txt|in)", re.IGNORECASE
)


def _format(name: str) -> _Format | None:
    """The format of a file called `name`, None if it is no manifest."""
    if kind := _FORMATS.get(name):
        return kind
    if _NAMED_PYLOCK.fullmatch(name):
        return _TOML_LOCK
    return _REQUIREMENTS_TXT if _NAMED_REQUIREMENTS.fullmatch(name) else None
