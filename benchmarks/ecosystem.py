"""What a change does to findings in real projects: `python benchmarks/ecosystem.py OLD NEW FOLDER`.

OLD and NEW are revisions of this repository. FOLDER holds public repositories, each in a folder
`owner__name` and at the commit that `ecosystem.txt` pins; with `--all`, other folders are checked
as well. Nothing is fetched. Both revisions run from work trees of their own, with the interpreter
and the libraries that run this. Prints the findings that came and went, as a diff, and the totals;
status 1 if a run failed.
"""

from __future__ import annotations

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SECONDS = 600
"""After which a run over one project counts as failed."""


def main() -> int:
    """Compare two revisions; 1 if one of them failed on a project."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="check all projects in the folder")
    parser.add_argument("--select", default="ALL")
    options = parser.parse_args()
    projects = sorted(path for path in options.folder.resolve().iterdir() if path.is_dir())
    if not options.all:
        lines = (HERE / "ecosystem.txt").read_text(encoding="utf-8").splitlines()
        pinned = {line.split()[0].replace("/", "__") for line in lines}
        projects = [path for path in projects if path.name in pinned]
    added = removed = failed = 0
    with tempfile.TemporaryDirectory() as place:
        trees = [_tree(revision, Path(place)) for revision in (options.old, options.new)]
        try:
            for project in projects:
                try:
                    old, new = (_findings(tree, project, options.select) for tree in trees)
                except (OSError, subprocess.SubprocessError) as error:
                    print(f"{project.name}: {error}")
                    failed += 1
                    continue
                lines = [*difflib.unified_diff(old, new, project.name, project.name, n=0)][2:]
                changes = [line for line in lines if line[0] in "+-"]
                added += sum(line[0] == "+" for line in changes)
                removed += sum(line[0] == "-" for line in changes)
                if changes:
                    print(f"--- {project.name}", *changes, sep="\n", flush=True)
        finally:
            for tree in trees:
                _git("worktree", "remove", "--force", str(tree))
    print(f"{len(projects)} projects: {added} findings more, {removed} fewer, {failed} failures")
    return 1 if failed else 0


def _tree(revision: str, place: Path) -> Path:
    commit = _git("rev-parse", "--verify", f"{revision}^{{commit}}").strip()
    tree = Path(tempfile.mkdtemp(dir=place)) / "tree"
    _git("worktree", "add", "--detach", str(tree), commit)
    return tree


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(HERE), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _findings(tree: Path, project: Path, select: str) -> list[str]:
    command = [
        sys.executable, "-m", "fastapi_lint", "check", str(project), "--no-cache", "--isolated",
        "--select", select, "--output-format", "concise",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode not in (0, 1) and "nothing to check" not in done.stderr:
        raise subprocess.SubprocessError(done.stderr.strip())
    prefix = os.path.join(os.path.relpath(project, tree), "")
    return [line.removeprefix(prefix) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    sys.exit(main())
