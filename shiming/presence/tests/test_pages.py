"""Pages of entry and exit: lists, gate scan, 建设码 and 为什么进不去."""

import io
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from shiming.core.models import AuditEntry
from shiming.presence import codes
from shiming.presence.models import Card, Stay
from tests.doors import client_of, export

DIALOG = {"X-Frame": "dialog"}
MAIN = {"X-Frame": "main", "HX-Request": "true"}


@pytest.fixture
def gate(cast):
    return client_of(cast.gc_pm)


@pytest.fixture
def phone(cast):
    return client_of(cast.himself())


def text(response):
    return response.content.decode()


def scan(client, person, **more):
    sent = {"code": codes.personal_code(person.pk), "event_id": uuid4()} | more
    return client.post("/site/scan/entry/", sent, headers=MAIN)


def test_start_page_counts_events_of_today(cast, gate):
    cast.stay()
    cast.assignment(cast.employment(cast.person("李四")))
    cast.assignment(cast.employment(cast.person("王五")), status="pending", confirmed_at=None)
    scan(gate, cast.person("王五"))

    page = text(gate.get("/site/"))

    assert "滨江一期" in page and "安泰劳务" in page and "扫码" in page
    assert "王五在滨江一期被拒绝进场：该人员尚未确认分配" in page
    figures = dict(re.findall(r'kpi__label">(?:.*?</svg> )?([^<]+)</span>\s*<span class="kpi__value">(\d+)', page))
    assert figures == {"在场": "1", "今日进场": "0", "今日退场": "0", "待确认": "1", "待进场": "1"}


def test_list_shows_confirmed_people_and_states(cast, gate):
    cast.stay()
    cast.assignment(cast.employment(cast.person("李四")))
    cast.assignment(cast.employment(cast.person("王五")), status="pending", confirmed_at=None)

    page = text(gate.get("/stays/"))
    assert all(word in page for word in ("张三", "李四", "在场", "未进场", str(cast.zhang.id_number)))
    assert "王五" not in page and cast.zhang.id_number.plain not in page

    assert "张三" not in text(gate.get("/stays/?state=not_entered"))
    assert "李四" not in text(gate.get("/stays/?name=张"))
    assert "没有符合条件" not in text(gate.get("/stays/?company=安泰"))


def test_exported_list_is_masked_and_recorded(cast, gate):
    cast.stay()
    answer = export(gate, "/stays/?state=on_site")
    assert answer["Content-Type"].endswith("sheet") and answer["Cache-Control"] == "private, no-store"
    (sheet,) = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["单位", "姓名", "身份证号"]
    assert rows[1][:3] == ["安泰劳务", "张三", str(cast.zhang.id_number)]
    assert str(AuditEntry.objects.get(event="data.exported")) == "王总包导出进退场人员 1 行"


def test_many_are_entered_on_the_pc(cast, gate):
    ready = cast.assignment()
    other = cast.assignment(cast.employment(cast.person("李四")))
    asked = gate.post("/stays/entries/", {"ids": [ready.pk, other.pk]}, headers=DIALOG)
    assert "进场日期" in text(asked) and "张三" in text(asked) and "共 2 人" in text(asked)
    assert not Stay.objects.exists()

    sent = {"ids": [ready.pk, other.pk], "on": timezone.localdate()}
    answer = gate.post("/stays/entries/", sent, headers=DIALOG)

    assert answer["HX-Redirect"] == "/stays/entry/"
    assert set(Stay.objects.values_list("method", flat=True)) == {"batch"}
    assert "没有等待进场的人员" in text(gate.get("/stays/entry/"))


def test_refused_entry_names_person_and_reason(cast, gate):
    ready = cast.assignment()
    here = cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    sent = {"ids": [ready.pk, here.assignment_id], "on": timezone.localdate()}

    page = text(gate.post("/stays/entries/", sent, headers=DIALOG))

    assert "部分办成" in page and "李四" in page and "该人员已在场" in page and "R-22" in page


