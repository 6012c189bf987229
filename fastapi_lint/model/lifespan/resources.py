"""Resources: calls that open a client, pool or engine, what holds them, and what releases them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

import msgspec

from ... import ir
from ...walk import children, expressions, own_parts, statement_at, statements, walk
from ..calls import argument_for, keyword
from ..flow import Frame, frames_at
from ..index import Index
from ..program import Program, Site
from ..scopes import Function, Module, Scope, decorator_name
from ..summaries import Summaries
from ..values import (
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Method,
    Value,
)


class Kind(msgspec.Struct, frozen=True):
    """A kind of resource: what to call it, what releases it, and what it belongs to.

    `group` is "http", "redis", "engine", "database", "search", "broker", "cloud" or "scheduler".
    Where `starts` is set, that method opens it, not its constructor.
    """

    title: str
    group: str
    release: tuple[str, ...]
    is_async: bool = True
    starts: str | None = None


_HTTP = Kind("HTTP client", "http", ("aclose",))
_HTTP_SYNC = Kind("HTTP client", "http", ("close",), is_async=False)
_AIOHTTP = Kind("HTTP session", "http", ("close",))
_REDIS = Kind("Redis client", "redis", ("aclose", "close"))
_REDIS_SYNC = Kind("Redis client", "redis", ("close",), is_async=False)
_REDIS_POOL = Kind("Redis pool", "redis", ("aclose", "disconnect"))
_REDIS_POOL_SYNC = Kind("Redis pool", "redis", ("disconnect", "close"), is_async=False)
_ENGINE = Kind("engine", "engine", ("dispose",))
_ENGINE_SYNC = Kind("engine", "engine", ("dispose",), is_async=False)
_MONGO = Kind("MongoDB client", "database", ("close",))
_MONGO_SYNC = Kind("MongoDB client", "database", ("close",), is_async=False)
_POOL = Kind("connection pool", "database", ("close",))
_POOL_SYNC = Kind("connection pool", "database", ("close", "closeall"), is_async=False)
_SEARCH = Kind("search client", "search", ("close",))
_SEARCH_SYNC = Kind("search client", "search", ("close",), is_async=False)
_DRIVER = Kind("database driver", "database", ("close",))
_DRIVER_SYNC = Kind("database driver", "database", ("close",), is_async=False)
_BROKER = Kind("broker connection", "broker", ("close",))
_KAFKA = Kind("Kafka client", "broker", ("stop",), starts="start")
_CLOUD = Kind("AWS client", "cloud", ("close",), is_async=False)
_SCHEDULER = Kind("scheduler", "scheduler", ("shutdown",), starts="start")

_TASK = Kind("endless task", "task", ("cancel",))
_SPAWNERS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})

KINDS: dict[str, Kind] = {
    "httpx.AsyncClient": _HTTP,
    "httpx.Client": _HTTP_SYNC,
    "aiohttp.ClientSession": _AIOHTTP,
    "sqlalchemy.create_engine": _ENGINE_SYNC,
    "sqlalchemy.ext.asyncio.create_async_engine": _ENGINE,
    "pymongo.MongoClient": _MONGO_SYNC,
    "pymongo.AsyncMongoClient": _MONGO,
    "motor.motor_asyncio.AsyncIOMotorClient": _MONGO,
    "asyncpg.create_pool": _POOL,
    "aiomysql.create_pool": _POOL,
    "aiopg.create_pool": _POOL,
    "psycopg_pool.AsyncConnectionPool": _POOL,
    "psycopg_pool.ConnectionPool": _POOL_SYNC,
    "psycopg2.pool.SimpleConnectionPool": _POOL_SYNC,
    "psycopg2.pool.ThreadedConnectionPool": _POOL_SYNC,
    "arq.create_pool": Kind("Redis pool", "redis", ("aclose", "close")),
    "elasticsearch.AsyncElasticsearch": _SEARCH,
    "elasticsearch.Elasticsearch": _SEARCH_SYNC,
    "opensearchpy.AsyncOpenSearch": _SEARCH,
    "opensearchpy.OpenSearch": _SEARCH_SYNC,
    "neo4j.AsyncGraphDatabase.driver": _DRIVER,
    "neo4j.GraphDatabase.driver": _DRIVER_SYNC,
    "aio_pika.connect": _BROKER,
    "aio_pika.connect_robust": _BROKER,
    "nats.connect": Kind("broker connection", "broker", ("close", "drain")),
    "aiokafka.AIOKafkaProducer": _KAFKA,
    "aiokafka.AIOKafkaConsumer": _KAFKA,
    "boto3.client": _CLOUD,
    "boto3.resource": _CLOUD,
    "apscheduler.schedulers.asyncio.AsyncIOScheduler": _SCHEDULER,
    "apscheduler.schedulers.background.BackgroundScheduler": _SCHEDULER,
}
for _prefix in ("redis.asyncio", "redis.asyncio.client", "aioredis", "aioredis.client"):
    KINDS |= dict.fromkeys(
        [f"{_prefix}.{name}" for name in ("Redis", "StrictRedis", "from_url", "Redis.from_url")],
        _REDIS,
    )
KINDS["redis.asyncio.StrictRedis.from_url"] = _REDIS
KINDS |= dict.fromkeys(
    [f"redis{m}.{n}" for m in ("", ".client") for n in ("Redis", "StrictRedis", "Redis.from_url",
                                                        "StrictRedis.from_url", "from_url")],
    _REDIS_SYNC,
)  # fmt: skip
for _name in ("ConnectionPool", "BlockingConnectionPool"):
    for _suffix in ("", ".from_url"):
        KINDS[f"redis.{_name}{_suffix}"] = _REDIS_POOL_SYNC
        KINDS[f"redis.asyncio.{_name}{_suffix}"] = _REDIS_POOL
        KINDS[f"redis.asyncio.connection.{_name}{_suffix}"] = _REDIS_POOL

CALLS: tuple[str, ...] = tuple(dict.fromkeys(name.rpartition(".")[2] for name in KINDS))
"""The last names of the calls that can open a resource."""

RELEASES = (
    "aclose",
    "cancel",
    "cleanup",
    "close",
    "close_all",
    "close_connections",
    "closeall",
    "disconnect",
    "dispose",
    "drain",
    "shutdown",
    "stop",
    "teardown",
    "terminate",
    "__aexit__",
    "__exit__",
)
_RELEASE_WORDS = (
    "close", "cleanup", "clean_up", "dispose", "shutdown", "shut_down", "stop", "teardown",
    "tear_down", "disconnect", "release", "terminate", "cancel", "exit", "drain",
)  # fmt: skip
_ENTERING = frozenset(
    {"enter_async_context", "enter_context", "push", "push_async_exit", "push_async_callback",
     "callback", "aclosing", "closing", "register", "finalize", "addfinalizer"}
)  # fmt: skip
_RELEASING = re.compile("|".join((*RELEASES, *_RELEASE_WORDS, *_ENTERING)).encode())
_MAX_DEPTH = 4
CACHES = ("lru_cache", "cache", "cached", "alru_cache", "singleton")
"""The last names of decorators that keep what a function returns."""


def is_release_name(name: str) -> bool:
    """Whether a function's name says that it releases something."""
    lowered = name.lower()
    return any(word in lowered for word in _RELEASE_WORDS)


