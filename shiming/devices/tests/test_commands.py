"""证件在桌上读过：谁由此实名，谁被拒，留下什么。"""

import io
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from shiming.core import files
from shiming.core.actor import Right, Role
from shiming.core.errors import DomainError, NotAllowed
from shiming.core.models import AuditEntry
from shiming.demo.portraits import portrait
from shiming.demo.wlt import encode
from shiming.devices import queries
from shiming.devices.commands import Read, record_reading
from shiming.devices.models import CardReading
from shiming.employment import commands as employments
from shiming.people.commands import CardContent, register_typed
from shiming.people.models import Person
from tests.cast import invented_id

NUMBER = invented_id(400)


def read(number: str = NUMBER, name: str = "孙读卡", **more) -> Read:
    content = {
        "birth_date": date(1985, 3, 12),
        "sex": "1",
        "ethnicity": "汉族",
        "register_address": "澜汀市汀东区样例路1号",
        "issuer": "澜汀市公安局",
        "valid_from": date(2020, 1, 2),
        "valid_to": date(2040, 1, 2),
    }
    how = {"event_id": str(uuid4()), "kind": "resident", "way": "a", "reader": "05.03-1"}
    how |= {name: more.pop(name) for name in [*how, "wlt"] if name in more}
    return Read(**how, content=CardContent(number, name, **(content | more)))


def refused(read: Read, by) -> list[str]:
    with pytest.raises(DomainError) as refusal:
        record_reading(read, by=by)
    return refusal.value.codes


def test_card_reading_verifies_person_with_record(cast):
    reading = record_reading(read(), by=cast.hr)

    person = Person.by_id_number(NUMBER)
    assert (person.identity_status, person.identity_source) == ("verified", "reader")
    assert (person.name, person.ethnicity, person.register_address.plain, person.valid_to) == (
        *("孙读卡", "汉族", "澜汀市汀东区样例路1号"),
        date(2040, 1, 2),
    )
    assert (reading.person, reading.operator, reading.company_id) == (person, "陈人事", cast.antai.pk)
    assert str(reading) == "本机桥 A 05.03-1" and reading.newly_verified and not reading.expired
    assert [str(entry) for entry in AuditEntry.objects.order_by("id")] == [
        "陈人事登记孙读卡",
        "陈人事读取孙读卡的身份证（本机桥 A 05.03-1）",
        "孙读卡的身份信息核验通过",
    ]


@pytest.mark.parametrize("status", ["unverified", "pending", "failed"])
def test_unverified_person_takes_name_of_card(cast, status):
    person = cast.person("孙读咔", status=status)

    reading = record_reading(read(person.id_number.plain), by=cast.gc_pm)

    person.refresh_from_db()
    assert (reading.person, person.identity_status, person.name) == (person, "verified", "孙读卡")
    entry = AuditEntry.objects.get(event="person.card_read")
    assert (entry.before, entry.after) == ({"name": "孙读咔"}, {"name": "孙读卡"})


def test_verified_person_keeps_state_and_updates_card(cast):
    person = cast.zhang
    reading = record_reading(read(person.id_number.plain, "张三", valid_to=None), by=cast.hr)

    person.refresh_from_db()
    assert (person.identity_source, person.issuer, person.valid_to) == ("photos", "澜汀市公安局", None)
    assert not reading.newly_verified


def test_verified_number_with_other_name_is_refused(cast):
    assert refused(read(cast.zhang.id_number.plain, "李四"), cast.hr) == ["R-07"]
    assert cast.zhang.name == "张三" and not CardReading.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": NUMBER[:-1] + ("1" if NUMBER[-1] == "0" else "0")}, "R-03"),
        ({"birth_date": date(1985, 3, 13)}, "R-03"),
        ({"sex": "2"}, "R-03"),
        ({"number": ""}, "R-10"),
        ({"name": ""}, "R-10"),
        ({"number": "XXA990090031201", "kind": "foreigner_2017"}, "R-03"),
    ],
)
def test_invalid_card_creates_no_person(cast, change, code):
    assert refused(read(**change), cast.hr) == [code]
    assert not Person.objects.exists()