def test_batch_refuses_ended_allocation_by_name(cast, gate):
    ready = cast.assignment()
    gone = cast.assignment(cast.employment(cast.person("刚移走")), status="ended", ended_at=timezone.now())
    sent = {"ids": [ready.pk, gone.pk], "on": timezone.localdate()}

    page = text(gate.post("/stays/entries/", sent, headers=DIALOG))
    assert "刚移走" in page and "R-20" in page
    assert Stay.objects.get().assignment == ready


def test_wrong_entry_date_stays_in_the_form(cast, gate):
    ready = cast.assignment()
    page = gate.post("/stays/entries/", {"ids": ready.pk, "on": "昨天"}, headers=DIALOG)
    assert page.status_code == 422 and "昨天" in text(page)


def test_one_and_many_people_leave(cast, gate):
    first, second = cast.stay(), cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    assert "张三" in text(gate.get("/stays/leaving/"))
    assert "确认退场" in text(gate.get(f"/stays/exits/?ids={first.pk}", headers=DIALOG))

    sent = {"ids": [first.pk, second.pk], "on": timezone.localdate()}
    assert gate.post("/stays/exits/", sent, headers=DIALOG)["HX-Redirect"] == "/stays/leaving/"

    assert not Stay.objects.filter(exited_on=None).exists()


def test_batch_exit_names_earlier_leaver(cast, gate):
    here, gone = cast.stay(), cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    gate.post("/stays/exits/", {"ids": gone.pk, "on": timezone.localdate()}, headers=DIALOG)

    answer = gate.post("/stays/exits/", {"ids": [here.pk, gone.pk], "on": timezone.localdate()}, headers=DIALOG)

    assert answer.status_code == 422
    assert "该人员已经退场，不能重复操作" in text(answer) and "去掉他们，继续办理" in text(answer)
    assert re.findall(r'name="ids" value="([^"]+)"', text(answer)) == [str(here.pk)]


def test_managers_enter_and_leave_on_their_list(cast):
    manager = cast.assignment(cast.employment(kind="manager"), role="项目经理")
    cast.assignment(cast.employment(cast.person("李四")))
    pm = client_of(cast.labour_pm)
    page = text(pm.get("/stays/managers/"))
    assert "张三" in page and "李四" not in page

    pm.post("/stays/managers/entries/", {"ids": manager.pk, "on": timezone.localdate()}, headers=DIALOG)
    stay = Stay.objects.get()
    assert f"/stays/managers/exits/?ids={stay.pk}" in text(pm.get("/stays/managers/"))
    pm.post("/stays/managers/exits/", {"ids": stay.pk, "on": timezone.localdate()}, headers=DIALOG)

    assert [str(entry) for entry in AuditEntry.objects.filter(event__startswith="stay").order_by("id")] == [
        "孙劳务办理张三进场（登记）",
        "孙劳务办理张三退场",
    ]


def test_stay_page_shows_its_trail(cast, gate):
    cast.assignment()
    scan(gate, cast.zhang)
    page = text(gate.get(f"/stays/{Stay.objects.get().pk}/"))
    assert "王总包办理张三进场（扫码）" in page and "扫码" in page


def test_scan_shows_verdict_and_undo(cast, gate):
    cast.assignment()

    page = text(scan(gate, cast.zhang))
    assert 'data-verdict="ok"' in page and "张三" in page and "安泰劳务 · 钢筋工" in page and "撤销这次进场" in page

    undone = gate.post("/site/scan/undo/", {"stay": Stay.objects.get().pk}, headers=MAIN)
    assert "已撤销进场" in text(undone)
    assert not Stay.objects.exists()


def test_refused_scan_shows_reasons_and_contacts(cast, gate):
    li = cast.person("李四", status="pending")
    cast.assignment(cast.employment(li), status="pending", confirmed_at=None)

    page = text(scan(gate, li))

    assert 'data-verdict="stop"' in page
    assert all(
        expected in page
        for expected in ("R-20", "该人员尚未确认分配", "项目经理", "R-06", "该人员尚未实名登记，请先进行人员建档")
    )


