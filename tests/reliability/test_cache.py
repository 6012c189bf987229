"""The cache: whatever happens to it and to the project, a run prints what a cold one would."""

from __future__ import annotations

import os
import random
import runpy
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from fastapi_lint import storage, warm
from fastapi_lint.cache import digests, fingerprint, own_files
from fastapi_lint.cli import check as check_command
from fastapi_lint.cli import cli, draw_map
from fastapi_lint.config import Loaded, Settings, load
from fastapi_lint.engine import Inputs, Report, Request
from fastapi_lint.engine import run as lint
from fastapi_lint.report import renderer

from ..command import COMMAND
from ..fuzz.generate import Generator
from ..fuzz.mutate import Mutator, projects
from .support import FOUND, found, run

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CONCISE = ("--output-format", "concise")
FOLDER = ".fastapi_lint_cache"
STEPS = int(os.environ.get("FASTAPI_LINT_STEPS", "25"))


def _age(root: Path) -> None:
    """Make everything but the cache old enough to be trusted by its time."""
    for path in (root, *root.rglob("*")):
        if FOLDER not in path.parts:
            os.utime(path, (1_700_000_000, 1_700_000_000), follow_symlinks=False)


def _report(root: Path, cache: Path | None, select: tuple[str, ...] | None) -> Report:
    settings = Loaded(Settings(select=select), None)
    folder = str(cache) if cache is not None else None
    return lint(Request((str(root),), settings, str(root), cache_folder=folder))


