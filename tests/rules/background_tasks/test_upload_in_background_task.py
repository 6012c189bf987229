"""upload-in-background-task: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "the-upload": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, file)  # expect: FAL407
    return {"ok": True}
""",
    "its-file": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
async def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, file.file)  # expect: FAL407
    return {"ok": True}
""",
    "with-file-as-default": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile = File(...)):
    tasks.add_task(count, file)  # expect: FAL407
    return {"ok": True}
""",
    "annotated": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: Annotated[UploadFile, File()]):
    tasks.add_task(count, file=file)  # expect: FAL407
    return {"ok": True}
""",
    "a-list": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, files: List[UploadFile]):
    tasks.add_task(count, files)  # expect: FAL407
    return {"ok": True}
""",
    "each-of-a-list": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, files: list[UploadFile]):
    for one in files:
        tasks.add_task(count, one)  # expect: FAL407
    return {"ok": True}
""",
    "optional": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile | None = None):
    if file is not None:
        tasks.add_task(count, file)  # expect: FAL407
    return {"ok": True}
""",
    "added-by-a-helper": """
# --- later.py
from fastapi import BackgroundTasks, UploadFile


def enqueue(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(print, file)  # expect: FAL407
# --- main.py
import asyncio

from later import enqueue
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    enqueue(tasks, file)
    return {"ok": True}
""",
    "a-router-in-its-own-module": """
# --- files.py
from fastapi import APIRouter, BackgroundTasks, UploadFile

from work import ingest

router = APIRouter()


@router.post('/files')
async def add(document: UploadFile, background: BackgroundTasks):
    background.add_task(ingest, 1, document)  # expect: FAL407
    return {}
# --- work.py
def ingest(number, document):
    print(number, document)
# --- main.py
from fastapi import FastAPI
from files import router

app = FastAPI()
app.include_router(router)
""",
    "a-background-task-of-a-response": """
# --- main.py
from fastapi import FastAPI, UploadFile
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


@app.post('/')
def add(file: UploadFile):
    return JSONResponse({}, background=BackgroundTask(print, file))  # expect: FAL407
""",
    "a-task-of-asyncio": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
async def run(file: UploadFile):
    running = asyncio.create_task(later(file))  # expect: FAL407
    print(running)
    return {"ok": True}
""",
    "a-method-of-the-upload": """
# --- requirements.txt
fastapi==0.110.0
# --- main.py
from fastapi import BackgroundTasks, FastAPI, UploadFile

app = FastAPI()


def store(read):
    print(read())


@app.post("/run")
async def run(file: UploadFile, tasks: BackgroundTasks):
    tasks.add_task(file.close)  # expect: FAL407
    tasks.add_task(store, file.file.read)  # expect: FAL407
""",
    "an-object-that-keeps-the-upload": """
# --- requirements.txt
fastapi==0.110.0
# --- main.py
from fastapi import BackgroundTasks, FastAPI, UploadFile

app = FastAPI()


class Import:
    def __init__(self, file: UploadFile, name: str = ""):
        self.file = file
        self.name = name

    async def run(self):
        print(await self.file.read())


async def work(what):
    await what.run()


@app.post("/method")
async def method(file: UploadFile, tasks: BackgroundTasks):
    job = Import(file)
    tasks.add_task(job.run)  # expect: FAL407


@app.post("/object")
async def object_(file: UploadFile, tasks: BackgroundTasks):
    tasks.add_task(work, Import(file, name="x"))  # expect: FAL407
""",
    "an-upload-of-a-class-dependency": """
# --- requirements.txt
fastapi==0.110.0
# --- forms.py
from dataclasses import dataclass

from fastapi import File, Form, UploadFile


@dataclass
class Letter:
    title: str = Form()
    scan: UploadFile = File()


class Parcel:
    def __init__(self, photo: UploadFile = File(), note: str = Form("")):
        self.photo = photo
        self.note = note
# --- main.py
from fastapi import BackgroundTasks, Depends, FastAPI
from forms import Letter, Parcel

app = FastAPI()


async def store(file):
    print(await file.read())


@app.post("/letters")
async def letters(tasks: BackgroundTasks, letter: Letter = Depends()):
    tasks.add_task(store, letter.scan)  # expect: FAL407


@app.post("/parcels")
async def parcels(tasks: BackgroundTasks, parcel: Parcel = Depends()):
    tasks.add_task(store, parcel.photo)  # expect: FAL407
""",
    "numbered-uploads": """
# --- requirements.txt
fastapi==0.110.0
# --- main.py
from fastapi import BackgroundTasks, FastAPI, UploadFile

app = FastAPI()


async def store(number, file):
    print(number, await file.read())


