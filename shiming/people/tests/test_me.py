"""我的: own data, reveals, change of phone and export."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiming.core.models import AuditEntry
from shiming.core.privacy import blind_index
from shiming.outbox.models import OutboxMessage
from shiming.people import commands
from shiming.people.tests.conftest import card
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db
NEW = "15499777777"


@pytest.fixture
def himself(cast):
    return client_of(cast.himself())


def code_sent() -> str:
    return re.search(r"\d{6}", OutboxMessage.objects.latest("created_at").text.plain)[0]


def test_person_sees_readers_and_firms(himself, cast):
    cast.employment()
    commands.reveal(cast.zhang, "phone", purpose="办理保险", by=cast.hr)
    page = himself.get("/m/me/looks/").content.decode()

    assert "陈人事查看张三的手机号，用途：办理保险" in page and "安泰劳务" in page
    assert "1 次" in himself.get("/m/me/").content.decode()


def test_person_exports_all_own_data(himself, cast):
    cast.stay()
    answer = himself.post("/m/me/export/")
    data = json.loads(answer.content)

    assert answer["Content-Disposition"] == 'attachment; filename="shiming-my-data.json"'
    assert data["人员"]["身份证号"] == cast.zhang.id_number.plain
    assert data["人员"]["手机号"] == cast.zhang.phone.plain
    assert (data["聘用"][0]["单位"], data["分配"][0]["项目"], data["进退场"][0]["进场方式"]) == (
        "安泰劳务",
        "滨江一期",
        "扫码",
    )
    assert str(AuditEntry.objects.latest("id")) == "张三导出本人数据 3 行"


def test_phone_changes_with_code_only(himself, cast):
    himself.post("/m/me/phone/", {"phone": NEW})
    code = code_sent()
    wrong = "000000" if code != "000000" else "111111"
    assert himself.post("/m/me/phone/", {"code": wrong}).status_code == 422
    assert himself.post("/m/me/phone/", {"code": code}).url == "/m/me/"

    cast.zhang.refresh_from_db()
    assert (cast.zhang.phone.plain, cast.zhang.phone_digest) == (NEW, blind_index("phone", NEW))
    assert str(AuditEntry.objects.latest("id")) == "张三修改张三的信息：手机号"


def test_five_wrong_codes_restart_the_change(himself, cast):
    himself.post("/m/me/phone/", {"phone": NEW})
    code = code_sent()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        himself.post("/m/me/phone/", {"code": wrong})
    himself.post("/m/me/phone/", {"code": code})

    cast.zhang.refresh_from_db()
    assert cast.zhang.phone.plain != NEW


def test_invalid_phone_is_refused(himself):
    answer = himself.post("/m/me/phone/", {"phone": "12345"})
    assert (answer.status_code, "手机号应为 11 位" in answer.content.decode()) == (422, True)


def test_firm_may_not_change_phone(cast):
    cast.employment()
    with pytest.raises(Exception, match="您没有此项权限，可联系：本人或系统管理员"):
        commands.change_phone(cast.zhang, NEW, by=cast.hr)


def test_administrator_replaces_lost_phone_with_reason(cast):
    client, url = client_of(cast.admin), f"/people/{cast.zhang.pk}/phone/"
    assert client.post(url, {"phone": NEW, "reason": ""}).status_code == 422
    client.post(url, {"phone": NEW, "reason": "持身份证原件到场"})

    cast.zhang.refresh_from_db()
    assert (cast.zhang.phone.plain, AuditEntry.objects.latest("id").reason) == (NEW, "持身份证原件到场")
    assert client_of(cast.hr).get(url).status_code == 403


def test_person_corrects_data_outside_the_card(himself, cast):
    version = cast.zhang.version
    himself.post("/m/me/data/", {"version": version, "native_place": "江苏", "residence": "滨江路 9 号"})
    cast.zhang.refresh_from_db()
    assert (cast.zhang.native_place, cast.zhang.residence.plain) == ("江苏", "滨江路 9 号")

    stale = himself.post("/m/me/data/", {"version": version, "native_place": "浙江"})
    assert (stale.status_code, "内容已被他人更新，请刷新" in stale.content.decode()) == (422, True)
    himself.post("/m/me/data/", {"version": cast.zhang.version, "native_place": "安徽", "residence": ""})
    cast.zhang.refresh_from_db()
    assert (cast.zhang.native_place, cast.zhang.residence.plain) == ("安徽", "滨江路 9 号")


def test_address_is_not_in_the_trail(himself, cast):
    himself.post("/m/me/data/", {"version": cast.zhang.version, "residence": "滨江路九百号二单元"})
    assert "滨江路九百号二单元" not in str(list(AuditEntry.objects.values()))


def test_person_sees_own_photos(himself, cast, submitted):
    photo = SimpleUploadedFile("me.jpg", card().front, "image/jpeg")
    himself.post("/m/me/portrait/", {"photo": photo})
    assert himself.get("/m/me/photo/portrait/").content.startswith(b"\xff\xd8")
    assert himself.get("/m/me/photo/id_front/").status_code == 404
    owner = client_of(cast.himself(submitted()))
    assert owner.get("/m/me/photo/id_front/").status_code == 200


def test_other_file_is_refused_with_reason(himself):
    answer = himself.post("/m/me/portrait/", {"photo": SimpleUploadedFile("me.jpg", b"GIF89a nothing", "image/jpeg")})
    assert (answer.status_code, "这不是 JPG、PNG 或 WEBP 照片" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("page", ["", "story/", "looks/", "data/", "phone/", "portrait/", "photo/portrait/"])
def test_own_pages_are_for_persons_only(cast, page, client):
    assert client_of(cast.hr).get(f"/m/me/{page}").status_code == 403
    assert client.get(f"/m/me/{page}").status_code == 302


def test_firm_corrects_own_people_only(cast):
    cast.employment()
    url, version = f"/people/{cast.zhang.pk}/edit/", cast.zhang.version
    assert client_of(cast.hr).post(url, {"version": version, "ethnicity": "汉族"}).status_code == 302
    assert client_of(cast.stranger_hr).post(url, {"version": version, "ethnicity": "回族"}).status_code == 404
    assert client_of(cast.gc_pm).post(url, {"version": version, "ethnicity": "回族"}).status_code == 403

    cast.zhang.refresh_from_db()
    assert cast.zhang.ethnicity == "汉族"


def test_list_export_is_masked_and_recorded(cast):
    cast.employment()
    answer = export(client_of(cast.hr), "/people/")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert str(AuditEntry.objects.latest("id")) == "陈人事导出人员 1 行"
