"""Random projects from a grammar: all of Python's forms, in the vocabulary of FastAPI."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_LIBRARY = {
    "fastapi": "FastAPI APIRouter Depends Security Request Response WebSocket BackgroundTasks "
    "HTTPException Query Path Body Form File UploadFile Header Cookie status",
    "fastapi.middleware.cors": "CORSMiddleware",
    "fastapi.middleware.gzip": "GZipMiddleware",
    "fastapi.responses": "JSONResponse StreamingResponse RedirectResponse FileResponse",
    "fastapi.exceptions": "RequestValidationError",
    "fastapi.security": "OAuth2PasswordBearer HTTPBearer APIKeyHeader HTTPBasic SecurityScopes",
    "starlette.middleware.base": "BaseHTTPMiddleware",
    "starlette.middleware": "Middleware",
    "starlette.middleware.sessions": "SessionMiddleware",
    "starlette.applications": "Starlette",
    "starlette.routing": "Mount Route Router",
    "contextlib": "asynccontextmanager contextmanager suppress",
    "typing": "Annotated Any Optional",
    "functools": "partial lru_cache wraps",
    "sqlalchemy.orm": "Session sessionmaker",
    "sqlalchemy": "create_engine",
    "pydantic": "BaseModel",
    "pydantic_settings": "BaseSettings",
    "asyncio": "create_task gather sleep run",
    "jwt": "encode decode",
    "os": "environ getenv",
}
_OWN = ("app", "router", "dep", "handler", "settings", "get_db", "db", "tasks", "a", "b", "self")
_ATTRIBUTES = (
    "get post put delete patch websocket include_router add_middleware mount add_api_route state "
    "on_event middleware exception_handler add_exception_handler add_task dependency_overrides "
    "commit rollback close accept receive_json send_json headers cookies app router url "
    "user_middleware setdefault append extend items __init__ __call__ dispatch routes "
    "lifespan_context"
).split()
_KEYWORDS = (
    "dependencies prefix tags lifespan middleware exception_handlers allow_origins status_code "
    "allow_credentials allow_methods response_model scopes scope use_cache dependency secret_key "
    "on_startup routes redirect_slashes max_age https_only auto_error detail default alias "
    "responses"
).split()
_STRINGS = (
    "'*'", "'/'", "'/{id}'", "''", "'startup'", "'http'", "'function'", "b'x'", "f'{a}'",
    "'Session'", "f'/{a!r:>{b}}'", "'https://example.com'", "rb'\\d'", "'\\udc80'", "'a' 'b'",
)  # fmt: skip
_OPERATORS = (
    "+", "-", "*", "/", "%", "|", "&", "^", "<<", ">>", "**", "//", "@", "and", "or", "==", "!=",
    "<", "is", "in", "not in", "is not",
)  # fmt: skip


class Generator:
    """Makes random projects; the same `Random` state gives the same project."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._depth = 0

    def project(self) -> dict[str, bytes]:
        """Some modules that import from each other and from the libraries."""
        count = self._random.randint(1, 4)
        self._modules = [f"m{number}" for number in range(count)]
        return {f"{name}.py": self._module().encode("utf-8", "replace") for name in self._modules}

    def _module(self) -> str:
        lines = [self._import() for _ in range(self._random.randint(3, 9))]
        lines += ["app = FastAPI()", "router = APIRouter()"]
        for _ in range(self._random.randint(3, 14)):
            lines += self._statement()
        return "\n".join(lines) + "\n"

    def _pick(self, *makers: Callable[[], str]) -> str:
        return self._random.choice(makers)()

    def _import(self) -> str:
        random = self._random
        if random.random() < 0.3:
            module = random.choice(self._modules)
            what = random.choice(("*", *_OWN))
            return random.choice(
                (
                    f"from {module} import {what}",
                    f"import {module}",
                    f"from .{module} import {what}",
                )
            )
        module = random.choice(list(_LIBRARY))
        names = random.choice((_LIBRARY[module], random.choice(_LIBRARY[module].split())))
        alias = f" as {random.choice(_OWN)}" if " " not in names and random.random() < 0.1 else ""
        if random.random() < 0.1:
            return f"import {module}{alias}"
        return f"from {module} import {', '.join(names.split())}{alias}"

    # Expressions

    def _name(self) -> str:
        random = self._random
        if random.random() < 0.5:
            return random.choice(_OWN)
        return random.choice(_LIBRARY[random.choice(list(_LIBRARY))].split())

    def _expression(self) -> str:
        if self._depth > 5 or self._random.random() < 0.35:
            return self._pick(self._name, self._name, self._string, self._constant)
        self._depth += 1
        try:
            return self._pick(
                self._attribute, self._attribute, self._call, self._call, self._call,
                self._operation, self._display, self._dict, self._subscript, self._comprehension,
                self._lambda, self._conditional, self._await, self._walrus, self._annotated,
            )  # fmt: skip
        finally:
            self._depth -= 1

    def _string(self) -> str:
        return self._random.choice(_STRINGS)

    def _constant(self) -> str:
        return self._random.choice(("1", "0.5", "True", "None", "...", "404", "1_0j", "0x_f"))

    def _attribute(self) -> str:
        return f"{self._name()}.{self._random.choice(_ATTRIBUTES)}"

    def _arguments(self) -> str:
        random = self._random
        parts = [self._expression() for _ in range(random.randint(0, 2))]
        parts += [
            f"{k}={self._expression()}" for k in random.sample(_KEYWORDS, random.randint(0, 2))
        ]
        if random.random() < 0.1:
            parts.append(f"**{self._name()}")
        if random.random() < 0.1:
            parts.insert(0, f"*{self._name()}")
        return ", ".join(parts)

    def _call(self) -> str:
        return f"{self._pick(self._name, self._attribute)}({self._arguments()})"

    def _operation(self) -> str:
        operator = self._random.choice(_OPERATORS)
        return f"({self._expression()} {operator} {self._expression()})"

    def _display(self) -> str:
        items = ", ".join(self._expression() for _ in range(self._random.randint(1, 3)))
        return self._random.choice((f"[{items}]", f"({items},)", f"{{{items}}}", f"[*{items}]"))

    def _dict(self) -> str:
        return f"{{{self._expression()}: {self._expression()}, **{self._name()}}}"

    def _subscript(self) -> str:
        index = self._random.choice((self._expression(), f"{self._name()}:", "*a", "::1, ..."))
        return f"{self._name()}[{index}]"

    def _annotated(self) -> str:
        return f"Annotated[{self._name()}, Depends({self._name()})]"

    def _comprehension(self) -> str:
        body = f"{self._expression()} for {self._random.choice(_OWN)} in {self._expression()}"
        return self._random.choice((f"[{body}]", f"({body} if a)", f"{{{body}}}"))

    def _lambda(self) -> str:
        return f"(lambda a, *b, c=1: {self._expression()})"

    def _conditional(self) -> str:
        return f"({self._expression()} if {self._expression()} else {self._expression()})"

    def _await(self) -> str:
        return self._random.choice((f"(await {self._expression()})", f"(yield {self._name()})"))

    def _walrus(self) -> str:
        return f"({self._random.choice(_OWN)} := {self._expression()})"

    # Statements

    def _statement(self) -> list[str]:
        random = self._random
        if self._depth > 3 or random.random() < 0.45:
            return [self._small()]
        self._depth += 1
        try:
            return random.choice(
                (self._function, self._function, self._function, self._class, self._compound)
            )()
        finally:
            self._depth -= 1

    def _small(self) -> str:
        e, own = self._expression, self._random.choice(_OWN)
        return self._random.choice(
            (
                lambda: f"{own} = {e()}",
                lambda: f"{own}: {e()} = {e()}",
                lambda: f"{own} += {e()}",
                lambda: f"{own}.{self._random.choice(_ATTRIBUTES)} = {e()}",
                lambda: f"{own}, *b = {e()}",
                e, self._call, self._call,
                lambda: f"return {e()}",
                lambda: f"yield {e()}",
                lambda: f"raise {e()} from {own}",
                lambda: f"assert {e()}, {own}",
                lambda: f"del {own}",
                lambda: f"global {own}",
                lambda: self._random.choice(("pass", "break", "continue", "raise", "return")),
                self._import,
                lambda: f"type {own} = {e()}",
            )
        )()  # fmt: skip

    def _block(self) -> list[str]:
        body: list[str] = []
        for _ in range(self._random.randint(1, 3)):
            body += self._statement()
        return [f"    {line}" for line in body]

    def _function(self) -> list[str]:
        random = self._random
        decorators = [f"@{self._pick(self._attribute, self._call, self._name)}"]
        if random.random() < 0.6:
            verb = random.choice(_ATTRIBUTES)
            decorators = [f"@{random.choice(('app', 'router'))}.{verb}({self._arguments()})"]
        parameters = [
            random.choice(
                (n, f"{n}: {self._expression()}", f"{n}: {self._name()} = {self._call()}")
            )
            for n in random.sample(_OWN, random.randint(0, 3))
        ]
        signature = f"{random.choice(('', 'async '))}def {random.choice(_OWN)}"
        head = f"{signature}(*, {', '.join(parameters)}):" if parameters else f"{signature}():"
        return [*decorators[: random.randint(0, 2)], head, *self._block()]

    def _class(self) -> list[str]:
        name = self._random.choice(_OWN)
        return [f"class {name}({self._pick(self._name, self._name, self._call)}):", *self._block()]

    def _compound(self) -> list[str]:
        e, block = self._expression, self._block
        return self._random.choice(
            (
                lambda: [f"if {e()}:", *block(), f"elif {e()}:", *block(), "else:", *block()],
                lambda: [f"for {self._random.choice(_OWN)} in {e()}:", *block(), "else:", *block()],
                lambda: [f"async for a in {e()}:", *block()],
                lambda: [f"while {e()}:", *block()],
                lambda: [f"with {e()} as a, {e()}:", *block()],
                lambda: [f"async with {e()} as (a, b):", *block()],
                lambda: ["try:", *block(), f"except {e()} as a:", *block(), "finally:", *block()],
                lambda: ["try:", *block(), f"except* {self._name()}:", *block()],
                lambda: [f"match {e()}:", "    case [a, *b] | {'k': a, **b}:", *_deeper(block()),
                         "    case Session(x=1) as a if a:", *_deeper(block())],
            )
        )()  # fmt: skip


def _deeper(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
