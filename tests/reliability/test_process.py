"""The process: signals, closed and full streams, hostile modules, environments, determinism."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ..command import COMMAND
from .support import FOUND, MOMENTS, check, found, run

_CACHE = ".fastapi_lint_cache"


def _enlarge(root: Path) -> None:
    """Make the project large enough for several processes."""
    for number in range(60):
        text = "from fastapi import FastAPI\n" + f"x = f({number}, [1, 2, 3])\n" * 300
        (root / f"m{number}.py").write_text(text)


def _children(process: int) -> list[int]:
    try:
        return [*map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
    except OSError:
        return []


def _is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_at_any_moment(root: Path, number: signal.Signals) -> None:
    _enlarge(root)
    chance = random.Random(number)
    command = [*COMMAND, "--jobs", "2", "--output-format", "json"]
    for _ in range(MOMENTS):
        with subprocess.Popen(
            command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            time.sleep(0.15 + chance.random() * 1.5)
            children = _children(process.pid)
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
        assert process.returncode in (1, -number, 128 + number)
        if out or process.returncode == 1:  # the signal came when all was printed
            assert {finding["code"] for finding in json.loads(out)} == {code for _, code in FOUND}
        assert b"Traceback" not in err
        deadline = time.monotonic() + 2
        while any(map(_is_running, children)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not any(map(_is_running, children))
    assert found(run(root, "--output-format", "json")) == FOUND


def test_a_signal_while_processes_work_ends_them_too(root: Path) -> None:
    _enlarge(root)
    probe = (
        "import os, sys, time, fastapi_lint.observer as o\n"
        "def slow(*_):\n"
        "    while True: pass\n"
        "o.observe = slow\n"
        "sys.argv = ['fastapi-lint', '--jobs', '2', '--no-cache']\n"
        "from fastapi_lint.entry import main\n"
        "main()"
    )
    with subprocess.Popen([sys.executable, "-c", probe], cwd=root) as process:
        deadline = time.monotonic() + 30
        while len(children := _children(process.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(children) == 2
        process.terminate()
        assert process.wait(10) == -signal.SIGTERM
    time.sleep(0.2)
    assert not any(map(_is_running, children))


def test_standard_input_that_is_closed_is_empty(root: Path) -> None:
    script = '"$@" <&-'
    command = ["sh", "-c", script, "sh", *COMMAND, "-"]
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"No findings in 1 file")


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-", ">&- 2>&- <&-"])
def test_closed_streams(root: Path, closing: str) -> None:
    script = f'"$@" {closing}'
    command = ["sh", "-c", script, "sh", *COMMAND, "--output-format", "concise"]
    for _ in range(2):
        _age(root)
        done = subprocess.run(command, cwd=root, capture_output=True, timeout=60)
        assert done.returncode == 1
        assert done.stdout.count(b"FAL131") == (">&-" not in closing.replace("2>&-", ""))
        assert b"Traceback" not in done.stderr


def _age(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.mark.parametrize("args", [("check",), ("rule", "--all"), ("rule", "FAL131"), ("--help",)])
def test_a_reader_that_goes_away_is_no_error(root: Path, args: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, *args], cwd=root, stdout=writing, stderr=subprocess.PIPE, timeout=60
    )
    os.close(writing)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert done.returncode in (0, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_the_report_is_said(root: Path) -> None:
    for _ in range(2):
        _age(root)
        with open("/dev/full", "wb") as full:
            done = subprocess.run(COMMAND, cwd=root, stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 2
        assert done.stderr.count(b"error: cannot write: No space left on device") == 1


TRAPS = (
    "click", "libcst", "fastapi", "starlette", "typing", "rich", "msgspec", "pathspec", "packaging",
    "sitecustomize", "usercustomize", "conftest", "setup", "rules", "tomllib", "ast", "re", "gc",
    "_signal", "dataclasses", "fastapi_lint_plugin",
)  # fmt: skip


@pytest.mark.parametrize("script", [False, True])
def test_analysed_code_is_never_run(root: Path, script: bool) -> None:
    trap = f"open({str(root / 'canary')!r}, 'w')\n"
    for name in TRAPS:
        (root / f"{name}.py").write_text(trap)
        (root / "app" / f"{name}.py").write_text(trap)
    (root / "__init__.py").write_text(trap)
    command = [str(Path(sys.executable).with_name("fastapi-lint"))] if script else [*COMMAND]
    for status, folder, arguments in (
        (1, root, ["--no-cache", "--select", "ALL"]),
        (1, root / "app", ["--no-cache", "--select", "ALL"]),
        (1, root, ["--diff", "--unsafe-fixes", "--no-cache"]),
        (0, root, ["map", "--no-cache"]),
        (0, root, ["rule", "FAL131"]),
        (0, root, ["server"]),
    ):
        done = subprocess.run(
            [*command, *arguments], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL
        )
        assert done.returncode == status, (arguments, done.stderr)
    assert not (root / "canary").exists()


_AUDIT = """
import os, sys
root = os.path.realpath(os.getcwd()) + os.sep
seen = []
def hook(event, args):
    path = args[0] if args else None
    if event.split(".")[0] in ("socket", "subprocess", "ctypes", "urllib") or event == "os.system":
        seen.append((event, repr(args)))
    elif event == "exec" and args[0].co_filename.startswith(root):
        seen.append((event, args[0].co_filename))
    elif event == "open" and isinstance(path, str) and args[2] & (os.O_WRONLY | os.O_RDWR):
        if ".fastapi_lint_cache" not in path:
            seen.append((event, path))
    elif event in ("os.remove", "os.rename", "os.mkdir", "os.rmdir"):
        if ".fastapi_lint_cache" not in str(path):
            seen.append((event, str(path)))
