"""The proofs run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest

from .report import stored, table
from .running import Job, Report, runner, started

_REPORTS = pytest.StashKey[list[Report]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_REPORTS] = []


@pytest.fixture(scope="session")
def _started(request: pytest.FixtureRequest) -> Iterator[dict[Job, Future[Report]]]:
    values = [
        value
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        for value in item.callspec.params.values()
    ]
    with started(value for value in values if isinstance(value, Job)) as futures:
        yield futures


@pytest.fixture(scope="session")
def prove_alone() -> Iterator[Callable[[Job], Report]]:
    """Runs the proof of a job, which must hold, and gives what it has seen."""
    with runner() as run:
        yield run


@pytest.fixture
def prove(
    _started: dict[Job, Future[Report]], pytestconfig: pytest.Config
) -> Callable[[Job], Report]:
    """Waits for the proof of a job, which must hold, and gives what it has seen."""

    def wait(job: Job) -> Report:
        report = _started[job].result()
        if job.pins:
            pytestconfig.stash[_REPORTS].append(report)
        return report

    return wait


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if reports := config.stash[_REPORTS]:
        terminalreporter.section("proven by running")
        terminalreporter.write_line(table(stored(reports)))
