"""Full numbers and photos: permission, purpose, limit, trail, and the view of the person."""

import time

import pytest
from django.test import Client

from shiming.core.errors import DomainError, NotAllowed
from shiming.core.models import AuditEntry
from shiming.people import commands, pictures, queries, rules
from shiming.people.tests.conftest import PHONE, card
from tests.doors import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cast):
    """张三, employed by 安泰劳务 and allocated to 滨江一期."""
    cast.assignment()
    return cast.zhang


def test_reveal_shows_number_and_is_recorded(cast, zhang):
    number = commands.reveal(zhang, "id_number", purpose="核对劳动合同", by=cast.hr)
    entry = queries.looks(zhang).get()

    assert (len(number), str(zhang.id_number)) == (18, f"{number[:3]}*****{number[-3:]}")
    assert str(entry) == "陈人事查看张三的身份证号，用途：核对劳动合同"
    assert (entry.company_id, entry.params["firm"]) == (cast.antai.pk, "安泰劳务")
    assert number not in str(AuditEntry.objects.values())


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("hr", True),
        ("labour_pm", True),
        ("gc_pm", True),
        ("admin", True),
        ("regulator", True),
        ("gc_hr", False),  # the general contractor's 企业端 reads masked values only
        ("supervision_pm", False),
        ("stranger_hr", False),
        ("stranger_pm", False),
        ("operator", True),
        ("operator_without_right", False),
    ],
)
def test_reveal_depends_on_role(cast, zhang, who, may):
    by = {
        "regulator": lambda: cast.regulator(),
        "operator": lambda: cast.operator(),
        "operator_without_right": lambda: cast.operator("赵操作", rights=("entry",)),
    }.get(who, lambda: getattr(cast, who))()

    if may:
        assert commands.reveal(zhang, "phone", purpose="核对身份", by=by).startswith("1")
    else:
        with pytest.raises(NotAllowed):
            commands.reveal(zhang, "phone", purpose="核对身份", by=by)
        assert not queries.looks(zhang).exists()


@pytest.mark.parametrize(
    ("employment", "assignment", "hr", "pm"),
    [
        ("awaiting_identity", "", False, False),
        ("invited", "", False, False),
        ("declined", "", False, False),
        ("active", "pending", True, False),
        ("active", "accepted", True, True),
        ("leave_requested", "accepted", True, True),
        ("ended", "ended", False, False),
    ],
)
def test_reveal_lasts_from_confirmation_to_end(cast, employment, assignment, hr, pm):
    fields = {"ended_at": "2026-01-01T00:00Z"} if employment == "ended" else {}
    fields |= {"started_at": None} if employment in ("awaiting_identity", "invited", "declined") else {}
    row = cast.employment(status=employment, **fields)
    if assignment:
        cast.assignment(row, status=assignment)
    for by, may in ((cast.hr, hr), (cast.labour_pm, pm), (cast.gc_pm, pm)):
        assert rules.may_reveal(by, cast.zhang) is may
        client, url = client_of(by), f"/people/{cast.zhang.pk}/"
        if (page := client.get(url)).status_code == 200:
            assert (f"{url}reveal/" in page.content.decode()) is may
            assert client.get(f"{url}reveal/").status_code == (200 if may else 403)
    assert rules.may_change_profile(cast.hr, cast.zhang) is hr
    assert client_of(cast.hr).get(f"/people/{cast.zhang.pk}/edit/").status_code in ((200,) if hr else (403, 404))


def test_edit_without_inputs_keeps_values(cast, zhang):
    commands.update_profile(zhang, by=cast.hr, native_place="江苏", education="高中", residence="滨江路 2 号")
    client, url = client_of(cast.hr), f"/people/{zhang.pk}/edit/"
    zhang.refresh_from_db()
    assert client.post(url, {"version": zhang.version, "native_place": "安徽"}).status_code == 302
    zhang.refresh_from_db()
    assert (zhang.native_place, zhang.education, zhang.residence.plain) == ("安徽", "高中", "滨江路 2 号")
    client.post(url, {"version": zhang.version, "native_place": "", "residence": ""})
    zhang.refresh_from_db()
    assert (zhang.native_place, zhang.education, zhang.residence.plain) == ("", "高中", "滨江路 2 号")


def test_reveal_without_purpose_is_refused(cast, zhang):
    with pytest.raises(DomainError, match="请填写：用途"):
        commands.reveal(zhang, "phone", purpose=" ", by=cast.hr)


