"""The trail, its seals, secrets, keys and states, tested together."""

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.db.utils import DatabaseError

from shiming.core import audit, keys, seals
from shiming.core.actor import Actor, Door, Role, system
from shiming.core.audit import after, record, trail_of
from shiming.core.errors import Conflict
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.core.privacy import Secret, blind_index, mask
from shiming.dictionaries.models import DictionaryEntry
from shiming.evidence.seals import verify
from shiming.outbox.models import OutboxMessage

pytestmark = pytest.mark.django_db
CHAIN = seals.CHAINS["trail"]


def done(number=1):
    entry = DictionaryEntry.objects.create(table="trades", code=str(number), label="钢筋工")
    with transaction.atomic():
        return record(Event.DICTIONARY_CHANGED, entry, by=system(), table="工种", label="钢筋工")


def sealed():
    return seals.seal(CHAIN, seals.mark(CHAIN).number)


def tamper(statement):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER append_only")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER append_only")


def test_the_trail_reads_as_a_sentence():
    assert str(done()) == "系统修改字典工种：钢筋工"


def test_the_trail_of_an_object_is_newest_first():
    entry = DictionaryEntry.objects.create(table="trades", code="1", label="木工")
    first, second = (record(Event.DICTIONARY_CHANGED, entry, by=system(), label=label) for label in "甲乙")
    assert list(trail_of(entry)) == [second, first]


@pytest.mark.parametrize("change", ["update(reason='x')", "delete()"])
def test_the_database_refuses_to_change_the_trail(change):
    done()
    with pytest.raises(DatabaseError, match="只能追加"), transaction.atomic():
        AuditEntry.objects.update(reason="x") if change.startswith("update") else AuditEntry.objects.all()._raw_delete(
            "default"
        )


def test_a_sealed_trail_verifies_and_sealing_again_adds_nothing():
    done(1), done(2)
    assert (sealed(), sealed()) == (2, 0)
    assert list(verify(CHAIN)) == []


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE core_auditentry SET reason = 'x' WHERE id = (SELECT max(id) FROM core_auditentry)", "内容被改动"),
        ("DELETE FROM core_auditentry WHERE id = (SELECT max(id) FROM core_auditentry)", "少了 1 行"),
    ],
)
def test_edited_sealed_trail_is_detected(statement, finding):
    done(1), done(2)
    sealed()
    tamper(statement)
    assert [found.sentence.startswith(finding) for found in verify(CHAIN)] == [True]


def test_follower_runs_in_transaction_of_event(monkeypatch):
    monkeypatch.setitem(audit._followers, Event.DATA_EXPORTED, [])
    heard = []
    after(Event.DATA_EXPORTED)(lambda subject, *, by, entry: heard.append((subject, by.name)))
    entry = DictionaryEntry.objects.create(table="trades", code="1", label="木工")
    record(Event.DATA_EXPORTED, entry, by=system())
    assert heard == [(entry, "系统")]


def test_secret_prints_masked_and_is_encrypted():
    message = OutboxMessage.objects.create(to="13800138000", text="验证码 123456", purpose="login")
    message.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(\"to\", 'escape') FROM outbox_outboxmessage")
        stored = cursor.fetchone()[0]
    assert (str(message.to), f"{message.to}", message.to.plain) == ("138*****000", "138*****000", "13800138000")
    assert "13800138000" not in stored


def test_secret_moved_between_rows_does_not_decrypt():
    first, second = (OutboxMessage.objects.create(to=f"1380013800{n}", text="x", purpose="login") for n in (1, 2))
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE outbox_outboxmessage SET "to" = (SELECT "to" FROM outbox_outboxmessage WHERE id = %s)'
            " WHERE id = %s",
            [first.pk, second.pk],
        )
    second.refresh_from_db()
    with pytest.raises(InvalidTag):
        second.to.plain  # noqa: B018


def test_a_mask_shows_three_and_three():
    assert [mask(text) for text in ("110101199001011234", "13800138000", "12345", "")] == [
        "110*****234",
        "138*****000",
        "*****",
        "",
    ]


def test_equal_numbers_have_equal_fingerprints_and_fields_are_kept_apart():
    assert blind_index("phone", "1") == blind_index("phone", "1") != blind_index("id_number", "1")
    assert Secret("1") == Secret("1")


def test_rotated_key_still_decrypts_old_values():
    message = OutboxMessage.objects.create(to="13800138000", text="x", purpose="login")
    keys.add("fields")
    message.refresh_from_db()
    assert message.to.plain == "13800138000"


def test_an_actor_without_its_scope_does_not_exist():
    with pytest.raises(ValueError, match="station_id"):
        Actor(role=Role.REGULATOR, door=Door.OVERSIGHT, name="王监督")


def test_a_state_moves_only_along_an_arrow():
    from shiming.companies.models import Company

    company = Company(status="closed")
    with pytest.raises(Conflict, match="企业停用，无需再办"):
        company.become(Company.Status.CLOSED)
