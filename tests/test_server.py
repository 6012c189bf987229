"""The language server as editors use it: a client in another process, over standard input."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from fastapi_lint.comments import suppression
from fastapi_lint.fix import apply
from fastapi_lint.server.actions import SHOW_DOCUMENTATION
from fastapi_lint.server.text import encode, units

from .support import lint, project, write

PROJECT = """
# --- requirements.txt
fastapi==0.165.0
# --- app/__init__.py
# --- app/settings.py
ORIGINS = ["*"]
# --- app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from .settings import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)
"""
SAFE = 'ORIGINS = ["https://shop.example"]\n'
SECONDS = 20


class Client(LanguageClient):
    """An editor: it remembers what it was told."""

    def __init__(self) -> None:
        super().__init__("editor", "1")
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        self.versions: dict[str, int | None] = {}
        self.messages: list[str] = []
        self.shown: list[str] = []
        self.refreshed = 0
        self.news = asyncio.Event()

        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics[params.uri] = [*params.diagnostics]
            self.versions[params.uri] = params.version
            self.news.set()

        def message(params: types.ShowMessageParams | types.LogMessageParams) -> None:
            self.messages.append(params.message)
            self.news.set()

        def refresh(_: None) -> None:
            self.refreshed += 1
            self.news.set()

        def show(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.shown.append(Path(params.uri.removeprefix("file://")).read_text())
            return types.ShowDocumentResult(True)

        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)
        self.feature(types.WINDOW_SHOW_MESSAGE)(message)
        self.feature(types.WINDOW_LOG_MESSAGE)(message)
        self.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)(refresh)
        self.feature(types.WINDOW_SHOW_DOCUMENT)(show)

    def report_server_error(self, error: Exception, source: Any) -> None:
        raise error

    def codes(self, path: Path) -> list[object] | None:
        """The codes shown in a file; `None` if the client was never told of it."""
        found = self.diagnostics.get(path.as_uri())
        return None if found is None else [diagnostic.code for diagnostic in found]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that the server will tell."""
        while not condition():
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), SECONDS)

    def open(self, path: Path, text: str | None = None) -> None:
        content = path.read_text() if text is None else text
        self.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(path.as_uri(), "python", 1, content)
            )
        )

    def change(self, path: Path, text: str, version: int = 2) -> None:
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, path.as_uri()),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def close(self, path: Path) -> None:
        identifier = types.TextDocumentIdentifier(path.as_uri())
        self.text_document_did_close(types.DidCloseTextDocumentParams(identifier))


PULLS = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        diagnostic=types.DiagnosticClientCapabilities()
    ),
    workspace=types.WorkspaceClientCapabilities(
        diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    ),
)


@asynccontextmanager
async def connected(
    *folders: Path, options: Any = None, capabilities: types.ClientCapabilities | None = None
) -> AsyncIterator[Client]:
    """A client of a server that has been initialized, and leaves in the end as editors do."""
    client = Client()
    await client.start_io(sys.executable, "-m", "fastapi_lint", "server")
    await client.initialize_async(
        types.InitializeParams(
            capabilities=capabilities or types.ClientCapabilities(),
            workspace_folders=[types.WorkspaceFolder(f.as_uri(), f.name) for f in folders],
            initialization_options=options,
        )
    )
    client.initialized(types.InitializedParams())
    yield client
    await client.shutdown_async(None)
    client.exit(None)
    assert client._server is not None
    assert await client._server.wait() == 0
    await client.stop()  # type: ignore[no-untyped-call]


def serve(
    *folders: Path, options: Any = None, capabilities: types.ClientCapabilities | None = None
) -> Callable[[Callable[[Client], Awaitable[None]]], None]:
    """Run a conversation with a server."""

    def run(conversation: Callable[[Client], Awaitable[None]]) -> None:
        async def main() -> None:
            async with connected(*folders, options=options, capabilities=capabilities) as client:
                await conversation(client)

        asyncio.run(main())

    return run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write(project(PROJECT), folder)
    return folder


