"""What the project was like at a commit: its files, taken from git into a temporary folder."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec

from .discovery import SUFFIXES
from .errors import UserError
from .source import MAX_BYTES

_REGULAR = ("100644", "100755")
_ENVIRONMENT = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


class Past(msgspec.Struct, frozen=True):
    """A commit's files below the root of a project.

    `folder` is a copy of the repository that holds only these; `prefix` leads from its top to the
    project's root and is empty or ends with `/`; `renamed` gives the old path for the new one of
    files that were moved since, relative to the top.
    """

    folder: str
    prefix: str
    renamed: Mapping[str, str]

    @property
    def root(self) -> str:
        """The folder of the copy that stands for the project's root."""
        return os.path.join(self.folder, self.prefix).rstrip(os.sep)


@contextmanager
def at(revision: str, root: str) -> Iterator[Past]:
    """The project below `root` at the commit where the present branch left `revision`.

    If git knows no common ancestor, as in a shallow clone, it is `revision` itself. Raises
    `UserError` where git, the repository or the commit is missing.
    """
    prefix = _git(root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip("\n")
    commit = _commit(revision, root)
    with tempfile.TemporaryDirectory(prefix="fastapi-lint-") as folder:
        folder = os.path.realpath(folder)
        past = Past(folder, prefix, _renamed(commit, root))
        os.makedirs(past.root, exist_ok=True)
        _copy(commit, root, past)
        yield past


def _commit(revision: str, root: str) -> str:
    wanted = f"{revision}^{{commit}}"
    found = _try(root, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if found is None:
        shallow = _try(root, "rev-parse", "--is-shallow-repository") == b"true\n"
        hint = f"the clone is shallow: `git fetch --depth=1 origin {revision}` may get it"
        raise UserError(f"git knows no commit `{revision}`", hint if shallow else None)
    commit = found.decode().strip()
    base = _try(root, "merge-base", commit, "HEAD")
    return base.decode().split()[0] if base else commit


def _renamed(commit: str, root: str) -> dict[str, str]:
    """The old path of each moved file."""
    listed = _git(
        root, "diff", "--no-ext-diff", "--no-relative", "--name-status", "--find-renames",
        "--diff-filter=R", "-z", commit, "--",
    )  # fmt: skip
    fields = os.fsdecode(listed).split("\0")
    return dict(zip(fields[2::3], fields[1::3], strict=False))


def _copy(commit: str, root: str, past: Past) -> None:
    """Write the regular files of a commit below the prefix; links are left out."""
    tree = ["ls-tree", "-r", "-z", "-l", "--full-tree", commit]
    listed = _git(root, *tree, *(["--", past.prefix] if past.prefix else []))
    paths: list[tuple[bytes, str]] = []
    for line in listed.split(b"\0"):
        head, _, name = line.partition(b"\t")
        path = os.fsdecode(name)
        if not head or not _is_wanted(head.decode().split(), path):
            continue
        paths.append((head.split()[2], os.path.join(past.folder, path)))
    for path, data in _contents(root, paths):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


def _is_wanted(head: list[str], path: str) -> bool:
    mode, _, _, size = head
    unsafe = {"", ".", "..", ".git"} & {*path.replace(os.sep, "/").split("/")}
    is_read = path.endswith(SUFFIXES) or (size.isdigit() and int(size) <= MAX_BYTES)
    return mode in _REGULAR and is_read and not unsafe


def _contents(root: str, paths: list[tuple[bytes, str]]) -> Iterator[tuple[str, bytes]]:
    """The content of each of the named objects, with the path that was given for it."""
    with tempfile.TemporaryFile() as names:
        names.write(b"".join(name + b"\n" for name, _ in paths))
        names.seek(0)
        command = ["git", *_QUIET, "-C", root, "cat-file", "--batch"]
        with subprocess.Popen(command, stdin=names, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for name, path in paths:
                head = process.stdout.readline().split()
                if len(head) != 3:
                    process.kill()
                    raise UserError(f"git has no content for {os.path.basename(path)}: {name!r}")
                data = process.stdout.read(int(head[2]) + 1)
                yield path, data[:-1]


def _git(root: str, *arguments: str) -> bytes:
    done = _run(root, arguments)
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "backslashreplace").strip().removeprefix("fatal: ")
        raise UserError(f"git {arguments[0]} failed in {root}: {reason}")
    return done.stdout


def _try(root: str, *arguments: str) -> bytes | None:
    """What git prints, or `None` if it cannot do it."""
    done = _run(root, arguments)
    return done.stdout if done.returncode == 0 else None


def _run(root: str, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **_ENVIRONMENT}
    command = ["git", *_QUIET, "-C", root, *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False, env=environment)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UserError(f"git cannot be run: {reason}") from None
