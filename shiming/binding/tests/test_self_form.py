"""The phone form of a poster [004] 4-25: nothing is lost, nothing is learned, nothing is changed."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiming.binding.mobile import notice
from shiming.binding.models import SelfForm, SelfFormAttempt
from shiming.binding.person import own_self_forms
from shiming.binding.self_forms import commands
from shiming.binding.tests.conftest import TYPED, newest, text_of
from shiming.core import files
from shiming.core.limits import Limit
from shiming.core.models import AuditEntry, StoredFile
from shiming.people.models import Person
from shiming.people.tests.conftest import card
from tests.cast import invented_id

pytestmark = pytest.mark.django_db
LABELS = (
    *("企业名称", "报建编号", "姓名", "身份证号码", "出生年月日", "年龄", "性别", "民族", "籍贯", "手机号", "现居地址"),
    *("详细地址", "人员性质", "工种", "户口类型", "户口所在地", "政治面貌"),
)


def test_form_asks_what_the_manual_prints_in_its_order(cast, address):
    page = Client().get(address).content.decode()

    places = [page.index(f">{label}<") if f">{label}<" in page else page.index(label) for label in LABELS]
    assert places == sorted(places)
    assert "安泰劳务" in page and cast.yanhe.filing_code in page
    assert 'name="company"' not in page and 'name="filing_code"' not in page
    for item in notice.ITEMS:
        assert str(item.text) in page


def test_sent_form_is_kept_sealed_and_answered_with_a_number(cast, scan):
    answer = scan()
    page = Client().get(answer.url).content.decode()

    form = newest()
    assert (form.name, form.trade, form.status, form.times) == ("周工人", "钢筋工", "open", 1)
    assert (form.notice_version, form.participation) == (notice.VERSION, cast.repair_place)
    assert form.id_number.plain == TYPED["id_number"] and form.values["residence"] == "上海市宝山区"
    assert len(form.receipt) == 12 and form.receipt.isdigit()
    assert form.receipt_in_groups in page and TYPED["id_number"] not in page
    assert not Person.objects.filter(name="周工人").exists()
    assert TYPED["id_number"] not in str([*AuditEntry.objects.values_list()])


def test_all_errors_stand_at_their_fields_and_nothing_is_lost(scan):
    wrong = TYPED["id_number"][:-1] + ("1" if TYPED["id_number"][-1] != "1" else "2")
    answer = scan(id_number=wrong, phone="123", trade="", native_place="", agreed="")
    page = answer.content.decode()

    assert (answer.status_code, SelfForm.objects.count()) == (422, 0)
    for sentence in ("请核对第 18 位", "手机号应为 11 位", "请填写：工种", "请填写：籍贯", "请填写：我看过须知"):
        assert sentence in page
    for kept in ("周工人", wrong, 'value="123"', "沿河路 8 号 2 楼", "安徽省阜阳市", 'value="1985-03-12"'):
        assert kept in page
    assert f'data-value="{TYPED["id_number"]}"' in page  # the number that may be meant, to be chosen


@pytest.mark.parametrize("given", [{"sex": "2"}, {"birth_date": "1985-03-13"}])
def test_birthday_and_sex_must_agree_with_the_number(scan, given):
    answer = scan(**given)
    assert (answer.status_code, "身份证号码无效" in answer.content.decode()) == (422, True)


def test_number_fills_birthday_and_sex_where_no_script_runs(scan):
    assert scan(birth_date="", sex="").status_code == 302


def test_second_form_of_the_same_number_replaces_the_first(scan):
    first, second = scan(), scan(name="周改名", trade="木工", id_number=f" {TYPED['id_number']} ")

    form = SelfForm.objects.get()
    assert (form.name, form.trade, form.times) == ("周改名", "木工", 2)
    pages = [text_of(Client().get(answer.url)) for answer in (first, second)]
    assert form.receipt_in_groups in pages[0] and pages[0] == pages[1]


def test_same_number_at_two_places_is_two_forms(cast, scan):
    scan()
    cast.self_form(cast.person("李四"), cast.repair_gc_place, id_number=TYPED["id_number"])
    assert SelfForm.objects.filter(status="open").count() == 2
    assert SelfForm.objects.values("receipt").distinct().count() == 2


def test_known_and_unknown_numbers_get_the_same_answer_for_the_same_work(cast, scan):
    known = cast.employment(cast.person("赵在册"), cast.hengli).person
    seen = []
    for number in (known.id_number.plain, invented_id(4801)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = scan(id_number=number)
        statements = [_shape(query["sql"]) for query in asked]  # the next request empties the log
        page = Client().get(answer.url)
        shown = text_of(page).replace(newest().receipt_in_groups, "")
        seen.append((answer.status_code, shown, statements))
    assert seen[0] == seen[1] and seen[0][2]
    assert not any("people_person" in statement for _, _, statements in seen for statement in statements)


def test_wrong_name_of_a_known_person_is_not_told_to_the_phone(cast, scan):
    answer = scan(id_number=cast.zhang.id_number.plain, name="不是张三")
    assert answer.status_code == 302
    cast.zhang.refresh_from_db()
    assert cast.zhang.name == "张三" and str(cast.zhang.version) == "1"


@pytest.mark.parametrize("limit", ["PER_ADDRESS", "PER_POSTER"])
def test_too_many_forms_are_refused_and_what_was_typed_stays(scan, monkeypatch, limit):
    monkeypatch.setattr(commands, limit, Limit(2, timedelta(minutes=15), "R-80"))
    assert [scan().status_code, scan(name="").status_code, scan().status_code] == [302, 422, 429]

    page = scan(name="吴第四").content.decode()
    assert "提交太频繁" in page and "吴第四" in page
    assert SelfFormAttempt.objects.count() == 2


def test_limit_of_one_address_leaves_others_alone(scan, monkeypatch):
    monkeypatch.setattr(commands, "PER_ADDRESS", Limit(1, timedelta(minutes=15), "R-80"))
    assert [scan().status_code, scan().status_code] == [302, 429]
    assert scan(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "周'); DROP", "周\x00工", "1", "周" * 51])
def test_name_that_is_none_is_refused(scan, name):
    assert scan(name=name).status_code == 422


def test_markup_is_printed_as_text(scan):
    page = scan(native_place="<img src=x onerror=alert(1)>").content.decode()
    assert "<img src=x" not in page and "&lt;img src=x onerror=alert(1)&gt;" in page


def test_direction_characters_do_not_reach_the_clerk(scan):
    scan(residence_detail="沿河\u202e路\n8 号")
    assert newest().values["residence_detail"] == "沿河 路 8 号"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"native_place": "安徽阜阳"}, {"native_place": "安徽省阜阳市"}),
        ({"residence": "上海宝山"}, {"residence": "上海市宝山区"}),
        ({"household_place": "安徽 阜阳 颍上"}, {"household_place": "安徽省阜阳市颍上县"}),
    ],
)
def test_place_typed_in_short_is_kept_as_the_division(scan, given, kept):
    assert scan(**given).status_code == 302
    assert newest().values | kept == newest().values


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"household_place": "安徽省阜阳市"}, "请选到区县：安徽省阜阳市下面还有一级"),
        ({"native_place": "安徽省"}, "请选到市：安徽省下面还有一级"),
        ({"residence": "西湖区"}, "没有找到“西湖区”，请从列表中选择；是不是："),
    ],
)
def test_place_is_refused_in_words_also_without_scripts(scan, given, said):
    page = scan(**given).content.decode()
    assert said in page and f'value="{next(iter(given.values()))}"' in page
    assert not SelfForm.objects.exists()


def test_page_says_how_to_write_places_without_scripts(address):
    page = Client().get(address).content.decode()
    assert re.search(r"<noscript>.*省、市、区县写全.*</noscript>", page, re.DOTALL)
    assert page.count('data-regions="/regions/"') == 3


ODD = st.text(max_size=140) | st.sampled_from(["", "\x00", "Ⅳ", "９" * 18, "١٢٣", "🏗", "‮", "110101" * 3, "2026-02-30"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(odd=st.dictionaries(st.sampled_from(sorted(TYPED)), ODD, max_size=6))
def test_odd_input_is_answered_in_words(scan, odd):
    assert scan(**odd).status_code in (302, 422, 429)


def test_photos_are_kept_with_the_open_form_and_go_when_it_is_replaced(scan):
    sent = scan()
    content = SimpleUploadedFile("x.jpg", card(1).front, "image/jpeg")
    assert Client().post(f"{sent.url}id_front/", {"photo": content}).url == sent.url
    form = newest()
    kept = files.path_of(form.id_front)
    assert kept.exists() and "已收到" in Client().get(sent.url).content.decode()

    scan()
    assert (newest().id_front, StoredFile.objects.filter(kind="id_front").count()) == (None, 0)


def test_file_that_is_no_photo_is_refused_in_words(scan):
    sent = scan()
    answer = Client().post(f"{sent.url}portrait/", {"photo": SimpleUploadedFile("x.jpg", b"no photo", "image/jpeg")})
    assert answer.status_code == 422 and newest().portrait is None


def test_photo_of_a_decided_form_is_refused(cast, scan):
    sent = scan()
    commands.discard(newest(), reason="重复登记", by=cast.clerk)
    content = SimpleUploadedFile("x.jpg", card(1).front, "image/jpeg")
    answer = Client().post(f"{sent.url}id_front/", {"photo": content})
    assert (answer.status_code, newest().id_front) == (422, None)


def test_large_body_is_refused_before_it_is_read(address):
    assert Client().post(address, TYPED | {"residence": "长" * 400_000}).status_code == 413


@pytest.mark.parametrize("page", ["/q/sent/forged/", "/q/sent/forged/id_front/", "/q/sent/forged/passport/"])
def test_forged_receipt_opens_nothing(cast, page):
    assert Client().get(page).status_code == 404


def test_person_finds_the_forms_in_their_own_copy(cast):
    cast.self_form(cast.zhang)
    [row] = own_self_forms(cast.zhang)
    assert (row["项目"], row["单位"], row["状态"]) == ("沿河修缮", "安泰劳务", "待提交")


def _shape(statement: str) -> str:
    """Without the names of savepoints and the keys of locks."""
    return " ".join(re.sub(r"s\d+_x\d+|'[^']*'", "", statement).split()[:4])
