"""Messages: saved, delivered once, masked in the file, revealed only for a purpose."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from shiming.core.environment import environment
from shiming.core.models import AuditEntry
from shiming.outbox import commands, jobs, providers
from shiming.outbox.models import OutboxMessage
from tests.doors import client_of

pytestmark = pytest.mark.django_db
PHONE = "15488000001"


def lines() -> list[dict]:
    path = environment().folder / "outbox.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_message_is_delivered_on_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = commands.send(PHONE, "【实名】登录验证码 123456", "code-person")

    (line,) = [line for line in lines() if line["id"] == str(message.pk)]
    assert (line["to"], line["text"]) == ("154*****001", "【实名】登录验证码 123456")
    message.refresh_from_db()
    assert message.sent_at and message.attempts == 1


def test_outbox_file_is_private(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        commands.send(PHONE, "x", "notice")
    assert (environment().folder / "outbox.jsonl").stat().st_mode & 0o077 == 0


def test_second_delivery_sends_nothing():
    message = commands.send(PHONE, "x", "notice")
    before = len(lines())
    assert [commands.deliver(message), commands.deliver(message)] == [True, True]
    assert len(lines()) == before + 1


@pytest.fixture
def broken(monkeypatch):
    """A provider that fails while the context is open."""

    @contextmanager
    def fail():
        def refuse(_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(providers.local, "deliver", refuse)
            yield

    return fail


def test_failed_message_waits_longer_each_time(broken):
    message, waits = commands.send(PHONE, "x", "notice"), []
    with broken():
        for _ in range(9):
            before = timezone.now()
            assert not commands.deliver(message)
            message.refresh_from_db()
            waits.append(round((message.next_attempt_at - before).total_seconds()))
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert message.get_state_display() == f"未成功，{timezone.localtime(message.next_attempt_at):%H:%M} 再试"


def test_failed_message_is_tried_again_when_its_wait_is_over(broken):
    message = commands.send(PHONE, "x", "notice")
    with broken():
        commands.deliver(message)
    assert commands.deliver_waiting() == 0

    OutboxMessage.objects.update(next_attempt_at=timezone.now(), created_at=timezone.now() - timedelta(hours=23))
    assert commands.deliver_waiting() == 1


def test_message_is_given_up_after_a_day(broken):
    message = commands.send(PHONE, "x", "notice")
    with broken():
        commands.deliver(message)
    OutboxMessage.objects.update(next_attempt_at=timezone.now(), created_at=timezone.now() - timedelta(hours=24))

    message.refresh_from_db()
    assert (message.state, message.get_state_display()) == ("given_up", "一天内未能发出，不再尝试")
    assert (commands.deliver_waiting(), commands.deliver(message)) == (0, False)


def test_waiting_messages_are_sent_in_order_also_more_than_a_batch(monkeypatch):
    monkeypatch.setattr(commands, "BATCH", 2)
    written = [commands.send(PHONE, f"{number}", "notice") for number in range(5)]
    OutboxMessage.objects.update(created_at=F("created_at") - timedelta(minutes=1))

    assert commands.deliver_waiting() == 5
    assert [line["id"] for line in lines()][-5:] == [str(message.pk) for message in written]


def test_messages_and_file_do_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(providers.local, "LARGEST", 10)
    kept, old = commands.send(PHONE, "x", "notice"), commands.send(PHONE, "x", "notice")
    OutboxMessage.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=181))
    commands.deliver(kept)

    jobs.forget_old_messages(0)

    assert list(OutboxMessage.objects.all()) == [kept]
    assert lines() == [] and (environment().folder / "outbox.jsonl.1").exists()


def test_number_and_text_are_encrypted():
    message = commands.send(PHONE, "验证码 654321", "notice")
    stored = str(OutboxMessage.objects.filter(pk=message.pk).values().get())
    assert PHONE not in stored and "654321" not in stored


def test_administrator_sees_masked_messages(cast):
    commands.send(PHONE, "x", "code-person")
    page = client_of(cast.admin).get("/admin-tools/messages/").content.decode()
    assert "154*****001" in page and PHONE not in page


def test_reveal_requires_purpose_and_is_recorded(cast):
    message = commands.send(PHONE, "验证码 654321", "code-person")
    browser, path = client_of(cast.admin), f"/admin-tools/messages/{message.pk}/text/"
    assert browser.post(path, {"purpose": ""}).status_code == 422
    page = browser.post(path, {"purpose": "安全检查"})
    assert "654321" in page.content.decode()
    assert [str(entry) for entry in AuditEntry.objects.filter(event="message.revealed")] == [
        "系统管理员查看发给154*****001的消息，用途：安全检查"
    ]


@pytest.mark.parametrize("who", ["hr", "gc_pm", "himself"])
def test_other_roles_see_no_messages(cast, who):
    actor = getattr(cast, who)
    answer = client_of(actor() if callable(actor) else actor).get("/admin-tools/messages/")
    assert answer.status_code == 403
