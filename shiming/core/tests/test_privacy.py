"""A personal value is encrypted at rest, masked when printed, and found by its fingerprint."""

import json
import logging

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from django.template import engines

from shiming.core.privacy import Secret, blind_index, mask
from shiming.outbox.models import OutboxMessage
from shiming.people.models import Person
from shiming.projects.models import Grant

NUMBER, MASKED = "119900199003074514", "119*****514"


# masks


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("119900199003074514", "119*****514"),
        ("13800138000", "138*****000"),
        ("6222020200112233445", "622*****445"),
        ("1234567", "123*****567"),
        ("123456", "*****"),  # three and three would show all of it
        ("1", "*****"),
        ("", ""),
    ],
)
def test_mask_never_shows_the_whole_value(text, printed):
    assert mask(text) == printed


def test_mask_hides_length_of_value():
    assert len({len(mask("1" * length)) for length in range(7, 40)}) == 1


PRINTED = {
    "str": str,
    "repr": repr,
    "f-string": lambda secret: f"{secret}",
    "with a width": lambda secret: f"{secret!s:>11}",
    "percent": lambda secret: "%s" % secret,  # noqa: UP031
    "format": "{}".format,
    "in a list": lambda secret: str([secret])[1:-1],
    "joined": lambda secret: "".join(map(str, [secret])),
    "page": lambda secret: engines["django"].from_string("{{ value }}").render({"value": secret}),
    "json": lambda secret: json.loads(json.dumps(secret, default=str)),
}


@pytest.mark.parametrize("way", PRINTED)
def test_secret_prints_masked_in_every_way(way):
    assert PRINTED[way](Secret(NUMBER)) == MASKED


def test_secret_is_not_json_serializable():
    with pytest.raises(TypeError):
        json.dumps({"number": Secret(NUMBER)})


def test_a_secret_in_a_log_line_is_masked(caplog):
    with caplog.at_level(logging.WARNING):
        logging.getLogger("shiming").warning("not found: %s", Secret(NUMBER))
    assert caplog.messages == [f"not found: {MASKED}"]


def test_traceback_shows_only_the_mask():
    with pytest.raises(KeyError) as failure:
        {}[Secret(NUMBER)]
    assert str(failure.value) == MASKED


def test_secret_equals_only_equal_secret():
    assert Secret(NUMBER) == Secret(NUMBER) != Secret("1")
    assert Secret(NUMBER) != NUMBER
    assert len({Secret(NUMBER), Secret(NUMBER), Secret("1")}) == 2


def test_empty_secret_is_false():
    assert [bool(Secret(text)) for text in ("", "0")] == [False, True]


def test_secret_has_no_other_attributes():
    with pytest.raises(AttributeError):
        Secret(NUMBER).note = NUMBER


# in the database


def stored(table: str, column: str, pk) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM {table} WHERE id = %s', [pk])  # names from the test, not from input
        return bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("text", ["13800138000", "", "江湾区一号 2 楼", "a" * 5000])
def test_secret_is_read_back_equal(db, text):
    message = OutboxMessage.objects.create(to=text, text="验证码", purpose="login")
    assert OutboxMessage.objects.get(pk=message.pk).to.plain == text


def test_null_is_stored_as_null(cast):
    person = cast.zhang
    person.phone = None
    person.save()
    assert Person.objects.get(pk=person.pk).phone is None


def test_equal_values_are_stored_differently(cast):
    first, second = (OutboxMessage.objects.create(to="13800138000", text="x", purpose="login") for _ in range(2))
    lies = [stored("outbox_outboxmessage", "to", row.pk) for row in (first, second)]

    assert lies[0] != lies[1]
    assert not any(b"13800138000" in each for each in lies)


def test_only_changed_value_is_encrypted_again(cast):
    person = cast.zhang
    before = [stored("people_person", column, person.pk) for column in ("phone", "id_number")]
    person = Person.objects.get(pk=person.pk)
    person.phone = "15499000001"
    person.save()
    after = [stored("people_person", column, person.pk) for column in ("phone", "id_number")]

    assert (after[0] != before[0], after[1] == before[1]) == (True, True)
    assert Person.objects.get(pk=person.pk).phone.plain == "15499000001"


def test_value_in_other_column_does_not_decrypt(cast):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET phone = id_number WHERE id = %s", [cast.zhang.pk])
    with pytest.raises(InvalidTag):
        str(Person.objects.get(pk=cast.zhang.pk).phone)


def test_tampered_value_does_not_decrypt(cast):
    lies = bytearray(stored("people_person", "phone", cast.zhang.pk))
    lies[-1] ^= 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET phone = %s WHERE id = %s", [bytes(lies), cast.zhang.pk])
    with pytest.raises(InvalidTag):
        str(Person.objects.get(pk=cast.zhang.pk).phone)


def test_value_copied_to_other_row_decrypts(cast):
    other = cast.person("李四")
    other.phone = Person.objects.get(pk=cast.zhang.pk).phone
    other.save()

    read = [Person.objects.get(pk=person.pk).phone.plain for person in (other, cast.zhang)]
    assert read == [cast.zhang.phone.plain] * 2


def test_deferred_secret_is_loaded_on_access(cast):
    phone = cast.zhang.phone
    assert Person.objects.defer("phone").get(pk=cast.zhang.pk).phone == phone


@pytest.mark.parametrize("value", ["13800138000", Secret("13800138000")])
def test_secret_is_refused_in_queries_and_updates(cast, value):
    with pytest.raises(TypeError, match="只能随整行保存"):
        Person.objects.filter(phone=value).exists()
    with pytest.raises(TypeError, match="只能随整行保存"):
        Grant.objects.update(phone=value)


# fingerprints


def test_fingerprint_depends_on_kind_and_value(db):
    assert blind_index("phone", "13800138000") == blind_index("phone", "13800138000")
    assert blind_index("phone", "13800138000") != blind_index("bank_card", "13800138000")
    assert blind_index("phone", "13800138000") != blind_index("phone", "13800138001")


def test_fingerprint_is_26_letters_without_value(db):
    prints = [blind_index("phone", f"1380013{number:04d}") for number in range(50)]

    assert {len(each) for each in prints} == {26}
    assert set("".join(prints)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert len({each[:6] for each in prints}) == 50


def test_person_is_found_by_whole_number_only(cast):
    number = cast.zhang.id_number.plain
    assert [Person.by_id_number(text) for text in (number, number[:-1])] == [cast.zhang, None]
