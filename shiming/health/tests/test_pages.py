"""The pages of 工地疫情防控管理: columns, labels and buttons of the manual, and where they stand in the menu."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shiming.admission import commands as admission
from shiming.core.actor import Right
from shiming.health import commands
from shiming.health.models import DailyHealth, Disposition, HealthFile, PreRegistration
from shiming.health.tests.cases import ISOLATE, declared, dispose, gate, preregister
from shiming.web import menu
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db
NEW = "/health/pre-registrations/new/"


@pytest.fixture
def site(cast):
    gate(cast)
    return cast


def text(answer) -> str:
    return answer.content.decode()


def heads(page: str) -> list[str]:
    found = re.findall(r'<th[^>]*scope="col"[^>]*>(.*?)</th>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", head).strip() for head in found]


def hidden(page: str) -> str:
    """The value of the hidden confirmation."""
    return unescape(re.search(r'name="sure" value="([^"]*)"', page)[1])


def typed(cast, person, **more) -> dict:
    filing = cast.filing(cast.labour_place, "孙劳务")
    given = {"number": person.id_number.plain, "name": person.name, "origin": "安徽省阜阳市", "employer": filing.pk}
    return given | {"phone": "15499000079"} | more


def test_menu_stands_where_the_check_was_chosen(cast):
    menu = ("工地疫情防控信息", "进场预登记", "在场人员健康")
    assert not any(label in text(client_of(cast.gc_pm).get("/site/")) for label in menu)
    check = gate(cast)
    assert all(label in text(client_of(cast.supervision_pm).get("/site/")) for label in menu)
    admission.stop(check, on=timezone.localdate(), by=cast.admin)
    assert all(label in text(client_of(cast.gc_pm).get("/site/")) for label in menu)


def test_list_has_the_columns_of_the_manual(site):
    preregister(site, site.zhang)
    page = text(client_of(site.gc_pm).get("/health/pre-registrations/"))
    printed = ["用人单位", "姓名", "身份证", "联系电话", "预登记日期"]
    assert heads(page) == ["序号", *printed, "当前状态", "操作"]
    assert all(action in page for action in ("查看", "携带家属", "每日健康", "处置方式"))
    assert site.zhang.id_number.plain not in page and site.zhang.phone.plain not in page


def test_list_is_searched_and_exported_masked(site):
    preregister(site, site.zhang)
    preregister(site, site.person("李四"))
    browser = client_of(site.gc_pm)
    page = text(browser.get("/health/pre-registrations/?who=李四"))
    assert "李四" in page and "张三" not in page
    answer = export(browser, "/health/pre-registrations/", kind="csv")
    file = b"".join(answer.streaming_content).decode()
    assert "张三" in file and site.zhang.id_number.plain not in file


def test_button_gets_the_declaration_and_saves_nothing(site):
    declared(site.zhang)
    page = text(client_of(site.gc_pm).post(NEW, typed(site, site.zhang, then="declaration", origin="", employer="")))
    labels = ["上报地址", "上报时间", "体温", "健康状况", "出行时间", "出行方式", "是否湖北/武汉出发", "是否经停"]
    assert [label for label in [*labels, "停留地点", "居住地址"] if label not in page] == []
    assert 'value="安徽省阜阳市"' in page and "请填写" not in page
    assert site.zhang.phone.plain not in page and not PreRegistration.objects.exists()


def test_form_saves_the_delivered_phone(site):
    declared(site.zhang)
    answer = client_of(site.gc_pm).post(NEW, typed(site, site.zhang))
    assert answer.status_code == 302
    assert PreRegistration.objects.get().phone.plain == site.zhang.phone.plain


def test_every_missing_star_is_named_at_once(site):
    page = text(client_of(site.gc_pm).post(NEW, {"number": "", "name": "", "origin": "", "employer": ""}))
    assert [label for label in ("身份证号", "姓名", "出发地", "用人单位") if f"请填写：{label}" not in page] == []


def test_warning_is_confirmed_with_a_second_press(site):
    declared(site.zhang, temperature="38.0")
    browser = client_of(site.gc_pm)
    page = text(browser.post(NEW, typed(site, site.zhang)))
    assert "体温与症状不一致" in page and "确认并添加" in page and 'name="sure"' in page
    assert browser.post(NEW, typed(site, site.zhang, sure=hidden(page))).status_code == 302


def test_contract_follows_from_the_employer(site):
    filing = site.filing(site.labour_place, "孙劳务")
    browser = client_of(site.gc_pm)
    page = text(browser.get(f"/health/pre-registrations/contract/?employer={filing.pk}"))
    assert filing.number in page and "滨江一期" in page
    place = site.specialist_place
    assert "合同未报送" in text(browser.get(f"/health/pre-registrations/contract/?employer={place.pk}"))


def test_firm_with_two_contracts_is_chosen_by_number(site):
    first = site.filing(site.labour_place, "孙劳务")
    second = type(first)(
        **{
            name: getattr(first, name)
            for name in ("participation", "name", "status", "filed_on", "pm", "pm_phone_digest")
        },
        number="HT99999999",
        pm_phone=first.pm_phone,
    )
    second.save()
    page = text(client_of(site.gc_pm).get(NEW))
    assert f"安泰劳务（{first.number}）" in page and "安泰劳务（HT99999999）" in page


def test_record_shows_declaration_and_correction(site):
    row = preregister(site, site.zhang)
    browser, at = client_of(site.gc_pm), f"/health/pre-registrations/{row.pk}/"
    assert "36.5" in text(browser.get(at))
    sent = {"version": row.version, "origin": "上海市", "employer": row.filing_id, "phone": ""}
    assert browser.post(f"{at}edit/", sent).status_code == 302
    assert "上海市" in text(browser.get(at))


def test_family_has_the_columns_of_the_manual(site):
    row = preregister(site, site.zhang)
    answer = declared(site.person("周家属"))
    number = site.person("周家属").id_number.plain
    given = {"number": number, "name": "周家属", "origin": "上海市", "declared": answer, "by": site.gc_pm}
    member = commands.add_family_member(row, **given)
    browser = client_of(site.gc_pm)
    page = text(browser.get(f"/health/pre-registrations/{row.pk}/family/"))
    assert heads(page) == ["序号", "姓名", "身份证", "联系电话", "预登记日期", "操作"]
    assert "携带家属登记" in page and "周家属" in text(browser.get(f"/health/family/{member.pk}/"))


def test_daily_health_page_has_the_columns_and_symptoms_of_the_manual(site):
    preregister(site, site.zhang)
    browser, at = client_of(site.supervision_pm), f"/health/people/{site.zhang.pk}/daily/"
    form = text(browser.get(f"{at}new/"))
    symptoms = ["发热", "咳嗽", "流涕", "咽痛", "咳痰", "胸痛", "肌肉酸痛/关节痛", "气促", "腹泻", "无上述异常症状"]
    assert [each for each in symptoms if each not in form] == []
    sent = {"at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "symptoms": ["咳嗽"], "temperature": "36.9"}
    assert browser.post(f"{at}new/", sent).status_code == 302
    page = text(browser.get(at))
    assert heads(page) == ["序号", "日期", "健康状态", "体温测量"] and "36.9 ℃" in page


def test_doubtful_reading_is_confirmed(site):
    preregister(site, site.zhang)
    browser, at = client_of(site.gc_pm), f"/health/people/{site.zhang.pk}/daily/new/"
    sent = {"at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "symptoms": ["发热"], "temperature": "36.4"}
    page = text(browser.post(at, sent))
    assert "体温与症状不一致，请确认（W-01）" in page and not DailyHealth.objects.exists()
    sure = hidden(page)
    other = browser.post(at, sent | {"sure": sure, "temperature": "36.2"})
    assert other.status_code == 422  # a confirmation holds for the values that were shown
    assert browser.post(at, sent | {"sure": sure}).status_code == 302
    assert DailyHealth.objects.get().values["warned"]


def test_disposition_with_its_form_is_saved_shown_and_deleted(site):
    preregister(site, site.zhang)
    browser, at = client_of(site.gc_pm), f"/health/people/{site.zhang.pk}/disposition/"
    sent = {"way": ISOLATE, "since": timezone.localdate(), "how": "定点酒店"}
    file = SimpleUploadedFile("登记表.pdf", b"%PDF-1.7 %%EOF")
    assert browser.post(at, sent | {"file": file}).status_code == 302
    assert Disposition.objects.get().status == "isolate"
    row = HealthFile.objects.get()
    assert "登记表.pdf" in text(browser.get(at))
    link = browser.post(f"/health/files/{row.pk}/opening/")["Location"]
    assert browser.get(link).content == b"%PDF-1.7 %%EOF"
    assert browser.get(f"/health/files/{row.pk}/").status_code == 404
    browser.post(f"/health/files/{row.pk}/removal/")
    assert "由王总包删除" in text(browser.get(at))


def test_people_on_site_without_preregistration_are_listed(site):
    site.stay()
    preregister(site, site.person("李四"))
    site.stay(site.assignment(site.employment(site.person("李四"))))
    browser = client_of(site.gc_pm)
    page = text(browser.get("/health/on-site/"))
    assert "尚未预登记" in page and "李四" in page
    only = text(browser.get("/health/on-site/?without=without"))
    assert "张三" in only and "李四" not in only


def test_site_information_keeps_its_history(site):
    browser = client_of(site.gc_pm)
    rows = {"supplies-TOTAL_FORMS": 2, "supplies-INITIAL_FORMS": 0}
    first = {"members": "王总包 15499000001", "supplies-0-name": "口罩", "supplies-0-quantity": "500"}
    assert browser.post("/health/site/", rows | first).status_code == 302
    second = first | {"supplies-0-quantity": "480", "supplies-INITIAL_FORMS": 1}
    assert browser.post("/health/site/", rows | second).status_code == 302
    page = text(browser.get("/health/site/"))
    assert "首次提交" in page and "修改防疫物资" in page and 'value="480"' in page


def test_supply_without_quantity_is_named(site):
    sent = {"members": "王总包", "supplies-TOTAL_FORMS": 1, "supplies-INITIAL_FORMS": 0, "supplies-0-name": "口罩"}
    answer = client_of(site.gc_pm).post("/health/site/", sent)
    assert answer.status_code == 422 and "请填写数量" in text(answer)


def test_supervision_reads_the_site_information(site):
    commands.save_site_info(site.binjiang, members="王总包 15499000001", by=site.gc_pm)
    page = text(client_of(site.supervision_pm).get("/health/site/"))
    assert "王总包 15499000001" in page and "提交</button>" not in page


def test_records_are_shown_read_only_after_the_overlay(cast):
    check = gate(cast)
    row = preregister(cast, cast.zhang)
    dispose(cast, cast.zhang)
    admission.stop(check, on=timezone.localdate(), by=cast.admin)
    browser = client_of(cast.gc_pm)
    page = text(browser.get("/health/pre-registrations/"))
    assert "记录只能查看" in page and "张三" in page and NEW not in page
    assert "添加</button>" not in text(browser.get(f"/health/people/{cast.zhang.pk}/disposition/"))
    assert "修改" not in text(browser.get(f"/health/pre-registrations/{row.pk}/"))


def test_worker_declares_on_the_own_phone(site):
    browser = client_of(site.himself())
    assert "健康登记" in text(browser.get("/m/health/declaration/"))
    sent = {"reported_place": "上海市", "temperature": "36.5", "symptoms": ["无上述异常症状"], "address": "沿河路"}
    assert browser.post("/m/health/declaration/", sent | {"origin": "安徽省阜阳市"}).status_code == 302
    assert "体温 36.5 ℃" in text(browser.get("/m/health/declaration/"))


def test_worker_is_asked_nothing_without_the_overlay(cast):
    browser = client_of(cast.himself())
    assert browser.get("/m/health/declaration/").status_code == 404
    assert "健康登记" not in text(browser.get("/m/"))


@pytest.mark.parametrize("address", ["/health/on-site/", "/health/site/", "/health/pre-registrations/", NEW])
def test_site_that_never_chose_the_check_has_no_pages(cast, address):
    answer = client_of(cast.gc_pm).get(address)
    assert answer.status_code == 404 and "本项目没有选用防疫准入" in text(answer)


def test_refused_entry_links_to_the_preregistration(site):
    waiting = site.assignment()
    entries = {"ids": [str(waiting.pk)], "on": timezone.localdate().isoformat()}
    page = text(client_of(site.gc_pm).post("/stays/entries/", entries))
    assert "该人员未预登记" in page and f'href="{NEW}"' in page
    operator = site.operator("陈门卫", rights=(Right.ENTRY,))
    assert f'href="{NEW}"' not in text(client_of(operator).post("/stays/entries/", entries))


def test_site_menu_has_the_order_and_words_of_the_manual(cast):
    """2-21, as far as the entries exist."""

    def printed():
        groups = menu.groups_for(cast.gc_pm, "/site/")
        return [group.label for group in groups], [item.label for group in groups for item in group.items]

    before, _ = printed()
    assert "进退场用工管理" not in before
    gate(cast)
    groups, entries = printed()
    assert groups[:4] == ["", "项目", "工地疫情防控管理", "进退场用工管理"]
    wanted = ["基本信息", "现场操作用户", "工地疫情防控信息", "进场预登记"]
    assert [entry for entry in entries if entry in wanted] == wanted
