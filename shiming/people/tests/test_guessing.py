"""Guesses of numbers and names are limited and counted together for all pages and the API."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from shiming.core.errors import DomainError
from shiming.core.models import AuditEntry
from shiming.employment import commands as employment
from shiming.people import commands
from shiming.people.commands import desk, guessing
from shiming.people.models import Person
from shiming.projects import commands as projects
from tests.callers import codes, firm
from tests.cast import invented_id
from tests.doors import client_of

pytestmark = pytest.mark.django_db


def hire(client, name, number):
    return client.post("/employments/new/", {"name": name, "number": number})


def test_thirty_refusals_block_for_ten_minutes(cast, monkeypatch):
    client, number = client_of(cast.hr), cast.zhang.id_number.plain
    assert [hire(client, "李四", number).status_code for _ in range(guessing.MISSES.most)] == [
        422
    ] * guessing.MISSES.most

    page = hire(client, "张三", number)
    assert page.status_code == 429
    assert "十分钟内已有 30 次没有查到或不相符，请稍后再试（R-72）" in page.content.decode()
    assert client.post("/transfers/new/", {"name": "张三", "number": number}).status_code == 429
    assert hire(client_of(cast.stranger_hr), "张三", number).status_code == 302

    monkeypatch.setattr(guessing, "MISSES", replace(guessing.MISSES, within=timedelta()))
    assert hire(client, "张三", number).status_code == 302


def test_api_key_shares_count_of_user(cast):
    key = firm(cast, cast.antai)
    answers = [
        key.post("/employments", name="李四", number=cast.zhang.id_number.plain)
        for _ in range(guessing.MISSES.most + 1)
    ]
    assert [answer.status_code for answer in answers] == [422] * guessing.MISSES.most + [429]
    assert codes(answers[-1]) == ["R-72"]


def test_every_lookup_counts_without_typed_text(cast):
    number, unknown = cast.zhang.id_number.plain, invented_id(912)
    grant = {"phone": "15499123456", "rights": ["entry"], "ends_on": timezone.localdate()}
    asks = [
        (cast.hr, lambda by: employment.invite(name="李四", number=number, by=by)),
        (cast.hr, lambda by: employment.request_transfer(name="李四", number=number, by=by)),
        (cast.hr, lambda by: commands.register_typed(name="李四", number=number, by=by)),
        (cast.hr, lambda by: desk.look_up(unknown, by=by)),
        (cast.gc_pm, lambda by: projects.grant(cast.gc_place, name="李四", number=number, by=by, **grant)),
    ]
    for by, ask in asks:
        before = AuditEntry.objects.filter(event="person.missed", user_id=by.user_id).count()
        with pytest.raises(DomainError):
            ask(by)
        entry = AuditEntry.objects.filter(event="person.missed", user_id=by.user_id).latest("id")
        assert AuditEntry.objects.filter(event="person.missed", user_id=by.user_id).count() == before + 1
        assert not {"李四", number, unknown} & set(map(str, entry.params.values()))


@pytest.mark.parametrize("name", ["张", "张三2", "<i>张三</i>", "=1+1", "张" * 51])
def test_invalid_name_is_refused_at_registration(cast, name):
    typed = {"name": name, "number": invented_id(913), "by": cast.hr}
    born = date(1985, 3, 12)
    asks = [
        lambda: commands.register_typed(**typed),
        lambda: desk.register_irregular(**typed, birth_date=born),
        lambda: commands.take_card(commands.CardContent(typed["number"], name), reader="一号", by=cast.hr),
        lambda: commands.check_identity(**typed),
    ]
    for ask in asks:
        with pytest.raises(DomainError, match="姓名只能是汉字、字母和间隔号") as refused:
            ask()
        assert refused.value.field == "name"
    assert not Person.objects.filter(name=name).exists()


def test_wrong_digit_does_not_count(cast):
    with pytest.raises(DomainError, match="身份证号码无效"):
        employment.invite(name="李四", number="119900198503120000", by=cast.hr)
    assert not AuditEntry.objects.filter(event="person.missed").exists()
