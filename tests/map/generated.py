"""Random applications that run: routers in routers, prefixes, mounts, dependencies, middleware."""

from __future__ import annotations

from random import Random

_VERBS = ("get", "post", "put", "delete", "patch")
_HEAD = """\
from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Security, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from starlette.middleware.base import BaseHTTPMiddleware

from settings import *
from needs import *

"""
_PREFIXES = ("", "/one", "/two/{item}", "/three")
_STACK = {
    "gzip": "{app}.add_middleware(GZipMiddleware, minimum_size=500)",
    "cors": "{app}.add_middleware(CORSMiddleware, allow_origins=['https://a.example'])",
    "own": "class Own(BaseHTTPMiddleware):\n    pass\n\n\n{app}.add_middleware(Own)",
    "function": "@{app}.middleware('http')\nasync def timed(request, call_next):\n"
    "    return await call_next(request)\n\n",
}


class Maker:
    """Makes random projects, the same from the same `Random`; the application is `main:app`."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._routes = 0

    def project(self) -> dict[str, str]:
        """The files of a project."""
        count = self._random.randint(2, 5)
        files: dict[str, str] = {
            "settings.py": self._settings(),
            "needs.py": self._needs(),
            "parts/__init__.py": "",
        }
        for number in range(count):
            files[f"parts/p{number}.py"] = self._part(number, count)
        return {**files, "main.py": self._main(count)}

    def _chance(self, likelihood: float) -> bool:
        return self._random.random() < likelihood

    def _settings(self) -> str:
        names = [f"PREFIX_{n} = {self._random.choice(_PREFIXES)!r}" for n in range(3)]
        return "\n".join([*names, 'BASE = "/base"', 'JOINED = BASE + "/more"', ""])

    def _needs(self) -> str:
        """Functions that depend on the ones before."""
        blocks = ["from typing import Annotated\n\nfrom fastapi import Depends\n"]
        for number in range(6):
            before = [f"need{other}" for other in range(number) if self._chance(0.3)]
            params = [
                self._random.choice(
                    (f"a{n}=Depends({b})", f"a{n}: Annotated[int, Depends({b})] = 0")
                )
                for n, b in enumerate(before)
            ]
            params = [p.removesuffix(" = 0") if "Annotated" in p else p for p in params]
            params.sort(key=lambda p: "=" in p)
            word = self._random.choice(("async def", "def"))
            body = self._random.choice(("return 1", "yield 1"))
            blocks.append(f"\n\n{word} need{number}({', '.join(params)}):\n    {body}\n")
        blocks.append("\n\nNeeded = Annotated[int, Depends(need1)]\n")
        return "".join(blocks)

    def _need(self) -> str:
        return f"need{self._random.randrange(6)}"

    def _prefix(self) -> str:
        return self._random.choice(
            ('""', '"/plain"', '"/with/{name}"', "PREFIX_0", "PREFIX_1", "BASE", "JOINED",
             'f"{BASE}/f"', 'BASE + "/sum"')
        )  # fmt: skip

    def _listed(self) -> str:
        needs = [f"Depends({self._need()})" for _ in range(self._random.randint(1, 2))]
        return f"dependencies=[{', '.join(needs)}]"

    def _path(self) -> str:
        self._routes += 1
        form = self._random.choice(('"/r{}"', '"/r{}/{{key}}"', 'f"/r{}{{BASE}}"', 'BASE + "/r{}"'))
        return form.format(self._routes)

    def _route(self, owner: str) -> str:
        params = []
        if self._chance(0.4):
            params.append("x: Needed")
        if self._chance(0.4):
            params.append(f"y=Depends({self._need()})")
        if self._chance(0.2):
            params.append(f"z=Security({self._need()})")
        options = f", {self._listed()}" if self._chance(0.3) else ""
        path = self._path()
        name = f"r{self._routes}"
        function = f"{self._random.choice(('async def', 'def'))} {name}({', '.join(params)}): ...\n"
        match self._random.randrange(6):
            case 0:
                methods = self._random.sample([verb.upper() for verb in _VERBS], 2)
                return f"@{owner}.api_route({path}, methods={methods}{options})\n{function}"
            case 1:
                return f"{function}\n\n{owner}.add_api_route({path}, {name}{options})\n"
            case 2:
                function = f"async def {name}(socket: WebSocket): ...\n"
                return f"@{owner}.websocket({path})\n{function}"
            case _:
                return f"@{owner}.{self._random.choice(_VERBS)}({path}{options})\n{function}"

    def _part(self, number: int, count: int) -> str:
        options = [f"prefix={self._prefix()}"] if self._chance(0.6) else []
        if options == ['prefix=""']:
            options = []
        if self._chance(0.3):
            options.append(self._listed())
        lines = [_HEAD, f"router = APIRouter({', '.join(options)})\n"]
        lines += [self._route("router") for _ in range(self._random.randint(1, 4))]
        for other in range(number + 1, count):
            if self._chance(0.4):
                lines.append(f"from parts import p{other}\n")
                lines.append(self._include("router", f"p{other}.router"))
        return "\n\n".join(lines)

    def _include(self, owner: str, router: str) -> str:
        prefix = self._random.choice(('"/in"', "BASE", "PREFIX_2", 'f"/x{BASE}"'))
        options = f", {self._listed()}" if self._chance(0.3) else ""
        return f"{owner}.include_router({router}, prefix={prefix}{options})\n"

    def _main(self, count: int) -> str:
        listed = self._listed() if self._chance(0.4) else ""
        lines = [_HEAD, "from parts import " + ", ".join(f"p{n}" for n in range(count)) + "\n"]
        is_made = self._chance(0.3)
        if is_made:
            lines.append(
                f"def create():\n    made = FastAPI({listed})\n    return made\n\n\n"
                "app = create()\n"
            )
        else:
            lines.append(f"app = FastAPI({listed})\n")
        lines.append(self._route("app"))
        parts = [n for n in range(count) if n == 0 or self._chance(0.6)]
        match self._random.randrange(3):
            case 0:
                routers = ", ".join(f"p{n}.router" for n in parts)
                lines.append(
                    f"for each in ({routers},):\n    app.include_router(each, prefix='/all')\n"
                )
            case 1:
                inside = "".join(f"    {self._include('given', f'p{n}.router')}" for n in parts)
                lines.append(f"def include(given):\n{inside}\n\ninclude(app)\n")
            case _:
                lines += [self._include("app", f"p{n}.router") for n in parts]
        for number in range(self._random.randint(0, 2)):
            lines.append(f"sub{number} = FastAPI({self._listed() if self._chance(0.3) else ''})\n")
            lines.append(self._route(f"sub{number}"))
            if self._chance(0.5):
                lines.append(self._include(f"sub{number}", f"p{count - 1}.router"))
            lines.append(f'app.mount("/sub{number}", sub{number})\n')
        for name in self._random.sample(list(_STACK), self._random.randint(0, 3)):
            lines.append(_STACK[name].format(app="app"))
        return "\n\n".join(lines)
