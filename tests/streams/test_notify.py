"""`execlog notify` against a real HTTP receiver that fails at first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from exec_logger.outbox import Message, Receiver, deliver, enqueue, message, pending, wait_before
from exec_logger.profile import Where
from exec_logger.receivers import VARIABLE, receivers
from exec_logger.records import Job
from exec_logger.streams import control
from tests.streams.conftest import STREAM, StreamProject
from tests.streams.test_the_command import execlog

HOSTILE = 'it\'s \\ "q" $$ ; -- 😀'


class Inbox:
    """Answers with `status`; keeps what it answered with 200."""

    def __init__(self) -> None:
        self.status = 200
        self.tried = 0
        self.taken: list[dict[str, Any]] = []
        self.url = ""


@contextmanager
def inbox() -> Iterator[Inbox]:
    box = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            box.tried += 1
            if box.status == 200:
                box.taken.append(json.loads(body))
            self.send_response(box.status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    box.url = f"json://user:hunter22@127.0.0.1:{server.server_port}/secretpath"
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def outbox(project: StreamProject) -> list[dict[str, Any]]:
    return project.rows("dcf_t_notifications", "notification_id")


def test_what_fails_at_first_is_delivered_later_and_once(loaded: StreamProject, monkeypatch: pytest.MonkeyPatch) -> None:
    def notify(*args: str, code: int) -> list[dict[str, Any]]:
        result = execlog(loaded, "notify", "--json", *args, monkeypatch=monkeypatch)
        assert result.return_value == code
        found: list[dict[str, Any]] = json.loads(result.stdout)
        return found

    loaded.warehouse.execute(
        "update dcf_t_notifications set notification_status = 'PENDING', attempt_cnt = 0, next_attempt_ts = null"
    )
    with inbox() as box, inbox() as steady:
        monkeypatch.setenv(VARIABLE, f"{box.url} {steady.url}")
        box.status = 500
        (failed,) = notify(code=1)
        assert (failed["status"], failed["attempts"]) == ("PENDING", 1)
        assert box.tried == 1
        (row,) = outbox(loaded)
        assert row["notification_status"] == "PENDING"
        assert row["next_attempt_ts"] > row["last_attempt_ts"]
        assert row["last_error"] == failed["error"]
        assert "error=500" in row["last_error"]
        assert not any(secret in row["last_error"] for secret in ("hunter22", "secretpath", "127.0.0.1"))
        assert notify(code=0) == []  # it waits
        box.status = 200
        (sent,) = notify("--at-once", code=0)
        assert (sent["status"], sent["attempts"], sent["error"]) == ("SENT", 2, None)
        assert notify("--at-once", code=0) == []
        assert len(box.taken) == len(steady.taken) == 1
        assert box.taken[0]["title"] == f"Load completion report: {STREAM}"
        assert "average data quality score: 92.5" in box.taken[0]["message"]
    (row,) = outbox(loaded)
    assert (row["notification_status"], row["last_error"], row["attempt_cnt"]) == ("SENT", None, 2)


def test_a_crash_between_sending_and_marking_sends_twice_and_loses_nothing(
    loaded: StreamProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(loaded.folder)
    loaded.warehouse.execute(
        "update dcf_t_notifications set notification_status = 'PENDING', attempt_cnt = 0, delivered_to = null"
    )
    taken: list[Message] = []

    def die(sent: Message) -> str | None:
        taken.append(sent)
        raise KeyboardInterrupt

    def take(sent: Message) -> str | None:
        taken.append(sent)
        return None

    with control(Where(profiles_dir=loaded.folder)) as tables:
        (row,) = pending(tables, at_once=True)
        with pytest.raises(KeyboardInterrupt):
            deliver(tables, row, [Receiver("one", die)])
        assert deliver(tables, row, [Receiver("one", take)]) is None  # it is in hand as long as it is not due again
        (row,) = pending(tables, at_once=True)
        assert deliver(tables, row, [Receiver("one", take)]) is not None
        assert pending(tables, at_once=True) == []
    assert len(taken) == 2


def test_failures_of_jobs_are_told_once(stream: StreamProject, monkeypatch: pytest.MonkeyPatch) -> None:
    stream.write("models/staging/broken.sql", "select nothing from nowhere")
    assert stream.dbt("run", "--select", "broken").code == 1
    with inbox() as box:
        monkeypatch.setenv(VARIABLE, box.url)
        for _ in range(2):
            execlog(stream, "notify", "--failures", monkeypatch=monkeypatch)
        assert [sent["title"] for sent in box.taken] == ["Job failure: run --select broken"]
        assert "model name: broken" in box.taken[0]["message"]
    assert [row["notification_status"] for row in outbox(stream)] == ["SENT"]


def test_a_job_that_two_put_into_the_outbox_at_once_is_told_once(
    loaded: StreamProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(loaded.folder)
    loaded.warehouse.execute(
        "update dcf_t_notifications set notification_status = 'SENT'",
        *(
            "insert into dcf_t_notifications (notification_id, notification_type, invocation_id, attempt_cnt,"
            f" notification_status) select {number}, 'JOB_FAILURE', 'both', {attempts}, 'PENDING'"
            for number, attempts in ((1001, 0), (1002, 1), (1003, 0))
        ),
    )
    with control(Where(profiles_dir=loaded.folder)) as tables:
        assert [row["id"] for row in pending(tables, at_once=True)] == [1002]
        nothing: dict[str, Any] = {field.name: None for field in fields(Job)}
        assert enqueue(tables, [Job(**{**nothing, "invocation_id": "another", "errors": ()})]) == 1
    left = {row["invocation_id"]: row["notification_id"] for row in outbox(loaded) if row["notification_type"] == "JOB_FAILURE"}
    loaded.warehouse.execute("delete from dcf_t_notifications where notification_type = 'JOB_FAILURE'")
    assert left.keys() == {"both", "another"}
    assert left["both"] == 1002


def test_a_message_is_no_longer_than_its_receiver_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    with inbox() as box:
        monkeypatch.setenv(VARIABLE, f"{box.url} {box.url}?overflow=upstream")
        for receiver in receivers(None):
            assert receiver.send(Message("title", "x" * 100_000, failure=True)) is None
        assert [len(sent["message"]) for sent in box.taken] == [32_768, 100_000]


def test_waits_double_up_to_an_hour() -> None:
    assert [wait_before(attempt).total_seconds() / 60 for attempt in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_any_text_stands_in_a_message() -> None:
    told = message({"type": "LOAD_FAILURE", "stream": HOSTILE, "content": json.dumps({"failures": [{"message": HOSTILE}]})})
    assert (told.title, told.body, told.failure) == (
        f"Load failure: {HOSTILE}",
        f"failures:\n  1:\n    message: {HOSTILE}",
        True,
    )