def test_diagnostics_follow_what_is_typed_in_another_file(root: Path) -> None:
    main, settings = root / "app/main.py", root / "app/settings.py"

    @serve(root)
    async def _(client: Client) -> None:
        client.open(main)
        await client.until(lambda: client.codes(main) == ["FAL131"])
        (found,) = client.diagnostics[main.as_uri()]
        assert found.source == "fastapi-lint"
        assert found.severity == types.DiagnosticSeverity.Error
        assert found.range.start == types.Position(6, 0)
        assert found.related_information is not None
        assert found.related_information[0].location.uri == settings.as_uri()
        client.open(settings)
        client.change(settings, SAFE)
        await client.until(lambda: client.codes(main) == [])
        client.close(settings)
        await client.until(lambda: client.codes(main) == ["FAL131"])


def test_several_unsaved_files_are_seen_together(root: Path) -> None:
    main, settings = root / "app/main.py", root / "app/settings.py"

    @serve(root)
    async def _(client: Client) -> None:
        client.open(settings, SAFE.replace("ORIGINS", "ALLOWED"))
        text = main.read_text()
        client.open(main, text.replace("ORIGINS", "ALLOWED"))
        await client.until(lambda: client.codes(main) == [])
        client.change(settings, 'ALLOWED = ["*"]\n')
        await client.until(lambda: client.codes(main) == ["FAL131"])
        assert client.versions[main.as_uri()] == 1


def test_a_saved_change_of_a_file_that_is_not_open_is_seen(root: Path) -> None:
    main, settings = root / "app/main.py", root / "app/settings.py"

    @serve(root)
    async def _(client: Client) -> None:
        client.open(main)
        await client.until(lambda: client.codes(main) == ["FAL131"])
        settings.write_text(SAFE)
        changed = types.FileEvent(settings.as_uri(), types.FileChangeType.Changed)
        client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
        await client.until(lambda: client.codes(main) == [])


def test_findings_of_files_that_are_not_open_are_told_unless_unwanted(root: Path) -> None:
    main, settings = root / "app/main.py", root / "app/settings.py"

    @serve(root)
    async def _(client: Client) -> None:
        client.open(settings)
        await client.until(lambda: client.codes(main) == ["FAL131"])
        client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"fastapi-lint": {"openFilesOnly": True}})
        )
        await client.until(lambda: client.codes(main) == [])


def test_settings_of_the_editor_come_before_those_of_the_project(root: Path) -> None:
    main = root / "app/main.py"

    @serve(root, options={"ignore": ["FAL131"]})
    async def _(client: Client) -> None:
        client.open(main)
        await client.until(lambda: client.codes(main) == [])
        client.workspace_did_change_configuration(types.DidChangeConfigurationParams({}))
        await client.until(lambda: client.codes(main) == ["FAL131"])
        wrong = {"fastapi-lint": {"ignroe": "all"}}
        client.workspace_did_change_configuration(types.DidChangeConfigurationParams(wrong))
        await client.until(lambda: bool(client.messages))
        assert "ignroe" in client.messages[0]


def test_a_configuration_with_an_error_is_told_once_and_can_be_mended(root: Path) -> None:
    main, settings = root / "app/main.py", root / "fastapi-lint.toml"
    settings.write_text("ignroe = []\n")

    @serve(root)
    async def _(client: Client) -> None:
        client.open(main)
        await client.until(lambda: bool(client.messages))
        assert "did you mean `ignore`?" in client.messages[0]
        settings.write_text("ignore = []\n")
        client.change(main, main.read_text())
        await client.until(lambda: client.codes(main) == ["FAL131"])
        assert len(client.messages) == 1


