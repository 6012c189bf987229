"""Which messages of the protocol are answered, and how?"""

from __future__ import annotations

import gc
import logging
import sys
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path

from .. import __version__
from .actions import SHOW_DOCUMENTATION, actions, fix
from .diagnostics import SOURCE, Shown, result_id
from .editor import Editor, path_of
from .text import contains, overlap


class Server(LanguageServer):
    """The server of one client. Errors are logged where editors show logs, not in pop-ups."""

    def report_server_error(self, error: Exception, source: Any) -> None:
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, str(error)))


def start() -> None:
    """Serve one client on standard input and output until it leaves."""
    gc.disable()  # sessions collect after each check
    logging.basicConfig(level=logging.CRITICAL)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing else may write where the protocol is spoken
    create().start_io(stdin, stdout)


def create() -> Server:
    """A server that has not started."""
    # Whole texts: pygls and editors disagree on what a line is where a form feed stands in it.
    server = Server(SOURCE, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    editor = Editor(server)
    _follow_documents(server, editor)
    _follow_workspace(server, editor)
    _answer(server, editor)
    return server


def _follow_documents(server: Server, editor: Editor) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        editor.touch(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        editor.touch(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        editor.touch(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        editor.touch(params.text_document.uri)


def _follow_workspace(server: Server, editor: Editor) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        editor.configure(params.initialization_options)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        await editor.watch()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if params.settings is not None:
            editor.configure(params.settings)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(_: types.DidChangeWatchedFilesParams) -> None:
        editor.touch_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(_: types.DidChangeWorkspaceFoldersParams) -> None:
        editor.change_folders()

    @server.feature(types.SHUTDOWN)
    def shutdown(_: None) -> None:
        editor.close()


def _answer(server: Server, editor: Editor) -> None:
    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True),
    )
    async def diagnostic(
        params: types.DocumentDiagnosticParams,
    ) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
        items = _diagnostics(await editor.shown(params.text_document.uri))
        state = result_id(items)
        if state == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id=state)
        return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=state)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(
        params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        known = {
            path: previous
            for previous in params.previous_result_ids
            if (path := path_of(previous.uri)) is not None
        }
        found = await editor.all_shown()
        return types.WorkspaceDiagnosticReport(
            [
                _report(path, _diagnostics(found.get(path, ())), known.get(path))
                for path in sorted({*found, *known})
            ]
        )

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        at = [
            each
            for each in await editor.shown(params.text_document.uri)
            if contains(each.diagnostic.range, params.position)
        ]
        if not at:
            return None
        texts = dict.fromkeys(editor.explain(each.finding.code) for each in at)
        value = "\n\n---\n\n".join(texts)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, value))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        found = await editor.shown(uri)
        document = server.workspace.get_text_document(uri)
        encoding = server.workspace.position_encoding
        here = [each for each in found if overlap(each.diagnostic.range, params.range)]
        fixed = [(each, await editor.edits(uri, each)) for each in here]
        return [
            *(fix(each, changes) for each, changes in fixed if changes),
            *(a for each in here for a in actions(each, uri, document.source, encoding)),
        ]

    @server.command(SHOW_DOCUMENTATION)
    async def show_documentation(code: str) -> None:
        await editor.open_documentation(code)


def _diagnostics(found: tuple[Shown, ...]) -> list[types.Diagnostic]:
    return [each.diagnostic for each in found]


def _report(
    path: str, items: list[types.Diagnostic], previous: types.PreviousResultId | None
) -> types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport:
    uri = previous.uri if previous is not None else from_fs_path(path) or ""
    state = result_id(items)
    if previous is not None and previous.value == state:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(uri=uri, result_id=state)
    return types.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=items, result_id=state)
