"""Which projects do the open files belong to, and what is the client told about them?"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from ..config import discover
from ..discovery import SUFFIXES
from ..errors import UserError
from ..registry import all_rules
from ..roots import MARKERS, is_inside, project_root
from ..source import MAX_BYTES
from .diagnostics import Shown, documentation, result_id
from .options import Options, read
from .project import Project
from .session import Session
from .text import as_text_edits, encode

_STACK = 256 * 1024 * 1024
"""Bytes of address space for the stack of the thread that checks: code may nest deeply."""

_WATCHED = ("**/*.py", "**/*.pyi", "**/.gitignore", *(f"**/{name}" for name in MARKERS))


class Editor:
    """The state behind one connection."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._options = Options()
        self._sessions: dict[str, Session] = {}
        self._published: dict[str, str] = {}
        self._refreshed: dict[str, str] = {}
        self._said: set[str] = set()
        self._folder = TemporaryDirectory(prefix="fastapi-lint-")
        self._worker = _worker()

    def close(self) -> None:
        """Stop all work."""
        for session in self._sessions.values():
            session.close()
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._folder.cleanup()

    # What the client asks for

    def configure(self, value: Any) -> None:
        """Take the settings of the client, and check again. Wrong ones change nothing."""
        try:
            self._options = read(value)
        except UserError as error:
            self._say(error.message)
            return
        self.touch_all()

    def touch(self, uri: str) -> None:
        """A document was opened, changed, saved or closed."""
        path = path_of(uri)
        if path is None:
            return
        session = self._session(path)
        for other in self._sessions.values():
            if other is session or other.project.holds(path):
                other.touch()

    def touch_all(self) -> None:
        """Anything may have changed."""
        for session in self._sessions.values():
            session.touch()

    def change_folders(self) -> None:
        """The folders of the workspace are others: projects are told apart anew."""
        before = self._sessions
        self._sessions = {}
        for session in before.values():
            session.close()
        for uri in self._server.workspace.text_documents:
            self.touch(uri)
        owned = {path for path in self._published if self._session(path, create=False) is not None}
        for path in [*self._published]:
            if path not in owned:
                self._publish(path, ())

    async def shown(self, uri: str) -> tuple[Shown, ...]:
        """The findings in a document as it is now."""
        path = path_of(uri)
        session = self._session(path) if path is not None else None
        if path is None or session is None:
            return ()
        await session.settled()
        return session.shown.get(path, ())

    async def edits(self, uri: str, shown: Shown) -> dict[str, list[types.TextEdit]]:
        """The edits of the fix of a finding in a document, by URI; none if it has no fix."""
        path = path_of(uri)
        session = self._session(path) if path is not None else None
        if session is None or shown.finding.fix is None:
            return {}
        encoding = self._server.workspace.position_encoding
        return {
            self._uri(file): as_text_edits(edits, text, encoding)
            for file, (text, edits) in (await session.edits(shown.finding)).items()
        }

    async def all_shown(self) -> dict[str, tuple[Shown, ...]]:
        """The findings in all projects of the workspace, by path."""
        for folder in self._folders():
            self._ensure(folder)
        for session in [*self._sessions.values()]:
            await session.settled()
        return {
            path: found
            for session in self._sessions.values()
            for path, found in self._of(session)
            if not self._options.open_files_only or path in self._open()
        }

    def explain(self, code: str) -> str:
        """The documentation of a rule as Markdown."""
        rules = {rule.code: rule for rule in all_rules()}
        for session in self._sessions.values():
            rules.update(session.outcome.rules)
        return documentation(code, rules.get(code))

    async def open_documentation(self, code: str) -> None:
        """Show the documentation of a rule as a document, or its first words in a message."""
        text = self.explain(code)
        path = os.path.join(self._folder.name, f"{''.join(filter(str.isalnum, code))}.md")
        if not self._can("window.show_document.support"):
            self._server.window_show_message(
                types.ShowMessageParams(types.MessageType.Info, text.partition("\n## ")[0])
            )
            return
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        await self._server.window_show_document_async(
            types.ShowDocumentParams(uri=from_fs_path(path) or "", take_focus=True)
        )

    async def watch(self) -> None:
        """Ask the client to tell of files that change outside of it, if it can."""
        if not self._can("workspace.did_change_watched_files.dynamic_registration"):
            return
        watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in _WATCHED]
        await self._server.client_register_capability_async(
            types.RegistrationParams(
                [
                    types.Registration(
                        id="files",
                        method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                        register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers),
                    )
                ]
            )
        )

    # Projects

    def _folders(self) -> list[str]:
        workspace = self._server.workspace
        uris = [*workspace.folders] or [workspace.root_uri]
        return [path for uri in uris if uri and (path := to_fs_path(uri)) is not None]

    def _session(self, path: str, *, create: bool = True) -> Session | None:
        """The session that a file belongs to; none for what is not Python or has no project."""
        if not path.endswith(SUFFIXES):
            return None
        folder = _project_folder(path, self._folders())
        if folder is None:
            return None
        return self._ensure(folder) if create else self._sessions.get(folder)

    def _ensure(self, folder: str) -> Session:
        if folder not in self._sessions:
            session = Session(Project(folder), self._worker, self._take, self._tell)
            self._sessions[folder] = session
            session.touch()
        return self._sessions[folder]

    def _take(self, project: Project) -> tuple[Mapping[str, bytes], Options, str | None]:
        overlays = {
            path: data
            for path, text in self._open().items()
            if project.holds(path) and len(data := encode(text)) <= MAX_BYTES
        }
        return overlays, self._options, self._server.workspace.position_encoding

    def _open(self) -> dict[str, str]:
        """The texts of the open Python files, by path."""
        return {
            path: document.source
            for uri, document in self._server.workspace.text_documents.items()
            if (path := path_of(uri)) is not None and path.endswith(SUFFIXES)
        }

    def _of(self, session: Session) -> Iterator[tuple[str, tuple[Shown, ...]]]:
        """What a session knows of the files that belong to it and to no other one."""
        for path, found in session.shown.items():
            if self._session(path, create=False) is session:
                yield path, found

    # What the client is told

    def _tell(self, session: Session) -> None:
        for crash in session.outcome.crashes:
            self._log(f"internal error in {crash.code} {crash.name}:\n{crash.details}")
        if session.outcome.error is not None:
            self._say(session.outcome.error)
        elif self._said:
            self._said.clear()
        if self._can("text_document.diagnostic"):
            if self._can("workspace.diagnostics.refresh_support"):
                self._refresh(session)
            return
        found = dict(self._of(session))
        opened = self._open()
        for path in {*found, *self._published, *opened}:
            if path in found or self._session(path, create=False) is session:
                is_wanted = path in opened or not self._options.open_files_only
                self._publish(path, found.get(path, ()) if is_wanted else ())

    def _publish(self, path: str, found: tuple[Shown, ...]) -> None:
        diagnostics = [each.diagnostic for each in found]
        document = self._document(path)
        version = document.version if document is not None else None
        state = f"{version} {result_id(diagnostics)}"
        is_news = bool(found) or document is not None or path in self._published
        if not is_news or self._published.get(path) == state:
            return
        if found or document is not None:
            self._published[path] = state
        else:
            del self._published[path]
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(self._uri(path), diagnostics, version)
        )

    def _document(self, path: str) -> Any:
        documents = self._server.workspace.text_documents.items()
        return next((document for uri, document in documents if path_of(uri) == path), None)

    def _uri(self, path: str) -> str:
        """The URI of a file, as the client writes it where it is open."""
        document = self._document(path)
        return document.uri if document is not None else from_fs_path(path) or ""

    def _refresh(self, session: Session) -> None:
        """Let the client ask again, if it would be told something new."""
        state = result_id(each.diagnostic for found in session.shown.values() for each in found)
        if self._refreshed.get(session.project.folder) != state:
            self._refreshed[session.project.folder] = state
            self._server.workspace_diagnostic_refresh(None)

    def _say(self, message: str) -> None:
        """Show a message, once until things have been well again."""
        if message not in self._said:
            self._said.add(message)
            self._server.window_show_message(
                types.ShowMessageParams(types.MessageType.Error, f"fastapi-lint: {message}")
            )

    def _log(self, message: str) -> None:
        self._server.window_log_message(types.LogMessageParams(types.MessageType.Error, message))

    def _can(self, capability: str) -> bool:
        return bool(get_capability(self._server.client_capabilities, capability, None))


def path_of(uri: str) -> str | None:
    """The path of a file's URI; none for documents that are no files."""
    with suppress(ValueError):
        path = to_fs_path(uri)
        if path and os.path.isabs(path) and "\0" not in path:
            return os.path.normpath(path)
    return None


def _project_folder(path: str, workspace: list[str]) -> str | None:
    """The folder that is checked as a project with a file.

    That is the folder of the nearest configuration within the folder of the workspace, or that
    folder. A file outside of the workspace belongs to the project around it, if there is one.
    """
    above = [folder for folder in workspace if is_inside(path, folder)]
    if above:
        folder = max(above, key=len)
        try:
            found = discover(os.path.dirname(path))
        except UserError:
            return folder
        inner = os.path.dirname(found) if found is not None else folder
        return inner if is_inside(inner, folder) else folder
    root = project_root((path,))
    return root if any(os.path.exists(os.path.join(root, name)) for name in MARKERS) else None


def _worker() -> ThreadPoolExecutor:
    """One thread for all checks: the parser's settings are those of the process."""
    before = threading.stack_size(_STACK)
    worker = ThreadPoolExecutor(1, "check")
    worker.submit(int).result()
    threading.stack_size(before)
    return worker
