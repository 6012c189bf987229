"""Which routers are included in more ways than can be followed?

Routers that include one another twice, or each other, lead to their routes in a number of ways that
grows exponentially. FastAPI itself would never finish building such an application.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from msgspec.structs import replace

from .application import Include, Mount, Router

MAX_WAYS = 100
"""In how many ways one `include_router` or `mount` is reached from one application or router."""


def disperse(owners: Collection[Router]) -> None:
    """Take every include and mount for unknown that is reached in more than `MAX_WAYS` ways."""
    entries = Counter(child for owner in owners for _, child in _edges(owner))
    if all(count == 1 for count in entries.values()):
        return
    crowded: set[Include | Mount] = set()
    for owner in owners:
        _walk(owner, (owner,), Counter(), crowded)
    for owner in owners:
        owner.unresolved.extend(i.site for i in owner.includes if i in crowded)
        owner.includes[:] = [include for include in owner.includes if include not in crowded]
        owner.mounts[:] = [
            replace(mount, app=None) if mount in crowded else mount for mount in owner.mounts
        ]


def _edges(owner: Router) -> Iterator[tuple[Include | Mount, Router]]:
    for include in owner.includes:
        yield include, include.child
    for mount in owner.mounts:
        if mount.app is not None:
            yield mount, mount.app


def _walk(
    owner: Router,
    above: tuple[Router, ...],
    ways: Counter[Include | Mount],
    crowded: set[Include | Mount],
) -> None:
    for edge, child in _edges(owner):
        if edge in crowded or child in above:
            continue
        ways[edge] += 1
        if ways[edge] > MAX_WAYS:
            crowded.add(edge)
        else:
            _walk(child, (*above, child), ways, crowded)