class _Editor:
    """Edits, moves, removes and renames the files of a project at random."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self._root = root
        self._chance = chance
        self._mutator = Mutator(chance, projects(FIXTURES / "middleware"))
        for _ in range(2):
            self._add(Generator(chance).project())
        self._add(self._mutator.project())

    def _add(self, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            folder = self._root / self._chance.choice(("", "pkg", "pkg/inner"))
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

    def step(self) -> None:
        """Change something, and sometimes make all times old and equal."""
        if self._chance.random() < 0.5:
            _age(self._root)
        files = sorted(self._root.rglob("*.py"))
        actions: list[Callable[[], object]] = [
            lambda: self._add(self._mutator.project()),
            lambda: self._add(Generator(self._chance).project()),
            lambda: (self._root / "requirements.txt").write_text(
                f"fastapi==0.{self._chance.choice((95, 106, 115, 118))}.0\n"
            ),
        ]
        if files:
            one, two = self._chance.choice(files), self._chance.choice(files)
            actions += [
                lambda: one.unlink(),
                lambda: one.rename(one.with_name(f"n{self._chance.randrange(99)}.py")),
                lambda: one.replace(two),
                lambda: self._swap(one, two),
                lambda: one.write_bytes(one.read_bytes() + b"# end\n"),
                lambda: shutil.copyfile(one, one.with_name("copy.py")),
                lambda: (
                    one.parent.rename(self._root / f"d{self._chance.randrange(9)}")
                    if one.parent != self._root
                    else None
                ),
            ]
        with suppress(OSError):  # a folder in the way: nothing has changed then
            self._chance.choice(actions)()

    def _swap(self, one: Path, two: Path) -> None:
        """Exchange the contents of two files, padded to the same size, by renaming them."""
        size = max(len(one.read_bytes()), len(two.read_bytes())) + 1
        for path in {one, two}:
            path.write_bytes(path.read_bytes().ljust(size - 1, b"#") + b"\n")
        _age(self._root)
        spare = one.with_name("spare")
        one.rename(spare)
        if one != two:
            two.rename(one)
        spare.rename(two)


@pytest.mark.parametrize("seed", range(2))
def test_a_cached_run_equals_a_cold_one_after_any_change(tmp_path: Path, seed: int) -> None:
    """With `FASTAPI_LINT_STEPS=1000` in the environment this takes many more steps."""
    root = tmp_path / "project"
    chance = random.Random(seed)
    editor = _Editor(root, chance)
    for step in range(STEPS):
        editor.step()
        if not any(root.rglob("*.py")):
            continue
        select = chance.choice((None, ("ALL",)))
        cached = _report(root, tmp_path / "cache", select)
        cold = _report(root, None, select)
        render = renderer("json")
        assert render(cached) == render(cold), step
        assert (cached.findings, cached.summary) == (cold.findings, cold.summary), step


@pytest.mark.parametrize("seed", range(1))
def test_a_repeated_command_equals_a_cold_one_after_any_change(tmp_path: Path, seed: int) -> None:
    root = tmp_path / "project"
    chance = random.Random(seed)
    editor = _Editor(root, chance)
    for step in range(max(4, STEPS // 5)):
        arguments = (*CONCISE, *chance.choice(((), ("--select", "ALL"))))
        (root / "keep.py").write_text("import fastapi\n")
        run(root, *arguments)
        run(root, *arguments)
        editor.step()
        (root / "keep.py").write_text("import fastapi\n")
        for _ in range(2):
            cached = run(root, *arguments)
            cold = run(root, *arguments, "--no-cache")
            assert (cached.stdout, cached.stderr, cached.returncode) == (
                cold.stdout, cold.stderr, cold.returncode,
            ), step  # fmt: skip


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "garbage": lambda data: bytes(range(256)) * 10,
    "truncated": lambda data: data[: len(data) // 2],
    "longer": lambda data: data + b"\0",
    "one_bit": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "deep": lambda data: b"\x91" * 1_000_000,
    "large_claims": lambda data: b"\x93\xa1x\x01\xdf\xff\xff\xff\xff",
    "pickle": lambda data: b"cos\nsystem\n(S'touch canary'\ntR.",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_and_hostile_entries_are_ignored(root: Path, damage: str) -> None:
    cold = run(root, *CONCISE, "--no-cache")
    for _ in range(2):
        run(root, *CONCISE)
        _age(root)
    files = [path for path in (root / FOLDER).iterdir() if path.name != ".gitignore"]
    assert len(files) >= 2
    for path in files:
        path.write_bytes(DAMAGE[damage](path.read_bytes()))
    for _ in range(2):
        done = run(root, *CONCISE)
        assert (done.stdout, done.stderr, done.returncode) == (cold.stdout, cold.stderr, 1)
    assert not (root / "canary").exists()


@pytest.mark.parametrize("kind", ["fifo", "folder", "sparse", "link", "device"])
def test_things_in_the_place_of_entries_are_ignored(root: Path, kind: str) -> None:
    run(root, *CONCISE)
    victim = root / "victim.txt"
    victim.write_text("precious")
    for path in [*(root / FOLDER).iterdir()]:
        if path.name == ".gitignore":
            continue
        path.unlink()
        if kind == "fifo":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "sparse":
            path.touch()
            os.truncate(path, 10_000_000_000)
        else:
            path.symlink_to(victim if kind == "link" else "/dev/zero")
    for _ in range(2):
        assert run(root, *CONCISE).stdout.count(b"FAL131") == 1
    assert victim.read_text() == "precious"


def test_a_cache_that_came_with_the_project_is_not_believed(root: Path, tmp_path: Path) -> None:
    """Even one that this very tool has written, for a project that lay at this very place."""
    for _ in range(2):
        run(root, *CONCISE)
        _age(root)
    shutil.copytree(root / FOLDER, tmp_path / "copy")
    name = next(p.name for p in (root / FOLDER).iterdir() if p.name.startswith("outcome-"))
    assert storage.read(str(root / FOLDER), name) is not None
    shutil.rmtree(root / FOLDER)
    shutil.copytree(tmp_path / "copy", root / FOLDER)
    assert storage.read(str(root / FOLDER), name) is None
    assert storage.read(str(root / FOLDER), "facts") is None


def test_a_cache_folder_that_leads_elsewhere_is_not_used(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / FOLDER).symlink_to(tmp_path / "elsewhere")
    for _ in range(2):
        assert run(root, *CONCISE).stdout.count(b"FAL131") == 1
    assert run(root, "clean").stdout == b"No cache to remove.\n"
    assert [*(tmp_path / "elsewhere").iterdir()] == []


def test_a_cache_that_cannot_be_written_is_no_error(root: Path) -> None:
    (root / FOLDER).write_text("a file")
    assert found(run(root, "--output-format", "json")) == FOUND
    if Path("/proc/self").exists():
        done = run(root, "--output-format", "json", "--cache-dir", "/proc/self/nowhere")
        assert found(done) == FOUND
    done = run(root, "--output-format", "json", "--cache-dir", "/dev/full")
    assert found(done) == FOUND


def test_a_full_disk_leaves_nothing_behind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fastapi_lint.storage.os.replace", refuse)
    storage.write(str(root / FOLDER), "facts", b"x")
    assert [path.name for path in (root / FOLDER).iterdir()] == [".gitignore"]


def test_a_disk_that_fills_up_meanwhile_is_no_error(root: Path) -> None:
    """A process that may write files of a hundred bytes only."""
    cold = run(root, *CONCISE, "--no-cache").stdout
    script = 'ulimit -f 0 && exec "$@"'
    for _ in range(2):
        command = ["sh", "-c", script, "sh", *COMMAND, *CONCISE]
        done = subprocess.run(command, cwd=root, capture_output=True)
        assert (done.returncode, done.stdout) == (1, cold), done.stderr
        assert b"Traceback" not in done.stderr
    assert [path.name for path in (root / FOLDER).iterdir()] == [".gitignore"]
    assert run(root, *CONCISE).stdout == cold


def test_facts_depend_on_the_tool_the_parser_and_the_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = own_files()
    names = {"/".join(Path(path).parts[-2:]) for path in own}
    assert {"fastapi_lint/engine.py", "syntax/parse.py", "libcst/_version.py"} <= names
    assert any("rules" in Path(path).parts for path in own)
    path = tmp_path / "part.py"

    def made(*wanted: str) -> str:
        return fingerprint(digests([str(path)]), wanted)

    path.write_text("x = 1\n")
    before = made("f")
    assert made("f") == before != made("f", "g")
    path.write_text("x = 2\n")
    after = made("f")
    assert after != before
    monkeypatch.setattr("fastapi_lint.cache.sys.version", "3.99")
    assert made("f") != after


def test_an_outcome_depends_on_the_tool_and_all_that_was_read(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.fastapi-lint]\n")
    seen = _report(root, None, None).inputs.seen
    assert {*own_files(), *map(str, root.rglob("*.py"))} <= seen.keys()
    assert {str(root / "requirements.txt"), str(root), str(root / "app")} <= seen.keys()
    loaded = load(str(root / "pyproject.toml"))
    assert loaded.path in lint(Request((str(root),), loaded, str(root))).inputs.seen


def test_many_runs_at_once_and_cleaning_between_them(root: Path) -> None:
    cold = run(root, *CONCISE, "--no-cache").stdout
    started = [
        subprocess.Popen([*COMMAND, *CONCISE], cwd=root, stdout=subprocess.PIPE) for _ in range(8)
    ]
    run(root, "clean")
    assert {process.communicate(timeout=120)[0] for process in started} == {cold}
    assert run(root, *CONCISE).stdout == cold
    assert not [*(root / FOLDER).glob("*.tmp")]


def test_killed_runs_leave_a_usable_cache(root: Path) -> None:
    chance = random.Random(1)
    cold = run(root, *CONCISE, "--no-cache").stdout
    for _ in range(5):
        with subprocess.Popen([*COMMAND, *CONCISE], cwd=root, stdout=subprocess.DEVNULL) as process:
            time.sleep(0.2 + chance.random())
            process.send_signal(signal.SIGKILL)
        assert run(root, *CONCISE).stdout == cold


def test_a_change_during_a_run_is_not_taken_for_the_state_that_was_judged(root: Path) -> None:
    """A file that changes after it was read, long before a slow run ends."""
    _age(root)
    begun = time.time_ns()
    paths, argv = (str(root),), [str(root)]
    folder = str(root / FOLDER)
    (root / "app/config.py").write_text("ORIGINS = []\n")  # after it was read
    inputs = Inputs({str(root / "app/config.py"): ""})
    warm.store(argv, paths, folder, begun, 1, "stale", "", inputs)
    assert warm.replay(argv) is None


def test_a_file_put_in_place_of_another_is_noticed(root: Path) -> None:
    """Same size and same time, by renaming."""
    config = root / "app/config.py"
    spare = root / "spare.txt"
    spare.write_text('ORIGINS = ["+"]\n')
    for _ in range(2):
        run(root, *CONCISE)
        _age(root)
    run(root, *CONCISE)
    spare.replace(config)
    _age(root)
    assert b"FAL131" not in run(root, *CONCISE).stdout


def test_an_outcome_holds_in_a_new_checkout(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Other times and identities, the same contents: what was printed is printed again."""
    arguments = [str(root), "--cache-dir", str(root.parent / "caches"), *CONCISE]
    monkeypatch.chdir(root.parent)
    monkeypatch.setattr(warm, "_FRESH_NS", 0)
    monkeypatch.setattr(sys, "argv", ["fastapi-lint", *arguments])
    with pytest.raises(SystemExit):
        cli([*arguments])
    cold = capfd.readouterr()
    shutil.copytree(root, root.parent / "copy")
    shutil.rmtree(root)
    (root.parent / "copy").rename(root)
    (root / ".mypy_cache").mkdir()
    assert warm.replay(arguments) == 1
    assert capfd.readouterr() == cold
    (root / "app/config.py").write_text("ORIGINS = []\n")
    assert warm.replay(arguments) is None