sys.argv = ["fastapi-lint", *sys.argv[1:]]
sys.dont_write_bytecode = True
from fastapi_lint.entry import main
sys.addaudithook(hook)
try:
    main()
finally:
    print(seen, file=sys.stderr)
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_opens_no_connection_and_writes_only_its_cache(root: Path, jobs: str) -> None:
    command = [sys.executable, "-c", _AUDIT, "--jobs", jobs, "--select", "ALL"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "env",
    [
        {"HOME": "/nonexistent"},
        {"HOME": ""},
        {"HOME": "/proc/1/root"},
        {"TERM": "dumb"},
        {"COLUMNS": "20"},
        {"COLUMNS": "zero", "LINES": "-1"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp437", "FORCE_COLOR": "1"},
        {"TMPDIR": "/nonexistent"},
    ],
)
def test_any_environment_will_do(root: Path, env: dict[str, str]) -> None:
    (root / "é.py").write_text('from fastapi import FastAPI\napp = FastAPI(title="汉é")\n')
    for arguments, status in (((), 1), (("rule", "FAL131"), 0)):
        assert run(root, *arguments, env=env, fresh=True).returncode == status


@pytest.mark.parametrize("flags", [("-OO",), ("-W", "error"), ("-X", "dev"), ("-I",), ("-P",)])
def test_any_interpreter_flags_will_do(root: Path, flags: tuple[str, ...]) -> None:
    main = root / "app/main.py"
    main.write_text(main.read_text() + "x = '\\d' '\\udc80'\ny = 1 is 1\nassert (x, y)\n")
    if flags == ("-P",) and sys.version_info < (3, 11):
        pytest.skip("there is no such flag")
    command = [sys.executable, *flags, "-m", "fastapi_lint", "--output-format", "json"]
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=60)
    assert found(done) == FOUND
    assert not [
        line
        for line in done.stderr.splitlines()
        if not line.startswith((b"2 findings", b"Fixable"))
    ]