def test_diagnostics_are_pulled(root: Path) -> None:
    main, settings = root / "app/main.py", root / "app/settings.py"

    async def pull(client: Client, previous: str | None = None) -> Any:
        return await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(main.as_uri()), previous_result_id=previous
            )
        )

    @serve(root, capabilities=PULLS)
    async def _(client: Client) -> None:
        client.open(main)
        first = await pull(client)
        assert [item.code for item in first.items] == ["FAL131"]
        assert (await pull(client, first.result_id)).kind == "unchanged"
        client.open(settings)
        before = client.refreshed
        client.change(settings, SAFE)
        assert [*(await pull(client, first.result_id)).items] == []
        await client.until(lambda: client.refreshed > before)
        assert client.diagnostics == {}, "what is pulled is not pushed as well"


def test_the_workspace_is_pulled_without_an_open_file(root: Path) -> None:
    main = root / "app/main.py"

    @serve(root, capabilities=PULLS)
    async def _(client: Client) -> None:
        report = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
        (item,) = report.items
        assert isinstance(item, types.WorkspaceFullDocumentDiagnosticReport)
        assert (item.uri, [found.code for found in item.items]) == (main.as_uri(), ["FAL131"])
        assert item.result_id is not None
        previous = [types.PreviousResultId(item.uri, item.result_id)]
        again = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(previous))
        assert [report.kind for report in again.items] == ["unchanged"]


def test_hovering_shows_the_documentation(root: Path) -> None:
    main = root / "app/main.py"

    async def hover(client: Client, line: int) -> types.Hover | None:
        return await client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(main.as_uri()), types.Position(line, 5))
        )

    @serve(root)
    async def _(client: Client) -> None:
        client.open(main)
        found = await hover(client, 6)
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.value.startswith("# FAL131 cors-wildcard-with-credentials")
        assert "## Why" in found.contents.value
        assert "## Proven by running" in found.contents.value
        assert await hover(client, 0) is None


async def _actions(client: Client, path: Path, line: int) -> list[types.CodeAction | types.Command]:
    found = await client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(path.as_uri()),
            types.Range(types.Position(line, 0), types.Position(line, 80)),
            types.CodeActionContext([]),
        )
    )
    assert found is not None
    return [*found]


def test_a_finding_is_ignored_by_an_action(root: Path) -> None:
    main = root / "app/main.py"
    text = main.read_text()

    @serve(root)
    async def _(client: Client) -> None:
        client.open(main)
        ignore = next(a for a in await _actions(client, main, 6) if a.title.startswith("Ignore"))
        assert isinstance(ignore, types.CodeAction)
        assert ignore.edit is not None
        assert ignore.edit.changes is not None
        ((edit,),) = ignore.edit.changes.values()
        lines = text.splitlines(keepends=True)
        line, column = edit.range.start.line, edit.range.start.character
        lines[line] = lines[line][:column] + edit.new_text + lines[line][column:]
        client.change(main, "".join(lines))
        await client.until(lambda: client.codes(main) == [])
        assert await _actions(client, main, 6) == []


def test_a_finding_is_fixed_by_an_action(root: Path) -> None:
    main = root / "app/main.py"
    text = """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def read() -> str:
    return HTTPException(404, "😀")
"""
    main.write_text(text)
    (found,) = lint(root).findings
    assert found.code == "FAL708"

    @serve(root)
    async def _(client: Client) -> None:
        client.open(main, "\n" + text)
        fix = (await _actions(client, main, found.span[0]))[0]
        assert isinstance(fix, types.CodeAction)
        assert fix.edit is not None
        assert fix.edit.changes is not None
        ((edit,),) = fix.edit.changes.values()
        start, end = edit.range.start, edit.range.end
        assert start.line == end.line
        lines = ("\n" + text).split("\n")
        line = lines[start.line]
        lines[start.line] = line[: start.character] + edit.new_text + line[end.character :]
        assert lines[start.line] == '    raise HTTPException(404, "😀")'
        client.change(main, "\n".join(lines))
        await client.until(lambda: client.codes(main) == [])