class Holder(msgspec.Struct):
    """What holds an opened resource.

    `names` are the last names of the variables, attributes and keys that it is stored in, or in
    something that was made with it. `managed`: a `with` or a stack releases it. `unclear`: it is
    passed on to where it cannot be followed. `kept`: it is stored beyond a local variable.
    """

    names: set[str] = msgspec.field(default_factory=set)
    managed: bool = False
    unclear: bool = False
    returned: bool = False
    kept: bool = False

    def add(self, other: Holder) -> None:
        self.names |= other.names
        self.managed |= other.managed
        self.unclear |= other.unclear
        self.kept |= other.kept


class Resources:
    """Finds opened resources and tells whether anything releases them."""

    def __init__(self, program: Program, index: Index, summaries: Summaries) -> None:
        self._program = program
        self._index = index
        self._summaries = summaries
        self._elsewhere: dict[Module, frozenset[str]] = {}
        self._eval = program.evaluator()

    def kind(self, call: ir.Call, scope: Scope, at: int) -> Kind | None:
        """What a call opens, if that is a resource."""
        if ir.last_name(call.func) not in self._names:
            return None
        for value in self._eval.evaluate(call.func, scope, at):
            if (found := self._kind_of(value)) is not None:
                return found
        return None

    @cached_property
    def _names(self) -> frozenset[str]:
        """The last names of calls that may open something, subclasses and aliases included."""
        return frozenset(self.call_names)

    @cached_property
    def call_names(self) -> tuple[str, ...]:
        """The last names of the calls that can open a resource in this project."""
        names = dict.fromkeys(CALLS)
        queue = list(names)
        while queue:
            for cls in self._program.subclasses(queue.pop()):
                if cls.name not in names:
                    names[cls.name] = None
                    queue.append(cls.name)
        for module in self._index.modules:
            for bound, bindings in module.scope.bindings.items():
                source = bindings[0].source
                if isinstance(source, ir.Import) and source.name in names:
                    names.setdefault(bound)
        return tuple(names)

    def _kind_of(self, value: Value) -> Kind | None:
        match value:
            case External(name):
                return KINDS.get(name)
            case ClassValue(cls):
                for base in sorted(self._eval.external_bases(cls)):
                    if base in KINDS:
                        return KINDS[base]
        return None

    def opened(self, functions: Collection[Function] | None = None) -> Iterator[tuple[Site, Kind]]:
        """Every call (in these functions) that opens a resource, tests left out."""
        for site in self._calls(functions, *self.call_names):
            if not site.module.is_test:
                kind = self.kind(site.call, site.scope, site.at)
                if kind is not None:
                    yield site, kind

    def _calls(self, functions: Collection[Function] | None, *names: str) -> Iterator[Site]:
        if functions is None:
            yield from self._index.calls(*names)
            return
        for function in functions:
            sites = self._program.scope_sites(function.scope)
            for name in names:
                yield from sites.get(name, ())

    def started(self, functions: Collection[Function]) -> Iterator[tuple[Site, Kind]]:
        """Every call in these functions that starts what its constructor does not open."""
        for site in self._calls(functions, "start"):
            func = site.call.func
            if site.module.is_test or not isinstance(func, ir.Attribute):
                continue
            for value in self._eval.evaluate(func.value, site.scope, site.at):
                if isinstance(value, Instance):
                    kind = self._kind_of(value.cls)
                    if kind is not None and kind.starts == "start":
                        yield site, kind
                        break

    def loops(self, functions: Collection[Function]) -> Iterator[tuple[Site, Kind]]:
        """Every asyncio task started in these functions whose function never ends by itself."""
        for site in self._calls(functions, "create_task", "ensure_future"):
            coroutine = site.call.args[0] if site.call.args else None
            if site.module.is_test or not isinstance(coroutine, ir.Call):
                continue
            callees = self._eval.evaluate(site.call.func, site.scope, site.at)
            if not any(isinstance(v, External) and v.name in _SPAWNERS for v in callees):
                continue
            run = self._eval.evaluate(coroutine.func, site.scope, site.at)
            if run and all(
                isinstance(value, (FunctionValue, Method)) and self._is_endless(value.function)
                for value in run
            ):
                yield site, _TASK

    def _is_endless(self, function: Function) -> bool:
        """Whether a coroutine only ends when it is cancelled."""
        ends = self._summaries.ends(function)
        return (
            function.node.is_async
            and not ends.falls
            and all(
                any(map(_is_cancelled, frames_at(function.body, at)))
                for at in (*ends.returns, *ends.raises)
            )
        )

    def leaks(self, functions: Collection[Function]) -> Iterator[tuple[Site, Kind]]:
        """What is opened inside these functions and never released."""
        for site, kind in self.opened(functions):
            if kind.starts is None and kind.group != "cloud" and not is_inert(site.call):
                holder = self.holder(site.call, site.scope, site.at)
                if self._is_held(holder, site) and not self.is_released(holder, site.module):
                    yield site, kind
        for site, kind in self.started(functions):
            assert isinstance(site.call.func, ir.Attribute)
            name = ir.last_name(site.call.func.value)
            holder = Holder({name}) if name is not None else Holder(unclear=True)
            if name is not None and isinstance(site.call.func.value, ir.Name):
                if self._is_opened_here(name, site.scope):
                    holder = Holder({_local(site.scope, name)})
                holder.add(self._uses(name, site.scope, 0))
            if not self.is_released(holder, site.module):
                yield site, kind
        for site, kind in self.loops(functions):
            holder = self.holder(site.call, site.scope, site.at)
            if not self.is_released(holder, site.module) and not holder.names & self._awaited:
                yield site, kind

    def globals(self) -> Iterator[tuple[Site, Kind, str]]:
        """What is opened for the life of the process and never released, with its name.

        That is: bound in a module or class body, or by a function to a global name, or returned by
        a cached function.
        """
        for site, kind in self.opened():
            if kind.starts is not None or is_inert(site.call) or self._in_main(site):
                continue
            name = self._global_name(site)
            if name is None:
                continue
            holder = self.holder(site.call, site.scope, site.at)
            holder.names.add(name)
            if site.scope.kind != "function":
                holder.add(self._uses(name, site.scope, 1))
                holder.unclear = False
            if not self.is_released(holder, site.module):
                yield site, kind, name

    def _in_main(self, site: Site) -> bool:
        return any(
            branch.test is not None
            and any(part == ir.Name("__name__") for part in walk(branch.test))
            for branch in site.path
        )

    def _global_name(self, site: Site, depth: int = 0) -> str | None:
        """The name of the process-wide variable that a call's result is assigned to."""
        node = statement_at(site.scope.body, site.at)
        function = site.scope.owner
        if isinstance(function, Function) and self._is_cached(function):
            return function.name if isinstance(node, (ir.Return, ir.Assign)) else None
        if not isinstance(node, ir.Assign) or node.value is None or node.op is not None:
            return None
        if _plain(node.value) is not site.call or len(node.targets) != 1:
            return None
        match node.targets[0]:
            case ir.Name(name):
                is_global = site.scope.kind != "function" or (
                    site.scope.outside.get(name) == "global"
                )
                return name if is_global else None
            case ir.Attribute(ir.Name(owner), name) if isinstance(function, Function):
                values = self._eval.evaluate(ir.Name(owner), site.scope, site.at)
                if any(isinstance(value, ClassValue) for value in values):
                    return name
                if function.name == "__init__" and self._is_made_once(function, depth):
                    return name
            case ir.Attribute(_, name) if site.scope.kind == "module":
                return name
            case ir.Attribute(ir.Attribute(owner, "state"), name):
                values = self._eval.evaluate(owner, site.scope, site.at)
                if any(isinstance(v, Instance) and v.scope is site.scope for v in values):
                    return name
        return None

    def _is_cached(self, function: Function) -> bool:
        """Whether a library keeps what a function returns; a decorator of the project may also let
        go of it."""
        return any(
            isinstance(value, External)
            for decorator in function.node.decorators
            if decorator_name(decorator) in CACHES
            for value in self._eval.evaluate(
                _callee(decorator.value), function.parent, function.node.at
            )
        )

    def _is_made_once(self, init: Function, depth: int) -> bool:
        """Whether objects with this constructor are made for the life of the process alone."""
        callers = self._eval.callers(init) if depth < _MAX_DEPTH else ()
        return bool(callers) and all(
            (caller.scope.kind == "module" or self._global_name(caller, depth + 1) is not None)
            and not self._in_main(caller)
            for caller in callers
        )

    def _is_held(self, holder: Holder, site: Site) -> bool:
        """Whether something holds a resource when the function that opens it has ended.

        What is returned into a module that the index does not hold cannot be told.
        """
        if holder.returned and site.module not in self._known:
            return False
        owner = site.scope.owner
        is_lifespan = isinstance(owner, Function) and owner.node.is_generator
        return is_lifespan or holder.kept or holder.returned

    @cached_property
    def _awaited(self) -> frozenset[str]:
        """The last names of all that is awaited itself, or through `gather` or `wait`."""
        found: set[str] = set()
        for function in self._index.functions:
            if not function.node.is_async or function.module.is_test:
                continue
            for node in statements(function.body):
                for part in own_parts(node):
                    if isinstance(part, ir.Await):
                        inner = part.value
                        if isinstance(inner, (ir.Name, ir.Attribute)):
                            found |= self._meant(inner, function.scope, node.at)
                        elif isinstance(inner, ir.Call) and ir.last_name(inner.func) in (
                            "gather", "wait", "wait_for", "shield",
                        ):  # fmt: skip
                            for argument in _arguments(inner):
                                found |= self._meant(argument, function.scope, node.at)
        return frozenset(found)

    # What holds it

    def holder(self, call: ir.Call, scope: Scope, at: int, depth: int = 0) -> Holder:
        """What holds the result of a call in the statement at `at`."""
        node = statement_at(scope.body, at)
        if node is None or depth > _MAX_DEPTH:
            return Holder(unclear=True)
        above = next((path for e in expressions(node) if (path := _way(e, call)) is not None), ())
        return self._held(node, above, call, scope, at, depth)

    def _held(
        self,
        node: ir.Stmt,
        above: tuple[ir.Expr, ...],
        call: ir.Expr,
        scope: Scope,
        at: int,
        depth: int,
    ) -> Holder:
        """What holds `call`, which stands in the expressions `above` (outermost first)."""
        holder, inner = Holder(), call
        for outer in reversed(above):
            match outer:
                case ir.Await() | ir.Conditional() | ir.Operation("or" | "and"):
                    pass
                case ir.Starred():
                    holder.unclear = True
                case ir.Assigned(target, _):
                    holder.add(self._stored(target, scope, at, depth))
                case ir.Attribute(_, name):
                    if name in RELEASES:
                        holder.managed = True
                case ir.Call(func) if func is inner or _starts(func, inner):
                    pass
                case ir.Call():
                    holder.add(self._passed(outer, inner, scope, at, depth))
                case ir.Dict(items):
                    holder.names |= {
                        key.value
                        for key, value in items
                        if value is inner
                        and isinstance(key, ir.Constant)
                        and isinstance(key.value, str)
                    }
                case ir.Display():
                    pass
                case ir.Yield():
                    pass
                case _:
                    holder.unclear = True
            inner = outer
        match node:
            case ir.With(entered):
                if any(item is inner for item, _ in entered):
                    holder.managed = True
            case ir.Assign(targets, value) if value is inner:
                part = above[1] if len(above) > 1 else call
                for target in targets:
                    holder.add(self._stored(_paired(target, value, part), scope, at, depth))
            case ir.Return():
                holder.returned = True
                holder.add(self._returned(scope, depth))
            case ir.Expression():
                pass
            case _:
                holder.unclear = True
        return holder

    def _stored(self, target: ir.Expr, scope: Scope, at: int, depth: int) -> Holder:
        match target:
            case ir.Name(name):
                outer = scope.kind != "function" or name in scope.outside
                holder = Holder({name, _local(scope, name)}, kept=outer)
                if isinstance(scope.owner, Function) and depth < _MAX_DEPTH:
                    holder.add(self._uses(name, scope, depth + 1))
                return holder
            case ir.Attribute(_, name):
                return Holder({name}, kept=True)
            case ir.Subscript(value, (index, *_)):
                owner = ir.last_name(value)
                names = {owner} if owner is not None else set()
                if isinstance(index, ir.Constant) and isinstance(index.value, str):
                    names.add(index.value)
                return Holder(names, kept=True)
            case ir.Display(_, items):
                holder = Holder()
                for item in items:
                    holder.add(self._stored(item, scope, at, depth + 1))
                return holder
        return Holder(unclear=True)

    def _uses(self, name: str, scope: Scope, depth: int) -> Holder:
        """What else comes to hold a local variable: aliases, objects made with it, callers."""
        holder = Holder()
        wanted = ir.Name(name)
        for node in statements(scope.body):
            for part in own_parts(node):
                if isinstance(part, ir.Call) and any(
                    _plain(argument) == wanted for argument in _arguments(part)
                ):
                    passed = self._passed(part, wanted, scope, node.at, depth)
                    holder.add(passed)
                    if not passed.managed:
                        holder.add(self._result(node, part, scope, depth))
            match node:
                case ir.Assign(targets, value) if value is not None and _mentions(value, wanted):
                    for target in targets:
                        if target != wanted:
                            holder.add(self._stored(target, scope, node.at, depth))
                    if isinstance(value, ir.Dict):
                        holder.names |= _keys(value, wanted)
                case ir.With(items):
                    if any(_plain(item) == wanted for item, _ in items):
                        holder.managed = True
                case ir.Return(value) if value is not None and _mentions(value, wanted):
                    holder.returned = True
                    holder.add(self._returned(scope, depth))
                case ir.Expression(ir.Yield(ir.Dict() as mapping)):
                    holder.names |= _keys(mapping, wanted)
        return holder

    def _result(self, node: ir.Stmt, call: ir.Call, scope: Scope, depth: int) -> Holder:
        """What holds the object that a resource was passed to."""
        if isinstance(node, ir.Assign) and node.value is not None and _plain(node.value) is call:
            holder = Holder()
            for target in node.targets:
                holder.add(self._stored(target, scope, node.at, depth))
            return holder
        return Holder()

    def _passed(
        self, call: ir.Call, argument: ir.Expr, scope: Scope, at: int, depth: int
    ) -> Holder:
        """What holds an argument of a call."""
        name = ir.last_name(call.func) or ""
        if name in _ENTERING or is_release_name(name):
            return Holder(managed=True)
        holder = Holder()
        if isinstance(call.func, ir.Attribute):
            owner = ir.last_name(call.func.value)
            if owner is not None and owner not in ("self", "cls"):
                holder.names.add(owner)
        for callee in self._eval.evaluate(call.func, scope, at):
            match callee:
                case FunctionValue(function) | Method(function, _) if depth < _MAX_DEPTH:
                    holder.add(self._parameter(function, call, argument, depth))
                case ClassValue(cls):
                    init = self._eval.find_method(cls, "__init__")
                    if init is not None and depth < _MAX_DEPTH:
                        holder.add(self._parameter(init, call, argument, depth))
                    else:
                        holder.names |= {k.name for k in call.keywords if k.name}
                case External():
                    pass
                case _ if isinstance(call.func, ir.Name):
                    holder.unclear = True
        return holder

    def _parameter(
        self, function: Function, call: ir.Call, argument: ir.Expr, depth: int
    ) -> Holder:
        for param in function.node.params:
            given = argument_for(function, param, call)
            if given is not None and _plain(given) == argument:
                return self._uses(param.name, function.scope, depth + 1)
        return Holder()

    def _returned(self, scope: Scope, depth: int) -> Holder:
        """What holds the result of a function, at all calls of it."""
        function = scope.owner
        if not isinstance(function, Function):
            return Holder(unclear=True)
        holder = Holder({function.name})
        for site in self._eval.callers(function):
            holder.add(self.holder(site.call, site.scope, site.at, depth + 1))
        return holder

    # What releases it

    def is_released(self, holder: Holder, module: Module) -> bool:
        """Whether anything in the project (or in `module`) may release what a holder holds."""
        if holder.managed or holder.unclear or holder.names & self._released:
            return True
        return module not in self._known and bool(holder.names & self._released_in(module))

    @cached_property
    def _known(self) -> frozenset[Module]:
        return frozenset(self._index.modules)

    def _released_by(self, scope: Scope) -> set[str]:
        """What the code of a scope, functions and classes in it included, may release."""
        found = set(self._entered(scope))
        for node in statements(scope.body):
            for part in own_parts(node):
                if isinstance(part, ir.Attribute) and part.attr in RELEASES:
                    found |= self._meant(part.value, scope, node.at)
        for function in scope.functions.values():
            if function.node.is_generator or _RELEASING.search(bytes(function.node.packed)):
                found |= set(self._given_to_releases(function))
                found |= self._released_by(function.scope)
        for cls in scope.classes.values():
            found |= self._released_by(cls.scope)
        return found

    def _released_in(self, module: Module) -> frozenset[str]:
        """The same for a module that the index does not hold."""
        if module not in self._elsewhere:
            found = self._released_by(module.scope)
            self._elsewhere[module] = frozenset(found)
        return self._elsewhere[module]

    @cached_property
    def _released(self) -> frozenset[str]:
        """The last names of all that something like `close` is called on (or passed with)."""
        found: set[str] = set()
        for module in self._index.modules:
            if not module.is_test:
                found |= self._released_by(module.scope)
        return frozenset(found)

    def _given_to_releases(self, function: Function) -> Iterator[str]:
        names = [
            name for name in function.node.mentions if is_release_name(name) or name in _ENTERING
        ]
        sites = self._program.scope_sites(function.scope)
        for name in names:
            for site in sites.get(name, ()):
                for argument in _arguments(site.call):
                    yield from self._meant(_plain(argument), site.scope, site.at)

    def _entered(self, scope: Scope) -> Iterator[str]:
        for node in statements(scope.body):
            if isinstance(node, ir.With):
                for item, _ in node.items:
                    plain = _plain(item)
                    if isinstance(plain, (ir.Name, ir.Attribute)):
                        yield from self._meant(plain, scope, node.at)
                    elif isinstance(plain, ir.Call):
                        for argument in _arguments(plain):
                            yield from self._meant(_plain(argument), scope, node.at)

    def _meant(self, node: ir.Expr, scope: Scope, at: int, depth: int = 0) -> set[str]:
        """The names under which what an expression gives may be known elsewhere."""
        found: set[str] = set()
        if isinstance(node, ir.Name) and self._is_opened_here(node.id, scope):
            return {_local(scope, node.id)}
        for part in walk(node):
            match part:
                case ir.Attribute(_, name):
                    found.add(name)
                case ir.Constant(str() as text, _):
                    found.add(text)
                case ir.Name(name):
                    found.add(name)
                    if depth < 2:
                        found |= self._bound_to(name, scope, at, depth)
        return found

    def _is_opened_here(self, name: str, scope: Scope) -> bool:
        """Whether a local variable can only hold what its function itself opens."""
        if scope.kind != "function" or name in scope.outside:
            return False
        bindings = scope.bindings.get(name, ())
        return bool(bindings) and all(
            binding.kind == "value"
            and isinstance(binding.source, (ir.Call, ir.Await))
            and isinstance(opener := _plain(binding.source), ir.Call)
            and self.kind(opener, scope, binding.at) is not None
            for binding in bindings
        )

    def _bound_to(self, name: str, scope: Scope, at: int, depth: int) -> set[str]:
        """The names in what a local variable is bound to, loops and comprehensions included."""
        found: set[str] = set()
        for binding in scope.bindings.get(name, ()):
            if binding.kind in ("value", "item", "enter") and isinstance(binding.source, ir._Node):
                source = binding.source
                if isinstance(source, (ir.Name, ir.Attribute, ir.Call, ir.Display, ir.Await)):
                    found |= self._meant(source, scope, binding.at, depth + 1)
        for node in statements(scope.body):
            if node.at != at:
                continue
            for part in own_parts(node):
                if isinstance(part, ir.Comprehension):
                    for target, iterated, _ in part.sources:
                        if any(inner == ir.Name(name) for inner in walk(target)):
                            found |= self._meant(iterated, scope, at, depth + 1)
        return found

    # Where it lives

    def is_part_of_application(self, module: Module) -> bool:
        """Whether a module is imported by another one of the project, or builds an app itself."""
        return module.path in self._imported

    @cached_property
    def _imported(self) -> frozenset[str]:
        found: dict[str, None] = {}
        for module in self._index.modules:
            if not module.is_test:
                found |= dict.fromkeys(self._imports(module))
        for path in (queue := [path for path in found if path.endswith("__init__.py")]):
            package = self._program.module(path)
            if package is not None and package not in self._known:
                more = [path for path in self._imports(package) if path not in found]
                found |= dict.fromkeys(more)
                queue.extend(path for path in more if path.endswith("__init__.py"))
        return frozenset(found)

    def _imports(self, module: Module) -> Iterator[str]:
        """The other files of the project that a module imports."""
        importer = self._program.importer
        bodies: list[Iterable[ir.Stmt]] = [module.node.body]
        bodies.extend(function.body for function in module.functions())
        for body in bodies:
            for node in statements(body):
                if isinstance(node, ir.Import):
                    path = importer.resolve(module.path, node.module, node.level)
                    inner = (
                        importer.submodule(path, node.name)
                        if path is not None and node.name is not None
                        else None
                    )
                    for one in (path, inner):
                        if one is not None and one != module.path:
                            yield one


