"""What a person at a terminal sees while a run takes long."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 1.0
"""Seconds after which a bar is drawn."""
_INTERVAL = 0.1


@contextmanager
def shown(wanted: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A function to be told about progress; a bar on standard error shows it, and goes at the end.

    It is drawn on a terminal only. The signal of a timer redraws it: a thread would be in the way
    of the processes that are forked.
    """
    if not (wanted and sys.stderr.isatty() and hasattr(signal, "setitimer")):
        yield lambda what, done, total: None
        return
    bar = _Bar()
    before = signal.signal(signal.SIGALRM, bar.draw)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield bar.tell
    finally:
        bar.close()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _Bar:
    """The bar. What it needs is imported when it is made: signals may come amid an import."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[count]}", markup=False),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task("Reading files", total=None, count="")
        self._what, self._done, self._total = "Reading files", 0, 0
        self._is_drawn = self._is_closed = False

    def tell(self, what: str, done: int, total: int) -> None:
        """Take note of how far the run is."""
        self._what, self._done, self._total = what, done, total

    def draw(self, number: int, frame: FrameType | None) -> None:
        """Draw or redraw the bar, and see to it that this is repeated: the signal's handler."""
        if self._is_closed:
            return
        is_known = self._done > 0
        self._progress.update(
            self._task,
            description=self._what,
            completed=self._done,
            total=self._total if is_known else None,
            count=f"{self._done}/{self._total}" if is_known else "",
        )
        if not self._is_drawn:
            self._is_drawn = True
            self._progress.start()
        self._progress.refresh()
        signal.setitimer(signal.ITIMER_REAL, _INTERVAL)

    def close(self) -> None:
        """Remove the bar."""
        self._is_closed = True
        if self._is_drawn:
            self._progress.stop()