def test_waiting_invitation_continues_after_reading(cast):
    register_typed(number=NUMBER, name="孙读卡", by=cast.hr)
    employment = employments.invite(name="孙读卡", number=NUMBER, by=cast.hr)
    assert employment.status == "awaiting_identity"

    record_reading(read(), by=cast.gc_pm)

    employment.refresh_from_db()
    assert employment.status == "invited"


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (lambda cast: cast.hr, True),
        (lambda cast: cast.staff("安泰法人", cast.antai, Role.LEGAL_REP), True),
        (lambda cast: cast.gc_pm, True),
        (lambda cast: cast.operator(rights=(Right.IDENTITY,)), True),
        (lambda cast: cast.operator(rights=(Right.ENTRY, Right.ATTENDANCE)), False),
        (lambda cast: cast.supervision_pm, False),
        (lambda cast: cast.regulator(), False),
        (lambda cast: cast.himself(), False),
        (lambda cast: cast.admin, False),
    ],
)
def test_card_reading_needs_its_role(cast, who, may):
    actor = who(cast)
    if may:
        assert record_reading(read(), by=actor).pk
    else:
        with pytest.raises(NotAllowed):
            record_reading(read(), by=actor)
        assert Person.by_id_number(NUMBER) is None


def test_repeated_reading_counts_once(cast):
    once = read()
    assert record_reading(once, by=cast.hr) == record_reading(once, by=cast.hr)
    assert (CardReading.objects.count(), AuditEntry.objects.count()) == (1, 3)


def test_reading_id_with_other_content_conflicts(cast):
    first = read()
    record_reading(first, by=cast.hr)
    other = replace(first, content=replace(first.content, issuer="别处公安局"))
    assert refused(other, cast.hr) == ["R-43"]
    assert refused(first, cast.gc_hr) == ["R-43"]


def test_expired_card_is_accepted_and_marked(cast):
    assert record_reading(read(valid_to=date(2025, 12, 31)), by=cast.hr).expired
    assert Person.by_id_number(NUMBER).verified


def test_portrait_is_stored_encrypted(cast):
    drawn = portrait(1)
    jpeg = _jpeg(drawn)
    record_reading(read(portrait=jpeg), by=cast.hr)

    stored = Person.by_id_number(NUMBER).card_portrait
    assert files.read(stored).startswith(b"\xff\xd8\xff")
    assert b"\xff\xd8\xff" not in files.path_of(stored).read_bytes()[:64]


def test_chip_photo_is_kept_and_decoded_if_possible(cast, settings):
    wlt = encode(portrait(1).resize((102, 126)))
    settings.WLT_DECODER = ""
    reading = record_reading(read(wlt=wlt), by=cast.hr)
    assert files.read(reading.wlt) == wlt and reading.person.card_portrait is None

    settings.WLT_DECODER = "shiming.demo.wlt:decode"
    reading = record_reading(read(wlt=wlt), by=cast.hr)
    assert reading.person.card_portrait is not None


@pytest.mark.parametrize("decoder", ["shiming.demo.wlt:nobody", "no.such.module", "builtins:int"])
def test_registration_needs_no_photo(cast, settings, decoder):
    settings.WLT_DECODER = decoder
    wlt = encode(portrait(1).resize((102, 126)))
    assert record_reading(read(wlt=wlt, portrait=b""), by=cast.hr).person.verified
    assert record_reading(read(portrait=b"\xff\xd8\xff no picture"), by=cast.hr).person.card_portrait is None


def test_readings_are_visible_to_reader_and_owner(cast):
    reading = record_reading(read(), by=cast.hr)
    here = record_reading(read(invented_id(401), "周读卡"), by=cast.gc_pm)

    assert list(queries.readings(cast.hr)) == [reading]
    assert list(queries.readings(cast.gc_pm)) == [here]
    assert list(queries.readings(cast.stranger_hr)) == list(queries.readings(cast.stranger_pm)) == []
    assert list(queries.readings(cast.himself(reading.person))) == [reading]
    assert set(queries.readings(cast.admin)) == {reading, here}


def _jpeg(picture) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