def test_thirty_reveals_per_ten_minutes_per_user(cast, zhang):
    for _ in range(30):
        commands.reveal(zhang, "phone", purpose="发放工资", by=cast.hr)
    with pytest.raises(DomainError) as error:
        commands.reveal(zhang, "phone", purpose="发放工资", by=cast.hr)

    assert (error.value.codes, error.value.status) == (["R-83"], 429)
    assert commands.reveal(zhang, "phone", purpose="发放工资", by=cast.labour_pm)


def test_page_asks_purpose_shows_number_once(cast, zhang):
    client, url = client_of(cast.hr), f"/people/{zhang.pk}/reveal/"
    assert client.post(url, {"field": "id_number"}).status_code == 422
    assert client.post(url, {"field": "id_number", "purpose": "其他"}).status_code == 422
    answer = client.post(url, {"field": "id_number", "purpose": "其他", "detail": "补办工资卡"})

    assert zhang.id_number.plain in answer.content.decode()
    assert queries.looks(zhang).get().reason == "补办工资卡"
    assert zhang.id_number.plain not in client.get(f"/people/{zhang.pk}/").content.decode()


def test_old_login_must_be_proved_again(cast, zhang):
    client = client_of(cast.hr)
    session = client.session
    session["proved_at"] = int(time.time()) - 400
    session.save()
    answer = client.post(f"/people/{zhang.pk}/reveal/", {"field": "phone", "purpose": "发放工资"})

    assert answer.url.startswith("/login/again/")
    assert not queries.looks(zhang).exists()


def test_portrait_is_private_to_viewers(cast, zhang):
    commands.set_portrait(zhang, card().front, by=cast.himself())
    answer = client_of(cast.gc_pm).get(f"/people/{zhang.pk}/photo/portrait/")

    assert answer.content.startswith(b"\xff\xd8")
    assert {name: answer[name] for name in pictures.HEADERS} == pictures.HEADERS
    assert client_of(cast.stranger_pm).get(f"/people/{zhang.pk}/photo/portrait/").status_code == 404
    assert Client().get(f"/people/{zhang.pk}/photo/portrait/").status_code == 302


def test_card_photo_needs_own_fresh_ticket(submitted, cast, monkeypatch):
    person, client = submitted(), client_of(cast.admin)
    url = f"/people/{person.pk}/photo/id_front/"
    assert client.get(url).status_code == 404

    page = client.post(f"/people/identity/{person.pk}/photos/").content.decode()
    assert person.id_number.plain in page and f"{url}?t=" in page
    mine = pictures.ticket(cast.admin.user_id, person.id_front_id)
    others = pictures.ticket(cast.hr.user_id, person.id_front_id)
    wrong_photo = pictures.ticket(cast.admin.user_id, person.id_back_id)
    assert [client.get(url, {"t": ticket}).status_code for ticket in (mine, others, wrong_photo)] == [200, 404, 404]

    now = time.time()
    monkeypatch.setattr(pictures.time, "time", lambda: now + 61)
    assert client.get(url, {"t": mine}).status_code == 404
    assert str(queries.looks(person).get()) == f"系统管理员核验{person.name}的证件照片"


def test_administrator_decides_on_page(submitted, cast):
    good, bad = submitted(0), submitted(1, phone="15499123457")
    client = client_of(cast.admin)
    client.post(f"/people/identity/{good.pk}/verification/")
    assert client.post(f"/people/identity/{bad.pk}/failure/", {"reason": ""}).status_code == 422
    client.post(f"/people/identity/{bad.pk}/failure/", {"reason": "照片看不清，请重新拍照"})

    good.refresh_from_db(), bad.refresh_from_db()
    assert (good.identity_status, bad.identity_status, bad.failure) == ("verified", "failed", "照片看不清，请重新拍照")
    again = client.post(f"/people/identity/{good.pk}/verification/")
    assert again.status_code == 409


def test_pending_list_shows_day_masks_number(submitted, cast):
    person = submitted()
    page = client_of(cast.admin).get("/people/identity/").content.decode()

    assert person.name in page and "第 1 个工作日/共 15" in page
    assert card().number not in page and PHONE not in page


def test_manual_batch_is_queued_once(cast):
    client = client_of(cast.admin)
    assert client.post("/people/identity/run/").url == "/people/identity/"
    assert client.post("/people/identity/run/").url == "/people/identity/"
