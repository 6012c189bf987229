"""critical-work-in-background-task: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "a-charge": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def charge_card(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(charge_card, 1)  # expect: FAL409
    return {"ok": True}
""",
    "a-refund": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def refund(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(refund, 1)  # expect: FAL409
    return {"ok": True}
""",
    "a-payment-asynchronous": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def process_payment(order):
    print(order)


@app.post("/run")
async def run(tasks: BackgroundTasks):
    tasks.add_task(process_payment, 1)  # expect: FAL409
    return {"ok": True}
""",
    "a-payout-of-another-module": """
# --- bank.py
def payout(order):
    print(order)
# --- main.py
import bank
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(bank.payout, 1)  # expect: FAL409
    return {"ok": True}
""",
    "a-method": """
# --- bank.py
class Bank:
    def transfer_money(self, order):
        print(order)
# --- main.py
from bank import Bank
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


bank = Bank()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(bank.transfer_money, 1)  # expect: FAL409
    return {"ok": True}
""",
    "a-task-of-a-response": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def capture_payment(order):
    print(order)


@app.post('/')
def pay():
    return JSONResponse({}, background=BackgroundTask(capture_payment, 1))  # expect: FAL409
""",
    "an-invoice-in-a-dependency": """
# --- deps.py
from fastapi import BackgroundTasks


def create_invoice(order):
    print(order)


def invoiced(tasks: BackgroundTasks):
    tasks.add_task(create_invoice, 1)  # expect: FAL409
# --- main.py
from deps import invoiced
from fastapi import Depends, FastAPI

app = FastAPI()


@app.post('/', dependencies=[Depends(invoiced)])
def order():
    return {}
""",
    "a-settlement": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def settle_order(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(settle_order, 1)  # expect: FAL409
    return {"ok": True}
""",
}

GOOD = {
    "a-mail": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send_mail(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(send_mail, 1)
    return {"ok": True}
""",
    "a-mail-about-a-payment": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send_payment_mail(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(send_payment_mail, 1)
    return {"ok": True}
""",
    "an-audit-of-refunds": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def audit_refund(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(audit_refund, 1)
    return {"ok": True}
""",
    "a-metric": """
# --- metrics.py
def metric_payment(order):
    print(order)
# --- main.py
from metrics import metric_payment
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(metric_payment, 1)
    return {"ok": True}
""",
    "a-payload": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def store_payload(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(store_payload, 1)
    return {"ok": True}
""",
    "charging-in-the-request": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def charge_card(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    charge_card(1)
    return {"ok": True}
""",
    "a-queue": """
# --- queues.py
class Queue:
    def add_task(self, function, *args):
        print(function, args)


queue = Queue()
# --- main.py
from queues import queue
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def charge_card(order):
    print(order)


@app.post("/run")
def run(tasks: BackgroundTasks):
    queue.add_task(charge_card, 1)
    return {"ok": True}
""",
    "a-notification-in-another-module": """
# --- notices.py
async def notify_payment_received(order):
    print(order)
# --- main.py
from notices import notify_payment_received
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/run")
def run(tasks: BackgroundTasks):
    tasks.add_task(notify_payment_received, 1)
    return {"ok": True}
""",
}


@pytest.mark.parametrize("case", BAD)
def test_flags(case: str) -> None:
    assert_marks(BAD[case], "FAL409")


@pytest.mark.parametrize("case", GOOD)
def test_is_silent(case: str) -> None:
    assert "expect:" not in GOOD[case]
    assert_marks(GOOD[case], "FAL409")