def test_the_documentation_is_opened_by_an_action(root: Path) -> None:
    main = root / "app/main.py"
    shows = types.ClientCapabilities(
        window=types.WindowClientCapabilities(
            show_document=types.ShowDocumentClientCapabilities(support=True)
        )
    )

    @serve(root, capabilities=shows)
    async def _(client: Client) -> None:
        client.open(main)
        titles = [action.title for action in await _actions(client, main, 6)]
        assert titles[-1].startswith("Show the documentation of FAL131")
        await client.workspace_execute_command_async(
            types.ExecuteCommandParams(SHOW_DOCUMENTATION, ["FAL131"])
        )
        assert client.shown[0].startswith("# FAL131")


def test_folders_of_a_workspace_are_projects_of_their_own(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(project(PROJECT), other)
    (other / "fastapi-lint.toml").write_text('ignore = ["FAL131"]\n')
    write(project(PROJECT), root / "inner")
    (root / "inner" / "fastapi-lint.toml").write_text('select = ["FAL6"]\n')
    places = [folder / "app/main.py" for folder in (root, other, root / "inner")]

    @serve(root, other)
    async def _(client: Client) -> None:
        for path in places:
            client.open(path, path.read_text() + '\n\n@app.on_event("startup")\ndef go(): ...\n')
        await client.until(
            lambda: (
                [client.codes(path) for path in places]
                == [["FAL131", "FAL601"], ["FAL601"], ["FAL601"]]
            )
        )
        removed = [types.WorkspaceFolder(root.as_uri(), "project")]
        for path in (places[0], places[2]):
            client.close(path)
        client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                types.WorkspaceFoldersChangeEvent(added=[], removed=removed)
            )
        )
        await client.until(lambda: client.codes(places[0]) == [])
        client.change(places[1], "x = 1\n")
        await client.until(lambda: client.codes(places[1]) == [])


def test_a_request_can_be_cancelled(root: Path) -> None:
    main = root / "app/main.py"

    @serve(root, capabilities=PULLS)
    async def _(client: Client) -> None:
        client.open(main)
        request = client.protocol.send_request(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(main.as_uri())),
            msg_id="slow",
        )
        client.cancel_request(types.CancelParams("slow"))
        with pytest.raises(Exception, match="cancel"):
            await asyncio.wrap_future(request)
        report = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
        assert len(report.items) == 1


def test_columns_are_counted_as_the_client_does(root: Path) -> None:
    main = root / "app/main.py"
    text = main.read_text().replace("app.add_m", 'x = "😀😀"; app.add_m')
    general = types.GeneralClientCapabilities(position_encodings=["utf-8"])
    for capabilities, column in (
        (types.ClientCapabilities(), len('x = "____"; ')),
        (types.ClientCapabilities(general=general), len('x = "________"; ')),
    ):

        @serve(root, capabilities=capabilities)
        async def _(client: Client, column: int = column) -> None:
            client.open(main, text)
            await client.until(lambda: client.codes(main) == ["FAL131"])
            (found,) = client.diagnostics[main.as_uri()]
            assert found.range.start.character == column


HOSTILE = [
    "\0",
    "from fastapi import FastAPI\nx = " + "(" * 100_000,
    "from fastapi import FastAPI\n# coding: undefined\n\ud800",
    "# coding: latin-1\nfrom fastapi import FastAPI\nx = '\u20ac'\n",
    "from fastapi import FastAPI\n\x0c\u2028x = (\r\r\n",
    "from fastapi import FastAPI\n" + "x = 1\n" * 400_000,
]


def test_hostile_texts_end_no_session(root: Path) -> None:
    main = root / "app/main.py"

    @serve(root)
    async def _(client: Client) -> None:
        client.open(main)
        for version, text in enumerate(HOSTILE, 2):
            client.change(main, text, version)
            while client.versions.get(main.as_uri()) != version:
                await asyncio.sleep(0.05)
        client.change(main, project(PROJECT)["app/main.py"], 99)
        await client.until(lambda: client.codes(main) == ["FAL131"])


