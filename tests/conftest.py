"""Slow tests run only when asked for by `-m` and their marker."""

from __future__ import annotations

import pytest

_ON_REQUEST = ("matrix", "installs")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unasked = [name for name in _ON_REQUEST if name not in config.option.markexpr]
    left = [item for item in items if any(map(item.get_closest_marker, unasked))]
    if left:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)