def test_gate_answers_in_json_on_request(cast, gate):
    cast.assignment()
    sent = {"code": codes.personal_code(cast.zhang.pk), "event_id": uuid4()}
    answer = gate.post("/site/scan/entry/", sent, headers={"Accept": "application/json"}).json()
    assert (answer["tone"], answer["name"], answer["refusals"]) == ("ok", "张三", [])


@pytest.mark.parametrize(("field", "value"), [("event_id", "x"), ("occurred_at", "gestern"), ("occurred_at", "9" * 40)])
def test_unreadable_scan_is_refused(cast, gate, field, value):
    cast.assignment()
    answer = scan(gate, cast.zhang, **{field: value})
    assert answer.status_code == 422 and "格式不对" in text(answer)
    assert not Stay.objects.exists()


def test_kept_scans_keep_their_time(cast, gate):
    cast.assignment()
    then = timezone.now() - timedelta(hours=2)
    code = codes.personal_code(cast.zhang.pk, then.timestamp())

    scan(gate, cast.zhang, code=code, occurred_at=int(then.timestamp() * 1000))

    stay = Stay.objects.get()
    assert stay.offline and abs(stay.entered_at - then) < timedelta(seconds=1)


def test_card_asks_for_portrait_first(cast, gate, phone):
    cast.assignment()
    phone.post("/m/card/")
    code = codes.card_code(Card.objects.get().pk)

    asked = text(gate.post("/site/scan/entry/", {"code": code, "event_id": uuid4()}, headers=MAIN))
    assert "请核对照片" in asked and "是本人" in asked

    sent = {"code": code, "event_id": uuid4(), "portrait_confirmed": "1"}
    assert "已进场" in text(gate.post("/site/scan/entry/", sent, headers=MAIN))


def test_person_is_found_by_name_or_number(cast, gate):
    assignment = cast.assignment()
    last = cast.zhang.id_number.plain[-4:]
    for typed in ("张", last):
        page = text(gate.get("/site/scan/people/", {"q": typed}))
        assert "张三" in page and cast.zhang.id_number.plain not in page
    assert "没有找到" in text(gate.get("/site/scan/people/?q=赵"))

    answer = gate.post(f"/site/scan/people/{assignment.pk}/entry/", headers=MAIN)
    assert 'data-verdict="ok"' in text(answer)
    assert Stay.objects.get().method == "form"


def test_site_poster_is_printed_and_renewed(cast, gate):
    assert "第 1 版" in text(gate.get("/site/code/")) and "更换工地码" in text(gate.get("/site/code/"))
    assert "滨江一期" in text(gate.get("/site/code/poster/"))

    assert gate.post("/site/code/renewal/").status_code == 302
    assert "第 2 版" in text(gate.get("/site/code/"))


def test_gate_reads_the_workers_code(cast, gate, phone):
    cast.assignment()
    page = text(phone.get("/m/code/"))
    assert "我的建设码" in page and "张三" in page and "data:image/svg+xml" in page

    ahead = json.loads(phone.get("/m/code/ahead/").content)
    assert (len(ahead["codes"]), ahead["step"]) == (20, 30)
    assert ahead["codes"][0]["from"] <= ahead["now"] < ahead["codes"][0]["from"] + 30
    assert cast.zhang.id_number.plain not in page


def test_card_page_is_for_its_owner(cast, phone):
    paper = phone.post("/m/card/")["Location"]
    assert "扫卡时请核对照片与本人" in text(phone.get(paper))
    assert client_of(cast.himself(cast.person("李四"))).get(paper).status_code == 404


def test_worker_reads_reasons_and_reminds_daily(cast, phone):
    cast.employment()
    cast.filing(cast.labour_place, "孙劳务")
    page = text(phone.get("/m/why/"))
    assert "滨江一期" in page and "还差 1 件事" in page and "该人员尚未确认分配" in page
    assert "请用人单位在“人员分配”中分配到本项目" in page and "提醒用人单位" in page

    where = f"/m/why/{cast.binjiang.pk}/"
    phone.post(where + "reminder/", {"code": "R-20"})
    assert "今天已提醒" in text(phone.get(where))
    phone.post(where + "reminder/", {"code": "R-20"})

    (reminder,) = AuditEntry.objects.filter(event="reminder.sent")
    assert (reminder.company_id, reminder.params["owner"], reminder.params["to"]) == (
        cast.antai.pk,
        "company",
        "用人单位",
    )