def test_contents_are_looked_into_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        run(root, *CONCISE)
    looked: list[str] = []

    def now(path: str, seen: str, _: int) -> str:
        looked.append(path)
        return seen

    monkeypatch.chdir(root)
    monkeypatch.setattr("fastapi_lint.contents.now", now)
    monkeypatch.setattr(warm, "_FRESH_NS", 0)
    os.utime(root / "app/config.py", (1_700_000_001, 1_700_000_001))
    for _ in range(2):
        assert warm.replay([*CONCISE]) == 1
    assert looked == [str(root / "app/config.py")]


def test_what_a_repeated_run_imports() -> None:
    """Everything that is loaded costs time; neither the parser nor the rules are."""
    code = (
        "import os, sys; before = {*sys.modules}; "
        "import fastapi_lint.entry, fastapi_lint.warm; print(*{*sys.modules} - before)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True)
    listed = runpy.run_path(str(FIXTURES.parent / "benchmarks" / "warm_imports.py"))
    assert {*done.stdout.split()} == listed["AT_START"]


@pytest.mark.parametrize("way", ["option", "equals", "environment"])
def test_the_cache_may_lie_where_the_user_says(root: Path, tmp_path: Path, way: str) -> None:
    folder = tmp_path / "caches"
    arguments = {"option": ("--cache-dir", str(folder)), "equals": (f"--cache-dir={folder}",)}
    env = {storage.VARIABLE: str(folder)} if way == "environment" else {}
    given = arguments.get(way, ())
    done = [run(root, *CONCISE, *given, env=env).stdout for _ in range(3)]
    assert len({*done}) == 1
    assert not (root / FOLDER).exists()
    (own,) = folder.iterdir()
    assert (own / "facts").is_file()
    (folder / "mine.txt").write_text("mine")
    cleaned = run(root, "clean", *given, env=env)
    assert cleaned.stdout == b"Removed 1 cache (2 files).\n"
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_clean_removes_the_caches_of_a_project_and_nothing_else(root: Path) -> None:
    run(root)
    (root / FOLDER / "mine.txt").write_text("mine")
    (root / "inner").mkdir()
    shutil.copytree(root / FOLDER, root / "inner" / FOLDER)
    (root / "inner" / FOLDER / "mine.txt").unlink()
    done = run(root, "clean", "app")
    assert (done.returncode, done.stdout) == (0, b"Removed 2 caches (4 files).\n")
    assert [path.name for path in (root / FOLDER).iterdir()] == ["mine.txt"]
    assert not (root / "inner" / FOLDER).exists()
    assert run(root, "clean").stdout == b"No cache to remove.\n"


def test_no_cache_neither_reads_nor_writes(root: Path) -> None:
    run(root, "--no-cache")
    assert not (root / FOLDER).exists()


def test_old_and_superfluous_entries_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "caches" / ("0" * 32)
    other = tmp_path / "caches" / ("1" * 32)
    for number in range(storage.MAX_OUTCOMES + 10):
        storage.write(str(folder), f"{storage.OUTCOME}{number}", b"x")
    storage.write(str(other), storage.FACTS, b"x")
    (folder / "facts-1-2.tmp").touch()
    for path in (folder / "outcome-1", folder / "facts-1-2.tmp", other / "facts"):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    storage.tidy(str(folder))
    storage.tidy_beside(str(folder))
    assert len([*folder.glob("outcome-*")]) == storage.MAX_OUTCOMES
    assert not (folder / "outcome-1").exists()
    assert not [*folder.glob("*.tmp")]
    assert not other.exists()


@pytest.mark.parametrize("options", [(), ("--baseline", "accepted.json")])
def test_a_project_in_a_repository_is_repeated_without_an_ignore_file_above(
    root: Path, options: tuple[str, ...]
) -> None:
    """What was looked for in vain does not keep an outcome from being stored."""
    run(root, "baseline", "create", "--select", "FAL601", "--baseline", "accepted.json")
    (root.parent / ".git").mkdir()
    for _ in range(2):
        assert b"FAL131" in run(root, *CONCISE, *options).stdout
        _age(root)
    assert b"FAL131" in run(root, *CONCISE, *options).stdout
    assert [*(root / FOLDER).glob("outcome-*")]
    (root.parent / ".gitignore").write_text("main.py\n")
    assert b"FAL131" not in run(root, *CONCISE, *options).stdout


def test_options_that_take_values_are_known_to_the_fast_path() -> None:
    valued = {
        option
        for parameter in (*check_command.params, *draw_map.params)
        if parameter.param_type_name == "option" and not getattr(parameter, "is_flag", False)
        for option in parameter.opts
    }
    assert valued == warm.VALUED


@pytest.mark.parametrize("options", [(), ("--format", "json"), ("--route", "GET:/docs")])
def test_a_map_is_repeated_until_something_changes(root: Path, options: tuple[str, ...]) -> None:
    (root / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    _age(root)
    first = run(root, "map", *options)
    assert first.returncode == 0
    traced = {"PYTHONPROFILEIMPORTTIME": "1"}
    again = run(root, "map", *options, env=traced, fresh=True)
    assert again.stdout == first.stdout
    assert b"fastapi_lint.warm" in again.stderr
    assert b"fastapi_lint.engine" not in again.stderr
    (root / "main.py").write_text("from fastapi import FastAPI\nother = FastAPI()\n")
    changed = run(root, "map", *options, env=traced, fresh=True)
    assert b"fastapi_lint.engine" in changed.stderr
