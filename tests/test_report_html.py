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

    def dom(self, page: str, scheme: str = "light") -> tuple[str, str]:
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
            f"--blink-settings=preferredColorScheme={('dark', 'light').index(scheme)}",
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


@needs_chromium
def test_text_can_be_read_in_light_and_in_dark(page: str, browser: Browser) -> None:
    """The contrast of every text with what it stands on, as the WCAG computes it: at least 4.5."""
    script = """
        const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
        const light = (colour) => {
          const [r, g, b] = numbers(colour).slice(0, 3).map((part) => {
            const x = part / 255;
            return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const below = (item) => {
          for (; item; item = item.parentElement) {
            const colour = getComputedStyle(item).backgroundColor;
            if (numbers(colour)[3] !== 0) return colour;
          }
        };
        document.querySelectorAll("details").forEach((each) => { each.open = true; });
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        let worst = [99, ""];
        while (walker.nextNode()) {
          const item = walker.currentNode.parentElement;
          if (!walker.currentNode.data.trim() || item.offsetParent === null) continue;
          const pair = [light(getComputedStyle(item).color), light(below(item))].sort();
          const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
          if (contrast < worst[0]) worst = [contrast, walker.currentNode.data];
        }
        const back = getComputedStyle(document.body).backgroundColor;
        document.title = [light(back).toFixed(2), worst[0].toFixed(2), worst[1]].join(" ");
    """
    backs = []
    for scheme in ("light", "dark"):
        dom, log = browser.dom(_with_script(page, script), scheme)
        assert "CONSOLE" not in log
        found = re.search(r"<title>(\S+) (\S+) (.*?)</title>", dom, re.DOTALL)
        assert found is not None
        backs.append(float(found[1]))
        assert float(found[2]) >= 4.5, (scheme, found[3])
    assert backs[0] > 0.8
    assert backs[1] < 0.1


@needs_chromium
def test_a_narrow_page_is_as_wide_as_its_window(page: str, browser: Browser) -> None:
    """The table of routes scrolls by itself; the page does not."""
    script = """
        document.body.style.width = "380px";
        document.querySelectorAll("main, header").forEach((each) => {
          each.style.margin = 0;
        });
        const wide = [...document.querySelectorAll("main, main > *, .app > *, .finding")]
          .filter((each) => each.getBoundingClientRect().right > 400);
        document.title = "wide " + wide.length;
    """
    dom, _ = browser.dom(_with_script(page, script))
    assert "<title>wide 0</title>" in dom