def test_a_working_directory_that_is_gone(root: Path) -> None:
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    (root / "gone").mkdir()
    command = ["sh", "-c", script, "sh", str(root / "gone"), *COMMAND, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "error: the working directory" in done.stderr


def test_an_error_in_the_engine_itself_is_named(root: Path) -> None:
    probe = (
        "import sys, fastapi_lint.engine as e\n"
        "class Odd(Exception):\n"
        "    def __str__(self): raise ValueError\n"
        "def broken(*_): raise Odd\n"
        "e.link = broken\n"
        "sys.argv = ['fastapi-lint', '--no-cache']\n"
        "from fastapi_lint.entry import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=root, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("internal error; please report it:\n")
    assert "Odd" in done.stderr


def test_the_order_of_everything_is_fixed(root: Path, tmp_path: Path) -> None:
    _enlarge(root)
    (root / "wrong.py").write_text("import fastapi\ndef f(:\n")
    paths = [str(root / name) for name in ("app", "wrong.py", "m1.py")]
    given = ("--no-cache", "--output-format", "json")
    outputs = {
        run(folder, *given, *arguments, env={"PYTHONHASHSEED": seed}, fresh=True).stdout
        for folder, arguments, seed in (
            (tmp_path, paths, "1"),
            (tmp_path, paths, "1"),
            (tmp_path, paths[::-1], "2"),
            (root / "app", [*paths, "--jobs", "1"], "3"),
            (root, [*paths, "--jobs", "7"], "4"),
        )
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(
    "missing",
    [
        "def fork(): raise OSError(11, 'Resource temporarily unavailable')\nos.fork = fork\n",
        "del os.fork\n",
        "os.sched_getaffinity = lambda _: {0}\nsys.argv = []\n",
    ],
    ids=["refused", "unknown", "one processor"],
)
def test_where_no_process_can_be_had_one_does_all(root: Path, missing: str) -> None:
    _enlarge(root)
    probe = (
        f"import os, sys\n{missing}"
        "sys.argv = ['fastapi-lint', '--no-cache', '--jobs', '4', '--output-format', 'json']\n"
        "from fastapi_lint.entry import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=root, capture_output=True)
    assert found(done) == FOUND


def test_prose_of_the_project_is_not_repeated(root: Path) -> None:
    """Messages quote names and values, not what somebody has written for a reader."""
    main = root / "app/main.py"
    words = "Ignore all previous instructions"
    main.write_text(
        f'"""{words}."""\n# {words}\n{main.read_text()}    """{words}."""\n    # {words}\n'
    )
    (root / "requirements.txt").write_text(f"# {words}\nfastapi==0.115.6\n")
    for name in ("concise", "json", "github", "sarif"):
        done = run(root, "--no-cache", "--select", "ALL", "--output-format", name)
        assert done.returncode == 1
        assert words.encode() not in done.stdout + done.stderr


def test_memory_stays_small_whatever_lies_around(root: Path) -> None:
    for name in ("sparse.py", "uv.lock", "pyproject.toml", "app/.gitignore"):
        (root / name).touch()
        os.truncate(root / name, 10_000_000_000)
    done = run(root, "--no-cache", "--output-format", "json", limit=1_000_000_000)
    assert found(done) == FOUND


def test_text_of_the_project_is_shown_as_it_is(root: Path) -> None:
    main = root / "app/main.py"
    origins = "['*', '\x1b]0;x\x07[bold]:smile:\u202e'], allow"
    main.write_text(main.read_text().replace("ORIGINS, allow", origins))
    (root / "requirements-\x1b[31m.txt").write_text("fastapi==0.115.6\n")
    (root / "requirements.txt").unlink()
    for arguments in ((), ("--output-format", "concise"), ("--output-format", "json")):
        done = run(root, "--no-cache", *arguments)
        assert done.returncode == 1
        shown = (done.stdout + done.stderr).decode()
        assert not {"\x1b", "\x07", "\u202e"} & {*shown}
    assert "[bold]:smile:" in run(root, "--no-cache").stdout.decode()
    assert check(root) == FOUND
