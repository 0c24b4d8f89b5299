"""The reader's pages: a reading is validated like typed input, and `next` leads to no other host."""

import json
from base64 import b64encode
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiming.core.actor import Right
from shiming.demo.portraits import portrait
from shiming.demo.wlt import encode
from shiming.devices.forms import ReadingForm
from shiming.devices.models import CardReading
from shiming.people.models import Person
from tests.cast import invented_id
from tests.doors import client_of

NUMBER = invented_id(410)


def written(**more) -> str:
    card = {
        "id": str(uuid4()), "kind": "resident", "way": "a", "reader": "05.03-1", "name": "孙读卡", "number": NUMBER,
        "sex": "1", "birth": "1985-03-12", "ethnicity": "汉族", "address": "样例路1号", "issuer": "样例公安局",
        "valid_from": "2020-01-02", "valid_to": "2040-01-02", "photo": "", "wlt": "",
    }  # fmt: skip
    return json.dumps(card | more)


def test_finish_button_saves_and_confirms(cast):
    answer = client_of(cast.hr).post("/reader/", {"reading": written()}, follow=True)
    assert "孙读卡已实名登记" in answer.content.decode()
    assert Person.by_id_number(NUMBER).verified
    assert CardReading.objects.get().operator == "陈人事"


def test_page_returns_with_the_person_found(cast):
    answer = client_of(cast.hr).post("/reader/", {"reading": written(), "next": "/employments/new/?a=1"})
    assert answer.url == f"/employments/new/?a=1&person={Person.by_id_number(NUMBER).pk}"


@pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_page_returns_to_no_other_host(cast, next_):
    assert client_of(cast.hr).post("/reader/", {"reading": written(), "next": next_}).url == "/reader/"


def test_expired_card_is_shown(cast):
    answer = client_of(cast.gc_pm).post("/reader/", {"reading": written(valid_to="2025-01-01")}, follow=True)
    assert "孙读卡的证件已过期，请提醒本人换证" in answer.content.decode()


def test_page_without_card_saves_nothing(cast):
    answer = client_of(cast.hr).post("/reader/", {})
    assert answer.status_code == 422 and "请先点“点击读卡”" in answer.content.decode()


def test_refusal_keeps_the_reading(cast):
    person = cast.zhang
    sent = written(number=person.id_number.plain)
    answer = client_of(cast.hr).post("/reader/", {"reading": sent})
    assert answer.status_code == 422 and "R-07" in answer.content.decode()
    assert answer.context["form"]["reading"].value() == sent


@pytest.mark.parametrize(
    "reading",
    [
        "nothing", "[]", "1", "null", "{}", written(kind="passport"), written(way="x"), written(id="1"),
        written(birth="yesterday"), written(photo="data:image/png;base64,%%%"), written(name=None),
    ],
)  # fmt: skip
def test_malformed_reading_is_refused_in_words(reading):
    form = ReadingForm({"reading": reading})
    assert form.non_field_errors() == ["读到的内容不完整，请再点一次“点击读卡”"]


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=30)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(json.loads(written()))), json_values))
def test_form_accepts_any_field_values(change):
    form = ReadingForm({"reading": written(**change)})
    if form.is_valid():
        assert len(form.read.content.name) <= 50 and "\x00" not in form.read.content.name


def test_operator_without_right_reads_whom_to_ask(cast):
    client = client_of(cast.operator(rights=(Right.ENTRY,)))
    assert "请项目负责人在“现场操作用户”中授权" in client.get("/reader/").content.decode()
    assert client.post("/reader/", {"reading": written()}).status_code == 403
    assert not Person.by_id_number(NUMBER)


def test_chip_portrait_is_decoded_if_possible(cast, settings):
    wlt = b64encode(encode(portrait(1).resize((102, 126)))).decode()
    settings.WLT_DECODER = "shiming.demo.wlt:decode"
    answer = client_of(cast.hr).post("/reader/portrait/", {"wlt": wlt})
    assert answer["Content-Type"] == "image/jpeg" and answer["Cache-Control"] == "private, no-store"
    for other in ("", "%%%", b64encode(b"WLf").decode()):
        assert client_of(cast.hr).post("/reader/portrait/", {"wlt": other}).status_code == 204


def test_policy_allows_only_the_four_bridges(db, client):
    policy = client.get("/").headers["Content-Security-Policy"]
    sources = next(part.split() for part in policy.split(";") if part.strip().startswith("connect-src"))
    assert sources[1:] == [
        *("'self'", "http://127.0.0.1:8989", "http://127.0.0.1:24010", "http://127.0.0.1:18889"),
        "ws://127.0.0.1:33666",
    ]


def test_persons_page_shows_reader_and_clerk(cast):
    client = client_of(cast.hr)
    client.post("/reader/", {"reading": written()})
    person = Person.by_id_number(NUMBER)
    cast.employment(person)
    assert "居民身份证，本机桥 A 05.03-1，陈人事" in client.get(f"/people/{person.pk}/").content.decode()
