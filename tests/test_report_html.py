"""The HTML report: what is on the page, that it is safe, and that it works in a browser."""

from __future__ import annotations

import http.server
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from fastapi_lint.report.html import render

from .pages import check_page
from .support import lint, project, write

PROJECT = """
# --- main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # </script><b>

@app.get("/items", tags=["<img src=x onerror=alert(1)>"])
def read_items(): ...

@app.get("/users")
def read_users(): ...

@app.on_event("startup")
def start(): ...
"""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture
def page(tmp_path: Path) -> str:
    write(project(PROJECT), tmp_path)
    return render(lint(tmp_path, select=("FAL131", "FAL601"), fastapi_version="0.165.0"))


def test_page(page: str) -> None:
    check_page(page)
    assert re.findall(r"<h2>([^<]+)<small>(\d+)", page) == [
        ("Middleware and CORS", "1"),
        ("Start-up and shutdown", "1"),
    ]
    assert page.count('<article class="finding"') == 2
    assert "# &lt;/script&gt;&lt;b&gt;" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert '<td class="path">/<wbr>items</td>' in page


def test_nothing_found(tmp_path: Path) -> None:
    write({"main.py": "x = 1\n"}, tmp_path)
    page = render(lint(tmp_path))
    check_page(page)
    assert "No findings." in page
    assert "No application is made in these files." in page


class _Recorder(http.server.SimpleHTTPRequestHandler):
    requested: list[str]
    body: bytes

    def do_GET(self) -> None:
        self.requested.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Browser:
    """Chromium, without a window, on a page that is served on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.requested: list[str] = []

    def dom(self, page: str) -> tuple[str, str]:
        """The document after its scripts have run, and what the browser logged."""
        known = {"requested": self.requested, "body": page.encode()}
        recorder = type("Recorder", (_Recorder,), known)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), recorder)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert CHROMIUM is not None
        flags = (
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-dev-shm-usage", "--enable-logging=stderr", "--v=0", "--dump-dom",
            "--virtual-time-budget=2000", f"--user-data-dir={self._folder}",
        )  # fmt: skip
        try:
            done = subprocess.run(
                [CHROMIUM, *flags, f"http://127.0.0.1:{server.server_port}/page"],
                capture_output=True, text=True, timeout=90, check=True,
            )  # fmt: skip
        finally:
            server.shutdown()
        return done.stdout, done.stderr


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path / "profile")


def _with_script(page: str, script: str) -> str:
    """The page with a script of the test, which its policy must be told to let run."""
    allowed = page.replace("script-src ", "script-src &#x27;unsafe-inline&#x27; ", 1)
    allowed = re.sub(
        r"(script-src &#x27;unsafe-inline&#x27;) &#x27;sha256-[^;]*&#x27;", r"\1", allowed
    )
    assert allowed != page
    return allowed.replace("</body>", f"<script>{script}</script></body>")


@needs_chromium
def test_page_in_a_browser(page: str, browser: Browser) -> None:
    dom, log = browser.dom(page)
    assert "CONSOLE" not in log
    assert browser.requested in (["/page"], ["/page", "/favicon.ico"])
    assert dom.count('<article class="finding"') == 2
    assert "hidden" not in re.sub(r"<style>.*?</style>|<script>.*?</script>", "", dom, flags=re.S)


@needs_chromium
def test_filters_work_in_a_browser(page: str, browser: Browser) -> None:
    script = """
        const count = (query) => [...document.querySelectorAll(query)]
          .filter((item) => item.offsetParent !== null).length;
        const seen = () => `${count("article")}/${count(".routes tbody[data-text]")}`;
        const found = [seen()];
        const search = document.getElementById("search");
        const type = (text) => {
          search.value = text;
          search.dispatchEvent(new Event("input"));
          found.push(seen());
        };
        type("cors");
        type("/users");
        type("");
        document.querySelector("input[data-severity=error]").click();
        found.push(seen());
        document.title = found.join(" ");
    """
    dom, log = browser.dom(_with_script(page, script))
    assert "CONSOLE" not in log
    title = re.search(r"<title>(.*?)</title>", dom)
    assert title is not None
    assert title[1] == "2/6 1/0 0/1 2/6 1/6"