@app.post("/run")
async def run(files: list[UploadFile], tasks: BackgroundTasks):
    for number, file in enumerate(files, 1):
        tasks.add_task(store, number, file)  # expect: FAL407
""",
}

GOOD = {
    "the-bytes": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
async def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, await file.read())
    return {"ok": True}
""",
    "bytes-in-a-variable": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    content = file.file.read()
    tasks.add_task(count, content)
    return {"ok": True}
""",
    "its-name": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, file.filename)
    return {"ok": True}
""",
    "a-copy-on-disk": """
# --- disk.py
import shutil


def save(file):
    path = 'copy'
    with open(path, 'wb') as target:
        shutil.copyfileobj(file.file, target)
    return path
# --- main.py
import asyncio

from disk import save
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, save(file))
    return {"ok": True}
""",
    "declared-as-bytes": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: bytes = File()):
    tasks.add_task(count, file)
    return {"ok": True}
""",
    "awaited": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
async def run(file: UploadFile):
    task = asyncio.create_task(later(file))
    await task
    return {"ok": True}
""",
    "gathered": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
async def run(file: UploadFile):
    first = asyncio.create_task(later(file))
    second = asyncio.create_task(later(file))
    await asyncio.gather(first, second)
    return {"ok": True}
""",
    "an-upload-of-the-project": """
# --- uploads.py
class UploadFile:
    pass
# --- main.py
from uploads import UploadFile
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def add(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(print, file)
""",
    "contents-of-a-list": """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
async def run(tasks: BackgroundTasks, files: list[UploadFile]):
    for one in files:
        tasks.add_task(count, await one.read())
    return {"ok": True}
""",
    "what-an-upload-tells": """
# --- requirements.txt
fastapi==0.110.0
# --- main.py
from fastapi import BackgroundTasks, FastAPI, UploadFile

app = FastAPI()


def note(name, size):
    print(name, size)


@app.post("/run")
async def run(file: UploadFile, tasks: BackgroundTasks):
    name = file.filename
    tasks.add_task(note, name, file.size)
    tasks.add_task(note, file.content_type, len(await file.read()))
""",
    "what-an-object-has-read": """
# --- requirements.txt
fastapi==0.110.0
# --- main.py
from fastapi import BackgroundTasks, Depends, FastAPI, File, Form, UploadFile

app = FastAPI()


class Import:
    def __init__(self, file: UploadFile):
        self.name = file.filename
        self.data = file.file.read()

    def run(self):
        print(self.name, self.data)


class Kept:
    def __init__(self, file: UploadFile, name: str):
        self.file = file
        self.name = name

    def note(self):
        print(self.name)


class Parcel:
    def __init__(self, photo: UploadFile = File(), note: str = Form("")):
        self.photo = photo
        self.note = note


@app.post("/method")
async def method(file: UploadFile, tasks: BackgroundTasks):
    job = Import(file)
    kept = Kept(file, "x")
    tasks.add_task(job.run)
    tasks.add_task(print, job.name, kept.name)
    tasks.add_task(kept.note)


@app.post("/parcels")
async def parcels(tasks: BackgroundTasks, parcel: Parcel = Depends()):
    tasks.add_task(print, parcel.note, await parcel.photo.read())
""",
    "numbered-contents": """
# --- requirements.txt
fastapi==0.110.0
# --- main.py
from fastapi import BackgroundTasks, FastAPI, UploadFile

app = FastAPI()


async def store(number, data):
    print(number, data)


@app.post("/run")
async def run(files: list[UploadFile], tasks: BackgroundTasks):
    for number, file in enumerate(files, 1):
        tasks.add_task(store, number, await file.read())
""",
}

VERSIONS = {
    "a-task-of-asyncio-on-the-newest": ("0.165.0", BAD["a-task-of-asyncio"]),
    "an-old-version-keeps-it-open": (
        "0.105.0",
        """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, file)
    return {"ok": True}
""",
    ),
    "closed-from-0-106": (
        "0.106.0",
        """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, file)  # expect: FAL407
    return {"ok": True}
""",
    ),
    "closed-up-to-0-117": (
        "0.117.1",
        """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, file)  # expect: FAL407
    return {"ok": True}
""",
    ),
    "open-again-in-0-118": (
        "0.118.0",
        """
# --- main.py
import asyncio
from typing import Annotated, List

from fastapi import BackgroundTasks, FastAPI, File, UploadFile

app = FastAPI()


def count(file):
    print(file)


async def later(file):
    print(file)


@app.post("/run")
def run(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(count, file)
    return {"ok": True}
""",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL407", fastapi="0.115.14")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL407", fastapi="0.115.14")


@pytest.mark.parametrize("case", VERSIONS)
def test_knows_the_version(case: str) -> None:
    version, text = VERSIONS[case]
    assert_marks(text, "FAL407", fastapi=version)