URIS = ["", "untitled:Untitled-1", "file://", "file:///a%00b.py", "http://[::1/x.py", "file:x.py",
        "file:///nowhere/at/all.py", "file:///%ff%fe.py"]  # fmt: skip


def test_hostile_messages_end_no_session(root: Path) -> None:
    main = root / "app/main.py"

    @serve(root)
    async def _(client: Client) -> None:
        assert client._server is not None
        pipe = client._server.stdin
        assert pipe is not None

        def write_body(body: bytes) -> None:
            pipe.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

        def send(method: str, params: object) -> None:
            message = {"jsonrpc": "2.0", "method": method, "params": params}
            write_body(json.dumps(message).encode())

        for uri in URIS:
            document = {"uri": uri, "languageId": "python", "version": 1, "text": "import fastapi"}
            send("textDocument/didOpen", {"textDocument": document})
            changes = [{"text": "x"}]
            send(
                "textDocument/didChange",
                {"textDocument": {"uri": uri, "version": 2}, "contentChanges": changes},
            )
            send("textDocument/didClose", {"textDocument": {"uri": uri}})
            send("textDocument/didClose", {"textDocument": {"uri": uri}})
        send("textDocument/didOpen", {"textDocument": 1})
        send("workspace/didChangeConfiguration", {"settings": [1, {"select": 2}]})
        send("no/such/notification", {})
        for body in (b"{", b"[]", b'"x"', b"null", b"\xff", b'{"jsonrpc": "1"}'):
            write_body(body)
        send("textDocument/hover", {"x": 1})
        with pytest.raises(Exception, match="Method Not Found"):
            await asyncio.wrap_future(client.protocol.send_request("no/such/request", {}))
        client.open(main)
        await client.until(lambda: client.codes(main) == ["FAL131"])


def test_without_its_extra_the_server_says_what_is_missing(tmp_path: Path) -> None:
    write({"pygls/__init__.py": "raise ModuleNotFoundError('no', name='pygls')\n"}, tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "fastapi_lint", "server"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert 'pip install "fastapi-lint[lsp]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_other_commands_do_not_import_the_protocol(root: Path) -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom fastapi_lint.cli import cli\n"
        "CliRunner().invoke(cli, ['--no-cache'])\n"
        "sys.exit('pygls' in sys.modules or 'lsprotocol' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0


# The parts


LINE = "app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)"


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        LINE + "  # public",
        LINE + "  # fastapi-lint: ignore[FAL601] first",
        LINE.replace("(", "(\n    ", 1),
        LINE.replace("True", 'True, max_age=len("""\n""")'),
        LINE.replace("app.", 'x = """\n"""; app.'),
        LINE.replace("app.", "app\\\n."),
        "if True:\n    " + LINE,
        f"x = 1 \\\n    ; {LINE}",
    ],
    ids=str,
)
def test_an_ignored_finding_is_gone(root: Path, line: str) -> None:
    main = root / "app/main.py"
    text = main.read_text().replace(LINE, line)
    main.write_text(text)
    (finding,) = (f for f in lint(root).findings if f.code == "FAL131")
    edit = suppression(text, finding)
    if edit is None:
        assert "; app" in line, "there is no place only where the lines before go on"
        return
    main.write_text(apply(text, [edit]))
    assert {f.code for f in lint(root).findings} <= {"FAL003"}


def test_lengths_in_units_of_the_client() -> None:
    text = "aé😀"
    assert [units(text, kind) for kind in ("utf-8", "utf-16", "utf-32", None)] == [7, 4, 3, 4]


def test_an_overlay_is_encoded_as_it_declares() -> None:
    assert encode("# coding: latin-1\né") == b"# coding: latin-1\n\xe9"
    assert encode("é") == "é".encode()
    assert encode("# coding: latin-1\n€") == "# coding: latin-1\n€".encode()
