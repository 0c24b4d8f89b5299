"""The pages of 管理人员登记 [004]: number first, the long form with its draft, the list, 离职迁出."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shiming.core.actor import Role
from shiming.employment import commands
from shiming.employment.models import Employment, ManagerDraft
from shiming.employment.tests.test_managers import ABOUT, NUMBER, WORK, register, update
from shiming.people.items import items_of
from shiming.people.models import Person
from shiming.people.tests.conftest import card, picture_process_stops  # noqa: F401
from tests.cast import invented_id, phone_number
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db
ROWS = {
    "schools": ["k2", "k1"],
    "schools-k1-school": "滨江建筑学校",
    "schools-k1-graduated": "True",
    "schools-k2-school": "城东大学",
    "schools-k2-started_on": "2001-09-01",
    "contacts": ["k1"],
    "contacts-k1-relation": "母亲",
    "contacts-k1-name": "李母",
    "contacts-k1-phone": phone_number(7),
    "awards": ["k1"],  # a row without a value is as good as removed
    "awards-k1-name": "",
}
WHOLE = {"name": "韩管理", "version": "", **WORK, **ABOUT, **ROWS}


@pytest.fixture
def browser(cast):
    return client_of(cast.clerk)


@pytest.fixture
def colleague(cast, browser):
    return client_of(cast.staff("冯同事", cast.antai, Role.PARTICIPANT_CLERK))


def begin(browser, number=NUMBER):
    return browser.post("/managers/new/", {"number": number}).url


def page_of(answer):
    return answer.content.decode()


def value_of(page, name):
    """What stands in an input, or what is chosen in a list."""
    if found := re.search(rf'<input[^>]*name="{name}"[^>]*>', page):
        return (re.search(r'value="([^"]*)"', found[0]) or ["", ""])[1]
    options = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)[0]
    return (re.search(r'value="([^"]*)" selected', options) or ["", ""])[1]


# The number first


def test_wrong_number_is_shown_digit_by_digit(browser):
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    answer = browser.post("/managers/new/", {"number": wrong})
    assert answer.status_code == 422
    assert "身份证号码无效，请核对第" in page_of(answer) and "slip__places" in page_of(answer)


def test_number_of_another_company_is_refused_without_its_name(cast, browser):
    cast.employment(cast.person("李四"), cast.yuanda)
    page = page_of(browser.post("/managers/new/", {"number": cast.person("李四").id_number.plain}))
    assert "该人员在另外一家单位未离职" in page and "远大" not in page and "李四" not in page


def test_number_registered_here_leads_to_what_is_there(cast, browser):
    row = register(cast.clerk)
    page = page_of(browser.post("/managers/new/", {"number": NUMBER}))
    assert "该人员已登记" in page and f'href="/managers/{row.pk}/"' in page
    worker = cast.employment()
    page = page_of(browser.post("/managers/new/", {"number": cast.zhang.id_number.plain}))
    assert f'href="/managers/{worker.pk}/"' in page and "转为管理人员" in page


# The form


def test_form_has_the_order_and_the_stars_of_the_manual(browser):
    page = page_of(browser.get(begin(browser)))
    basic = re.search(r'id="section-basic".*?</section>', page, re.DOTALL)[0]
    found = re.findall(
        r'(?:<label for="[^"]*">|<span class="field__label">)\s*(\S+?)\s*(?:<|\n)(.{0,60})', basic, re.DOTALL
    )
    labels = [label + ("*" if "must" in after else "") for label, after in found]
    assert labels == [
        *("姓名*", "曾用名", "工作单位*", "社保情况", "职务*", "职称*", "性别", "出生年月日*", "民族*", "政治面貌"),
        *("身份证号码", "年龄*", "户口类型", "户口所在地*", "现居住地址*", "现居住地详细地址*", "籍贯*"),
        *("婚姻状况", "最高学历*", "学历类型", "最高学位", "联系电话*"),
    ]
    assert NUMBER not in page and "1980-05-20" in page
    assert re.findall(r'<h2 id="head-\w+">(\S+?)[ <]', page) == [
        *("基本信息", "教育经历", "紧急联系人", "培训经历", "职称/技能", "执业证书", "获奖情况", "照片", "附件"),
    ]


def test_whole_form_registers_and_the_draft_is_gone(browser):
    answer = browser.post(begin(browser), WHOLE)
    assert (answer.status_code, answer.url) == (302, "/managers/")
    row = Employment.objects.get(kind="manager")
    rows = items_of(row.person)
    assert [item.school for item in rows["schools"]] == ["城东大学", "滨江建筑学校"]
    assert [item.graduated for item in rows["schools"]] == [None, True]
    assert (rows["contacts"][0].phone.plain, rows["awards"]) == (phone_number(7), [])
    assert not ManagerDraft.objects.exists()
    assert "韩管理" in page_of(browser.get("/managers/"))


def test_every_error_is_told_at_once_and_leads_to_its_field(browser):
    address = begin(browser)
    wrong = {"name": "", "household_place": "火星", "contact_phone": "12", "contacts-k1-phone": "3"}
    answer = browser.post(address, WHOLE | wrong | {"schools-k2-finished_on": "2000-01-01"})
    page = page_of(answer)
    assert answer.status_code == 422 and "有 5 处需要修改" in page
    listed = re.search(r"data-form-errors.*?</ul>", page, re.DOTALL)[0]
    assert re.findall(r'href="#([^"]+)">([^<]+)', listed) == [
        ("id_name", "请填写：姓名（R-10）"),
        ("id_household_place", "户口所在地"),
        ("id_contact_phone", "联系电话"),
        ("id_schools-k2-finished_on", "教育经历第 1 条·截止时间"),
        ("id_contacts-k1-phone", "紧急联系人第 1 条·联系电话"),
    ]
    assert value_of(page, "education") == "本科" and value_of(page, "schools-k1-school") == "滨江建筑学校"
    assert not Employment.objects.exists()


def test_value_outside_the_dictionary_is_refused(browser):
    wrong = {"title": "自编", "contacts-k1-relation": "自编"}
    answer = browser.post(begin(browser), WHOLE | wrong)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, ["title"])
    contacts = next(block for block in form.blocks if block.code == "contacts")
    assert [list(row.errors) for row in contacts.rows] == [["relation"]]
    assert not Employment.objects.exists()


def test_refusal_of_the_command_keeps_everything(cast, browser):
    cast.zhang  # noqa: B018
    answer = browser.post(begin(browser, cast.zhang.id_number.plain), WHOLE)
    assert answer.status_code == 422 and "姓名与身份证号不一致" in page_of(answer)
    assert value_of(page_of(browser.get("/managers/new/")), "number") == ""
    assert ManagerDraft.objects.get().name == "韩管理"


def test_what_was_typed_is_kept_and_offered_again(browser):
    address = begin(browser)
    unfinished = {
        "name": "韩",
        "residence_detail": "滨江路",
        "contacts": "k1",
        "contacts-k1-phone": "154",
        "version": "",
    }
    answer = browser.post(f"{address}values/", unfinished)
    assert (answer.status_code, list(answer.json())) == (200, ["saved", "mark"])

    page = page_of(browser.get(address))
    assert "已恢复 冯经办" in page
    kept = [value_of(page, name) for name in ("name", "residence_detail", "contacts-k1-phone")]
    assert kept == ["韩", "滨江路", "154"]
    assert "没有填完的登记" in page_of(browser.get("/managers/"))


def test_second_window_does_not_overwrite_the_draft_in_silence(browser):
    address = begin(browser)

    def save(mark, **typed):
        return browser.post(f"{address}values/", typed, headers={"X-Draft-Mark": mark, "Accept": "application/json"})

    first = save("", name="韩一").json()["mark"]  # both windows opened the empty draft
    second = save("", name="韩二")
    assert (second.status_code, second.json()["title"]) == (409, "这份草稿在另一个窗口改过，这里的内容还没有存")
    assert ManagerDraft.objects.get().typed == {"name": ["韩一"]}

    assert save(first, name="韩三").status_code == 200
    chosen = browser.post(f"{address}values/", {"name": "韩二"})  # 用这里的: without a mark
    assert (chosen.status_code, ManagerDraft.objects.get().typed) == (200, {"name": ["韩二"]})


def test_colleague_goes_on_without_reading_numbers_and_loses_none(browser, colleague):
    address = begin(browser)
    browser.post(f"{address}values/", WHOLE)
    page = page_of(colleague.get(address))
    assert WORK["contact_phone"] not in page and "滨江路 1 号" not in page and "已登记 154*****301" in page

    sent = WHOLE | {"contact_phone": "", "residence": "", "residence_detail": "", "contacts-k1-phone": ""}
    assert colleague.post(address, sent).status_code == 302
    row = Employment.objects.get(kind="manager")
    assert row.contact_phone.plain == WORK["contact_phone"]
    assert row.person.residence_detail.plain == "滨江路 1 号"
    assert items_of(row.person)["contacts"][0].phone.plain == phone_number(7)


def test_draft_is_given_up(browser):
    address = begin(browser)
    assert browser.post(f"{address}deletion/").url == "/managers/"
    assert (browser.get(address).status_code, ManagerDraft.objects.count()) == (404, 0)


def test_draft_of_another_company_does_not_exist(cast, browser):
    address = begin(browser)
    assert cast.repair_gc_place
    stranger = client_of(cast.staff("宏基经办", cast.hongji, Role.PARTICIPANT_CLERK))
    assert stranger.get(address).status_code == 404
    for part in ("", "values/", "deletion/", "photos/front/"):
        assert stranger.post(f"{address}{part}", {"name": "x"}).status_code == 404


# Changes


def test_existing_record_is_changed_without_showing_secrets(cast, browser):
    row = register(cast.clerk)
    page = page_of(browser.get(f"/managers/{row.pk}/"))
    assert [value_of(page, name) for name in ("name", "duty", "native_place")] == ["韩管理", "安全员", "浙江省杭州市"]
    assert WORK["contact_phone"] not in page and "滨江路 1 号" not in page and "已登记 154*****301" in page
    assert ["离职迁出" in page, "保存" in page, "返回" in page, "工作经历" in page] == [True] * 4

    blank = {"contact_phone": "", "residence": "", "residence_detail": "", "education": "硕士"}
    sent = {"name": "韩管理", **WORK, **ABOUT, **blank, "version": value_of(page, "version")}
    assert browser.post(f"/managers/{row.pk}/", sent).url == "/managers/"
    row.refresh_from_db()
    person = Person.objects.get(pk=row.person_id)
    assert (person.education, person.residence.plain, row.contact_phone.plain) == (
        "硕士",
        "上海市黄浦区",
        WORK["contact_phone"],
    )


def test_change_meanwhile_by_another_is_told(cast, browser):
    row = register(cast.clerk)
    page = page_of(browser.get(f"/managers/{row.pk}/"))
    update(row, cast.clerk, about=ABOUT | {"education": "博士"})
    answer = browser.post(
        f"/managers/{row.pk}/", {"name": "韩管理", **WORK, **ABOUT, "version": value_of(page, "version")}
    )
    assert answer.status_code == 422 and "内容已被他人更新" in page_of(answer)
    assert "此后登记已由他人更新" in page_of(browser.get(f"/managers/{row.pk}/"))


def test_contact_keeps_its_phone_when_left_empty(cast, browser):
    contact = {"relation": "母亲", "name": "李母", "phone": phone_number(7)}
    row = register(cast.clerk, items={"contacts": [contact]})
    page = page_of(browser.get(f"/managers/{row.pk}/"))
    key = items_of(row.person)["contacts"][0].pk
    assert "已登记 154*****007" in page
    changed = {"contacts": str(key), f"contacts-{key}-id": str(key), f"contacts-{key}-name": "李妈妈"}
    changed |= {f"contacts-{key}-relation": "母亲", f"contacts-{key}-phone": "", "version": value_of(page, "version")}
    assert browser.post(f"/managers/{row.pk}/", {"name": "韩管理", **WORK, **ABOUT, **changed}).status_code == 302
    kept = items_of(row.person)["contacts"][0]
    assert (kept.pk, kept.name, kept.phone.plain) == (key, "李妈妈", phone_number(7))


def test_worker_page_makes_a_manager(cast, browser):
    row = cast.employment(mode="direct")
    page = page_of(browser.get(f"/managers/{row.pk}/"))
    assert "保存后转为管理人员，在职不中断" in page
    sent = {**WORK, **ABOUT, "version": value_of(page, "version")}
    assert browser.post(f"/managers/{row.pk}/", sent).status_code == 302
    row.refresh_from_db()
    assert row.kind == "manager"


def test_region_of_former_times_stays_valid(cast, browser):
    row = register(cast.clerk)
    Person.objects.filter(pk=row.person_id).update(native_place="上海市闸北区")
    page = page_of(browser.get(f"/managers/{row.pk}/"))
    sent = {"name": "韩管理", **WORK, **ABOUT, "native_place": "上海市闸北区", "version": value_of(page, "version")}
    assert browser.post(f"/managers/{row.pk}/", sent).status_code == 302


# Photos


def test_photo_is_inspected_and_becomes_the_persons_with_the_submission(browser):
    address, mine = begin(browser), card()
    answer = browser.post(f"{address}photos/front/", {"photo": SimpleUploadedFile("front.jpg", mine.front)})
    assert answer.status_code == 200 and "saved" in answer.json()
    wrong = browser.post(f"{address}photos/back/", {"photo": BytesIO(b"no picture at all")})
    assert wrong.status_code == 422 and wrong.json()["refused"]
    assert browser.post(f"{address}photos/elsewhere/", {}).status_code == 404
    assert "已上传，提交后生效" in page_of(browser.get(address))

    browser.post(address, WHOLE)
    person = Person.objects.get(name="韩管理")
    assert person.id_front_id and not person.id_back_id and not ManagerDraft.objects.exists()


# The list


def test_list_has_the_columns_of_the_manual(cast, browser):
    row = register(cast.clerk)
    cast.assignment(row, cast.repair_place, status="pending", confirmed_at=None)
    page = page_of(browser.get("/managers/"))
    heads = re.findall(r"<th[^>]*>\s*([^<\s]+)\s*</th>", page)
    assert heads == [
        *("序号", "员工名称", "性别", "身份证号码", "年龄", "手机号码", "籍贯", "学历", "职称", "状态"),
        *("是否人脸认证", "审核状态", "操作"),
    ]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)
    told = [re.sub(r"<[^>]+>|\s+", "", cell) for cell in cells]
    assert told[-7:-1] == ["浙江省杭州市", "本科", "工程师", "在职", "否", "待审核"]
    assert NUMBER not in page and WORK["contact_phone"] not in page


def test_who_moved_out_stands_behind_the_filter(cast, browser):
    commands.release(register(cast.clerk), by=cast.clerk)
    assert "韩管理" not in page_of(browser.get("/managers/"))
    moved = page_of(browser.get("/managers/", {"status": "moved"}))
    assert "韩管理" in moved and "已迁出" in moved


def test_list_is_exported_as_shown(cast, browser):
    register(cast.clerk)
    told = b"".join(export(browser, "/managers/", kind="csv").streaming_content).decode()
    assert "员工名称" in told and "韩管理" in told and "未提交" in told and NUMBER not in told


def test_menu_offers_the_list_where_the_implementing_unit_confirms(cast, browser):
    assert 'href="/managers/"' in page_of(browser.get("/managers/"))
    assert 'href="/managers/"' not in page_of(client_of(cast.stranger_hr).get("/employments/"))


# 离职迁出


def test_moving_out_names_what_ends_first(cast, browser):
    row = register(cast.clerk)
    cast.stay(cast.assignment(row, cast.repair_place, role="安全员"))
    address = f"/managers/{row.pk}/moving-out/"
    page = page_of(browser.get(address))
    assert f"沿河修缮（{cast.yanhe.filing_code}）：审核通过" in page and "确认离职迁出" in page
    assert browser.post(address, {"reason": "合同到期"}).url == "/managers/"
    row.refresh_from_db()
    assert row.status == "ended"
    page = page_of(browser.get(f"/managers/{row.pk}/"))
    assert f"已在 {timezone.localdate()} 离职迁出" in page and "data-submit" not in page
    assert browser.post(f"/managers/{row.pk}/", WHOLE).status_code == 422


def test_refusal_of_a_stricter_project_stands_in_the_dialog(cast, browser):
    row = register(cast.clerk)
    cast.stay(cast.assignment(row, cast.labour_place, role="安全员"))
    answer = browser.post(f"/managers/{row.pk}/moving-out/", {"reason": ""})
    assert answer.status_code == 422 and "滨江一期" in page_of(answer)


def test_record_of_another_company_does_not_exist(cast, browser):
    other = cast.employment(cast.person("李四"), cast.yuanda, kind="manager")
    for part in ("", "moving-out/"):
        assert browser.get(f"/managers/{other.pk}/{part}").status_code == 404
    for part in ("values/", "photos/front/"):
        assert browser.post(f"/managers/{other.pk}/{part}", {}).status_code == 404


def test_register_of_many_costs_the_queries_of_one(cast, browser, django_assert_max_num_queries):
    for number in range(3):
        register(cast.clerk, invented_id(320 + number), f"管理员{'甲乙丙'[number]}")
    browser.get("/managers/")
    with django_assert_max_num_queries(25):
        browser.get("/managers/")