def test_waiting_allocation_is_reminded_at_site(cast, phone):
    cast.assignment(status="pending", confirmed_at=None)
    phone.post(f"/m/why/{cast.binjiang.pk}/reminder/", {"code": "R-20"})
    (reminder,) = AuditEntry.objects.filter(event="reminder.sent")
    assert (reminder.params["owner"], reminder.project_id) == ("project", cast.binjiang.pk)


def test_passed_check_is_not_reminded(cast, phone):
    cast.assignment()
    answer = phone.post(f"/m/why/{cast.binjiang.pk}/reminder/", {"code": "R-20"})
    assert answer.status_code == 422 and "这一项已经办好" in text(answer)


def test_firm_and_worker_read_same_reasons(cast, phone):
    assignment = cast.assignment(
        cast.employment(cast.person("李四", status="pending")), status="rejected", confirmed_at=None
    )
    theirs = text(client_of(cast.hr).get(f"/assignments/{assignment.pk}/why/"))
    stranger = text(client_of(cast.himself(cast.person("李四"))).get(f"/m/why/{cast.binjiang.pk}/"))
    assert re.findall(r"<code>(R-\d\d)</code>", theirs) == ["R-20", "R-06"] and "<code>R-" not in stranger
    said = [re.findall(r'refusal__say" data-say>\s*(\S+)', page) for page in (theirs, stranger)]
    assert said[0] == said[1] and len(said[0]) == 2
    assert all("按不通过原因改正后再次提交" in page for page in (theirs, stranger))


PAGES = (
    *("/stays/", "/stays/entry/", "/stays/leaving/", "/stays/managers/", "/site/", "/site/code/", "/site/code/poster/"),
    *("/site/scan/", "/site/scan/people/"),
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["hr", "admin", "himself"])
def test_site_pages_refuse_other_roles(cast, page, who):
    actor = cast.himself() if who == "himself" else getattr(cast, who)
    assert client_of(actor).get(page).status_code == 403


@pytest.mark.parametrize("page", ["/m/code/", "/m/code/ahead/", "/m/card/", "/m/why/"])
def test_worker_pages_refuse_other_roles(cast, page):
    assert client_of(cast.hr).get(page).status_code == 403
    assert client_of(cast.gc_pm).get(page).status_code == 403


def test_rows_of_other_sites_are_not_found(cast):
    stay = cast.stay()
    stranger = client_of(cast.stranger_pm)
    today = timezone.localdate()
    answers = [
        stranger.get(f"/stays/{stay.pk}/"),
        stranger.post("/stays/entries/", {"ids": stay.assignment_id, "on": today}),
        stranger.post("/stays/exits/", {"ids": stay.pk, "on": today}),
        stranger.post("/stays/managers/exits/", {"ids": stay.pk, "on": today}),
        stranger.post("/site/scan/undo/", {"stay": stay.pk}),
        stranger.post(f"/site/scan/people/{stay.assignment_id}/entry/"),
        stranger.get(f"/assignments/{stay.assignment_id}/why/"),
        stranger.post(f"/assignments/{stay.assignment_id}/reminders/", {"code": "R-22"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    stay.refresh_from_db()
    assert stay.on_site


@pytest.mark.parametrize("page", ["/stays/", "/stays/entry/", "/stays/leaving/", "/stays/managers/"])
def test_list_queries_do_not_grow_with_rows(cast, gate, page):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(name):
        cast.stay(cast.assignment(cast.employment(cast.person(name))))
        cast.assignment(cast.employment(cast.person(name + "丙")))
        cast.assignment(cast.employment(cast.person(name + "丁"), kind="manager"), role="安全员")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert gate.get(page).status_code == 200
        return len(queries)

    add("甲")
    cost()
    one = cost()
    add("乙")
    add("戊")
    assert cost() == one
