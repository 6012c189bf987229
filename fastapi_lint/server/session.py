"""When is a project checked again, and what is known of it meanwhile?"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping
from concurrent.futures import Executor

from ..fix import Edit
from ..rule import Finding
from .diagnostics import Shown, shown
from .options import Options
from .project import Outcome, Project

DELAY = 0.2
"""Seconds without a change before a check begins."""


class Session:
    """Keeps the outcome of one project up to date.

    `take` gives the texts of open files and the options at the moment when a check begins; `tell`
    is called after a check whose outcome is not out of date already.
    """

    def __init__(
        self,
        project: Project,
        worker: Executor,
        take: Callable[[Project], tuple[Mapping[str, bytes], Options, str | None]],
        tell: Callable[[Session], None],
    ) -> None:
        self.project = project
        self.outcome = Outcome()
        self.shown: Mapping[str, tuple[Shown, ...]] = {}
        self._worker = worker
        self._take = take
        self._tell = tell
        self._wanted = 0
        self._done = 0
        self._task: asyncio.Task[None] | None = None

    def touch(self) -> None:
        """Something has changed: check again soon."""
        self._wanted += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._catch_up())

    async def settled(self) -> None:
        """Wait until the outcome is that of the newest state."""
        if self._wanted == 0:
            self.touch()
        while self._done < self._wanted and self._task is not None:
            await asyncio.shield(self._task)

    async def edits(self, finding: Finding) -> Mapping[str, tuple[str, tuple[Edit, ...]]]:
        """As the project's, worked out where it is checked."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self.project.edits, finding)

    def close(self) -> None:
        """Check no more."""
        if self._task is not None:
            self._task.cancel()

    async def _catch_up(self) -> None:
        loop = asyncio.get_running_loop()
        while self._done < self._wanted:
            number = self._wanted
            await asyncio.sleep(DELAY)
            if number != self._wanted:
                continue
            overlays, options, encoding = self._take(self.project)
            outcome = await loop.run_in_executor(
                self._worker, self.project.check, overlays, options
            )
            self._done = number
            if number == self._wanted:
                self.outcome = outcome
                self.shown = shown(outcome, encoding)
                self._tell(self)
                # Runs leave cycles behind. They are collected while nobody waits for an answer.
                loop.run_in_executor(self._worker, gc.collect)
