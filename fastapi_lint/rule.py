"""What a rule is: everything that the author of a rule needs.

A rule overrides the hook of the level it speaks about. Each hook gets one linked object of the
application and yields findings. A rule reads the model; it opens no file, keeps no state between
calls, and says nothing about what the model does not know.
"""

from __future__ import annotations

import enum
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from .fix import Fix

if TYPE_CHECKING:
    from .model.application import Event, ExceptionHandler, Middleware, Place, Route, Router
    from .model.evaluate import Evaluator
    from .model.graph import Use
    from .model.layers import Layer
    from .model.link import Application
    from .model.program import Site
    from .model.scopes import Function, Module
    from .model.tasks.started import Task
    from .versions import Targets


class Severity(str, enum.Enum):
    """How bad it is. Values are what outputs print, from the worst."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Fixability(str, enum.Enum):
    """Whether a rule offers fixes, and whether they can change working behaviour for the worse.

    With `MIXED` each finding says it of its own fix.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    MIXED = "mixed"
    NONE = "none"


@dataclass(frozen=True)
class Related:
    """A second place that a finding speaks about."""

    message: str
    path: str
    span: tuple[int, int, int, int]


@dataclass(frozen=True)
class Finding:
    """One thing to report.

    `path` is absolute; `span` is start row, start column, end row, end column, from 1, the end
    column exclusive. `why` is one sentence about the consequence on the project's versions.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    span: tuple[int, int, int, int]
    help: str | None = None
    why: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = field(default=None, compare=False)

    @property
    def sort_key(self) -> tuple[str, tuple[int, int, int, int], str, str]:
        return self.path, self.span, self.code, self.message


@dataclass(frozen=True)
class Context:
    """What a rule may ask beside the object it is given."""

    application: Application
    _targets: TargetFinder

    def targets(self, module: Module) -> Targets:
        """The versions that the project uses around a module."""
        return self._targets(module)

    def evaluator(self, *, production: bool = False) -> Evaluator:
        """The evaluator of expressions; in the production view development branches are dead."""
        return self.application.program.evaluator(production=production)

    @property
    def near(self) -> Evaluator:
        """The evaluator that looks only into modules that name the framework, and does not ask what
        callers pass. It is enough, and much cheaper, where only the framework's own classes and
        what is made of them matter."""
        from .model.evaluate import Reach

        return self.application.program.evaluator(reach=Reach.NEAR)


class TargetFinder:
    """Finds the target versions for a module; one search per folder."""

    def __call__(self, module: Module) -> Targets:
        raise NotImplementedError


class Rule:
    """A rule. Subclasses set the class attributes and override at least one hook.

    The module's docstring is the rule's documentation: a summary line and the sections Why, Bad,
    Good, and whatever else helps. `positions` names the calls and keywords at which findings stand,
    so that their exact columns are known. `security` says that the mistake lets somebody get at, do
    or exhaust what is not theirs. `versions` are the FastAPI versions on which the rule reports
    anything, as alternative specifiers; none where it does on all. `calls` names the calls that
    `check_call` is asked about.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    default: ClassVar[bool] = True
    security: ClassVar[bool] = False
    fix: ClassVar[Fixability] = Fixability.NONE
    versions: ClassVar[tuple[str, ...]] = ()
    positions: ClassVar[frozenset[str]] = frozenset()
    calls: ClassVar[tuple[str, ...]] = ()

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        """Called once, for all that the project builds."""
        yield from ()

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        """Called for each call of something whose last name is in `calls`."""
        yield from ()

    def check_route(self, route: Route, context: Context) -> Iterator[Finding]:
        """Called for each route, WebSocket routes included."""
        yield from ()

    def check_use(self, use: Use, context: Context) -> Iterator[Finding]:
        """Called for each use of a dependency: a parameter, or an entry of `dependencies=`."""
        yield from ()

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        """Called for each function of the project that is used as a dependency."""
        yield from ()

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        """Called for each middleware that the project defines, registered or not."""
        yield from ()

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        """Called for each registered exception handler."""
        yield from ()

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        """Called for each application."""
        yield from ()

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        """Called for each registered middleware, linked to an application or not."""
        yield from ()

    def check_event(self, event: Event, context: Context) -> Iterator[Finding]:
        """Called for each start-up or shutdown handler that is registered in the old way."""
        yield from ()

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        """Called for each background task or asyncio task that is started."""
        yield from ()

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        """Called for each WebSocket route."""
        yield from ()

    def at(
        self,
        place: Place,
        message: str,
        *,
        help: str | None = None,
        why: str | None = None,
        severity: Severity | None = None,
        related: Iterable[tuple[Place, str]] = (),
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule at a place, and how it can be fixed."""
        return Finding(
            self.code,
            self.name,
            severity or self.severity,
            message,
            place.module.path,
            place.span,
            help,
            why,
            tuple(Related(text, other.module.path, other.span) for other, text in related),
            fix,
        )

    @classmethod
    def documentation(cls) -> Documentation:
        """The parsed docstring of the rule's module."""
        text = sys.modules[cls.__module__].__doc__ or f"{cls.name}: no documentation available."
        return Documentation.parse(text.strip())


_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Documentation:
    """A rule's documentation: its summary line, its sections in order, and the whole text."""

    summary: str
    sections: tuple[tuple[str, str], ...]
    text: str

    @classmethod
    def parse(cls, text: str) -> Documentation:
        """Split a docstring at its `##` headings."""
        head, *rest = _SECTION.split(text)
        sections = tuple(
            (title, body.strip()) for title, body in zip(rest[::2], rest[1::2], strict=True)
        )
        return cls(head.strip().partition("\n")[0], sections, text)

    def section(self, title: str) -> str | None:
        """The text of a section."""
        return dict(self.sections).get(title)

    def example(self, title: str) -> str | None:
        """The first code block of a section: a project as one text."""
        match = _CODE.search(self.section(title) or "")
        return match[1] if match else None