def is_inert(call: ir.Call) -> bool:
    """Whether what a call opens holds nothing of its own.

    That is: an engine without a pool, a client in process, a client of a pool that was given to it.
    """
    pool = keyword(call, "poolclass")
    transport = keyword(call, "transport")
    return (
        (pool is not None and ir.last_name(pool) in ("NullPool", "StaticPool"))
        or (isinstance(transport, ir.Call) and ir.last_name(transport.func) == "ASGITransport")
        or isinstance(keyword(call, "connection_pool"), (ir.Name, ir.Attribute))
    )


def _local(scope: Scope, name: str) -> str:
    """What tells a local variable from others of that name."""
    return f"{scope.module.path}:{id(scope)}:{name}"


def _paired(target: ir.Expr, value: ir.Expr, part: ir.Expr) -> ir.Expr:
    """The target that gets one part of `first, second = one, other`."""
    match target, value:
        case ir.Display(_, targets), ir.Display(_, items) if len(targets) == len(items):
            return next((t for t, i in zip(targets, items, strict=True) if i is part), target)
    return target


def _way(node: ir.Expr | None, wanted: ir.Expr) -> tuple[ir.Expr, ...] | None:
    """The expressions around `wanted` within `node`, outermost first; `None` if it is not there."""
    if node is None:
        return None
    if node is wanted:
        return ()
    for child in children(node):
        way = _way(child, wanted)
        if way is not None:
            return (node, *way)
    return None


