"""The proofs run side by side; those of the matrix only when asked for by `-m matrix`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest

from .report import table
from .running import Job, Report, started

_REPORTS = pytest.StashKey[list[Report]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_REPORTS] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "matrix" not in config.option.markexpr:
        matrix = [item for item in items if item.get_closest_marker("matrix")]
        items[:] = [item for item in items if item not in matrix]
        config.hook.pytest_deselected(items=matrix)


@pytest.fixture(scope="session")
def _started(request: pytest.FixtureRequest) -> Iterator[dict[Job, Future[Report]]]:
    parameters = [getattr(item, "callspec", None) for item in request.session.items]
    jobs = [spec.params["job"] for spec in parameters if spec and "job" in spec.params]
    with started(jobs) as futures:
        yield futures


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
        terminalreporter.write_line(table(reports))
