"""Mounted applications: what stands above them, and which of them need to be started."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..application import Mount, Router
from ..calls import keyword
from ..values import External, Instance

if TYPE_CHECKING:
    from ..link import Application

_MCP_APPLICATIONS = frozenset(
    {
        "fastmcp.FastMCP().http_app",
        "fastmcp.FastMCP().streamable_http_app",
        "mcp.server.fastmcp.FastMCP().streamable_http_app",
        "mcp.server.MCPServer().streamable_http_app",
        "mcp.server.mcpserver.MCPServer().streamable_http_app",
    }
)


def is_dead_server(parent: Router, mount: Mount, application: Application) -> bool:
    """Whether what is mounted is an MCP server, and nothing starts it."""
    call, scope = mount.site.call, mount.site.scope
    target = call.args[1] if len(call.args) > 1 else keyword(call, "app")
    if mount.site.module.is_test or target is None:
        return False
    values = application.program.evaluator().evaluate(target, scope, mount.site.at)
    return all(
        isinstance(value, Instance)
        and isinstance(value.cls, External)
        and value.cls.name in _MCP_APPLICATIONS
        for value in values
    ) and all(
        application.lifespans.starts_any(ancestor) is False
        for ancestor in (parent, *above(parent, application, ()))
    )


def above(app: Router, application: Application, seen: tuple[Router, ...]) -> Iterator[Router]:
    """The applications that mount an application, and those above them."""
    for other in application.apps:
        if other not in (app, *seen) and any(mount.app is app for mount in other.mounts):
            yield other
            yield from above(other, application, (*seen, app))


def holder_of(sub: Router, application: Application) -> Router | None:
    """The application or router in it that has something to start or stop."""
    parts = application.lifespans.parts(sub)
    return next((p for p in parts if p.events or application.lifespans.has(p)), None)
