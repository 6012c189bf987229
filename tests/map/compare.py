"""Compare the map of a real project with what FastAPI reports of it, by hand.

    python -m tests.map.compare FOLDER module:app --python VENV/bin/python

`FOLDER` is where the application is imported, with the interpreter of an environment that has the
project's requirements; variables that its settings need are taken from the environment.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fastapi_lint.config import Loaded, Settings
from fastapi_lint.engine import Request, run
from fastapi_lint.map.build import build
from fastapi_lint.roots import project_root

from .support import differences, key, real


def main() -> int:
    """Print the numbers and each difference; 1 if there is any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("app")
    parser.add_argument("--python", default=sys.executable)
    given = parser.parse_args()
    folder = given.folder.resolve()
    found = real(folder, given.app, given.python)
    request = Request((str(folder),), Loaded(Settings(), None), project_root((str(folder),)))
    map_ = build(run(request))
    expected = {(verbs, path) for verbs, path, _ in found["routes"]}
    app = max(map_.apps, key=lambda a: len(expected & {key(route) for _, route in a.served()}))
    missing, surplus = differences(app, found)
    calls = {(verbs, path): names for verbs, path, names in found["routes"]}
    wrong = []
    for _, route in app.served():
        names = [node.name for node in route.calls() if node.kind in ("function", "generator")]
        if names != calls.get(key(route), names):
            wrong.append((route.label, names, calls[key(route)]))
    middleware = [entry.name for entry in app.middleware]
    print(f"{map_.version.label}; application {app.name} of {app.location}")  # noqa: T201
    print(f"{len(expected)} routes, {len(missing)} missing, {len(surplus)} too many; ", end="")  # noqa: T201
    print(f"dependencies differ in {len(wrong)}; middleware {len(middleware)}", end="")  # noqa: T201
    print(" as it is" if middleware == found["middleware"] else f", not {found['middleware']}")  # noqa: T201
    for title, lines in (("missing", missing), ("too many", surplus), ("calls", wrong)):
        for line in lines[:12]:
            print(f"  {title}: {line}")  # noqa: T201
    for place in app.unresolved:
        print(f"  unresolved: {place.name} at {place.location}")  # noqa: T201
    return 1 if missing or surplus else 0


if __name__ == "__main__":
    sys.exit(main())
