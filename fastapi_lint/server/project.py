"""What does the linter find in a project, some of whose files are open and unsaved?"""

from __future__ import annotations

import os
import traceback
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..config import Loaded, Settings, discover, load
from ..engine import Request, Run
from ..errors import UserError
from ..fix import Edit, Unfixable
from ..fixes import Workbench
from ..judging import Crash
from ..roots import is_inside, project_root
from ..rule import Finding, Rule
from ..storage import folder_for
from .options import Options
from .text import lines_of


@dataclass(frozen=True)
class Outcome:
    """The findings of a run by path, and the lines of the files that they speak about.

    `error` says why there are none; `crashes` are rules that failed.
    """

    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    crashes: tuple[Crash, ...] = ()
    error: str | None = None


class Project:
    """The files below a folder that have one configuration. Facts of unchanged files are kept."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.root = project_root((folder,))
        self._last: Run | None = None

    def holds(self, path: str) -> bool:
        """Whether a file is read when the project is."""
        return is_inside(path, self.root)

    def check(self, overlays: Mapping[str, bytes], options: Options) -> Outcome:
        """Lint, with overlays in the place of files. Never raises for what a project contains."""
        try:
            return self._check(overlays, options)
        except UserError as error:
            return Outcome(error=error.message + (f" ({error.hint})" if error.hint else ""))
        except Exception:  # a bug must not end the session of an editor
            return Outcome(error=f"internal error; please report it:\n{traceback.format_exc()}")

    def edits(self, finding: Finding) -> Mapping[str, tuple[str, tuple[Edit, ...]]]:
        """The edits of a finding's fix with the texts that they change, by path; none if it fails.

        The finding must be one of the last check.
        """
        if self._last is None or finding.fix is None:
            return {}
        bench = Workbench(self._last.content, self._last.application.program.is_shared)
        try:
            found = bench.complete(finding)
            return {path: (bench.source(path).text, edits) for path, edits in found.items()}
        except Unfixable:
            return {}

    def _check(self, overlays: Mapping[str, bytes], options: Options) -> Outcome:
        path = options.configuration or discover(self.folder)
        loaded = load(os.path.abspath(path)) if path is not None else Loaded(Settings(), None)
        settings = options.applied_to(loaded.settings)
        request = Request(
            paths=(self.folder,),
            loaded=Loaded(settings, loaded.path),
            root=self.root,
            overlays=overlays,
            cache_folder=folder_for(self.root, None),
            processes=1,
            version_origin="editor" if options.fastapi_version else "configuration",
        )
        before = self._last
        if before is not None and before.settings.plugins != settings.plugins:
            before = None
        run = Run(request, before)
        if not any(is_inside(file, self.folder) for file in run.files):
            return Outcome()
        report = run.report()
        self._last = run
        findings: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in report.findings:
            findings[finding.path].append(finding)
        places = {related.path for finding in report.findings for related in finding.related}
        return Outcome(
            findings={path: tuple(found) for path, found in findings.items()},
            lines={
                path: lines_of(path, run.observer.content(path)) for path in places | {*findings}
            },
            rules={rule.code: rule for rule in run.rules},
            crashes=report.crashes,
        )