def _is_cancelled(frame: Frame) -> bool:
    """Whether a place stands in an `except` clause for the cancellation of a task."""
    if not isinstance(frame.node, ir.Try) or frame.part != "handler":
        return False
    caught = frame.node.handlers[frame.index].catches
    return caught is not None and ir.last_name(caught) == "CancelledError"


def _callee(node: ir.Expr) -> ir.Expr:
    return node.func if isinstance(node, ir.Call) else node


def _arguments(call: ir.Call) -> tuple[ir.Expr, ...]:
    return (*call.args, *[keyword.value for keyword in call.keywords])


def _plain(node: ir.Expr) -> ir.Expr:
    while isinstance(node, (ir.Await, ir.Starred)):
        node = node.value
    return node


def _starts(func: ir.Expr, inner: ir.Expr) -> bool:
    """Whether a called expression is a method chain that begins with `inner`."""
    while isinstance(func, (ir.Attribute, ir.Call)):
        func = func.value if isinstance(func, ir.Attribute) else func.func
        if func is inner:
            return True
    return False


def _mentions(value: ir.Expr, wanted: ir.Expr) -> bool:
    """Whether a value is the wanted name, or a display that holds it."""
    match value:
        case ir.Await(inner) | ir.Starred(inner) | ir.Assigned(_, inner):
            return _mentions(inner, wanted)
        case ir.Display(_, items):
            return any(_mentions(item, wanted) for item in items)
        case ir.Dict(items):
            return any(_mentions(item, wanted) for _, item in items)
        case ir.Conditional(_, body, orelse):
            return _mentions(body, wanted) or _mentions(orelse, wanted)
    return value == wanted


def _keys(mapping: ir.Dict, wanted: ir.Expr) -> set[str]:
    return {
        key.value
        for key, value in mapping.items
        if value == wanted and isinstance(key, ir.Constant) and isinstance(key.value, str)
    }
