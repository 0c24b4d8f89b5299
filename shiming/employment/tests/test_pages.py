"""The employment pages, requested through the test client."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from shiming.core.models import AuditEntry
from shiming.employment import commands
from shiming.employment.models import Employment, Transfer
from tests.doors import client_of, export

DIALOG = {"X-Frame": "dialog"}


@pytest.fixture
def hr(cast):
    return client_of(cast.hr)


@pytest.fixture
def phone(cast):
    return client_of(cast.himself())


def text(response):
    return response.content.decode()


def hire(client, person, **more):
    typed = {"name": person.name, "number": person.id_number.plain}
    return client.post("/employments/new/", typed | more, headers=DIALOG)


def test_clerk_invites_and_sees_waiting_person(cast, hr):
    answer = hire(hr, cast.zhang)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/employments/")

    page = text(hr.get("/employments/"))
    assert all(label in page for label in ("姓名", "证件号", "状态", "邀请日期", "聘用待确认", "撤回", "有效期至"))
    assert cast.zhang.id_number.plain not in page and str(cast.zhang.id_number) in page


def test_confirm_and_next_opens_empty_form(cast, hr):
    page = hire(hr, cast.zhang, then="next")
    assert page.status_code == 200
    assert "已向张三发出聘用邀请" in text(page) and cast.zhang.id_number.plain not in text(page)


def test_waiting_person_is_shown_with_day(cast, hr):
    person = cast.person("李四", status="pending")
    answer = hire(hr, person)
    page = text(hr.get(answer["HX-Redirect"]))
    assert "个人信息正在处理，无需重复登记，处理完成后自动继续" in page
    assert "1 / 15" in page and "待建档" in page
    assert hire(hr, person)["HX-Redirect"] == answer["HX-Redirect"]


@pytest.mark.parametrize(
    ("make", "code", "sentence"),
    [
        (lambda cast: cast.person("李四", status="failed"), "R-06", "该人员尚未实名登记，请先进行人员建档"),
        (lambda cast: cast.employment().person, "R-04", "该人员已登记"),
        (lambda cast: cast.employment(status="invited").person, "R-08", "已发出聘用邀请，等待本人确认"),
        (
            lambda cast: cast.employment(company=cast.yuanda).person,
            "R-05",
            "该人员在另外一家单位未离职，请先由本人申请离职或由原单位迁出",
        ),
    ],
)
def test_refusal_in_dialog_keeps_input(cast, hr, make, code, sentence):
    person = make(cast)
    page = hire(hr, person)
    assert page.status_code == 422
    assert sentence in text(page) and code in text(page) and person.id_number.plain in text(page)
    assert ("发起转出" in text(page)) is (code == "R-05")
    assert ("查看已有的聘用关系" in text(page)) is (code in ("R-04", "R-08"))


def test_wrong_digit_and_name_are_marked(cast, hr):
    number = cast.zhang.id_number.plain
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    page = text(hr.post("/employments/new/", {"name": "张三", "number": wrong}, headers=DIALOG))
    assert "身份证号码无效，请核对第 18 位（R-03）" in page
    page = text(hr.post("/employments/new/", {"name": "张四", "number": number}, headers=DIALOG))
    assert "姓名与身份证号不一致（R-07）" in page


def test_refusal_offers_transfer_by_button(cast, hr, phone):
    old = cast.employment(company=cast.yuanda)
    answer = hr.post("/transfers/new/", {"name": "张三", "number": cast.zhang.id_number.plain}, headers=DIALOG)
    assert answer["HX-Redirect"] == "/transfers/"
    transfer = Transfer.objects.get()
    phone.post(f"/m/transfers/{transfer.pk}/answer/", {"answer": "agree"})
    commands.answer_leave(Employment.objects.get(pk=old.pk), agree=True, by=cast.stranger_hr)

    invited = Employment.objects.get(company=cast.antai)
    pages = [
        text(hr.get(path))
        for path in ("/transfers/", "/employments/", f"/employments/{invited.pk}/", "/employments/leaves/")
    ]
    assert "已转出" in pages[0] and "聘用待确认" in pages[1] and "邀请" in pages[2]
    hidden = ["远大", "周人事", str(old.pk), str(cast.yuanda.pk), cast.yuanda.credit_code]
    assert [word for word in hidden for page in pages if word in page] == []


def test_late_withdrawal_is_refused(cast, hr):
    employment = cast.employment(status="invited")
    hr.post(f"/employments/{employment.pk}/withdrawal/")
    assert Employment.objects.get(pk=employment.pk).status == "withdrawn"

    late = cast.employment(cast.person("李四"))
    page = hr.post(f"/employments/{late.pk}/withdrawal/")
    assert page.status_code == 422 and "本人已处理，不能撤回" in text(page)


def test_refused_withdrawals_are_named(cast, hr):
    rows = [cast.employment(status="invited"), cast.employment(cast.person("李四"))]
    page = text(hr.post("/employments/withdrawals/", {"ids": [row.pk for row in rows]}, follow=True))
    assert "已撤回 1 份聘用邀请" in page and "李四：本人已处理，不能撤回" in page

    page = hr.post("/employments/withdrawals/", {})
    assert page.status_code == 422 and "请至少选择一人" in text(page)


def test_list_filters_by_name_number_state(cast, hr):
    cast.employment(), cast.employment(cast.person("李四"), status="invited")
    number = cast.zhang.id_number.plain
    found = {
        query: text(hr.get(f"/employments/?{query}"))
        for query in ("name=张", f"number={number[-4:]}", "status=invited", "name=ls")
    }
    seen = {query: [name for name in ("张三", "李四") if name in page] for query, page in found.items()}
    assert seen == {
        "name=张": ["张三"],
        f"number={number[-4:]}": ["张三"],
        "status=invited": ["李四"],
        "name=ls": ["李四"],
    }


def test_export_is_masked_and_recorded_for_employments(cast, hr):
    cast.employment()
    answer = export(hr, "/employments/")
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(b"".join(answer))).active.iter_rows()]
    assert rows[0] == ["姓名", "证件号", "状态", "邀请日期", "进度"]
    assert rows[1][:3] == ["张三", str(cast.zhang.id_number), "在职"]
    assert str(AuditEntry.objects.get(event="data.exported")) == "陈人事导出聘用关系 1 行"


def test_dismissal_takes_two_confirmations(cast, hr):
    employment = cast.employment()
    url = f"/employments/{employment.pk}/dismissal/"
    page = hr.post(url, {"reason": ""}, headers=DIALOG)
    assert page.status_code == 422 and "请输入解聘原因（R-41）" in text(page)

    page = hr.post(url, {"reason": "工程完工"}, headers=DIALOG)
    assert "请再次确认解聘" in text(page)
    assert Employment.objects.get(pk=employment.pk).status == "active"

    hr.post(url, {"reason": "工程完工", "sure": "yes"}, headers=DIALOG)
    assert Employment.objects.get(pk=employment.pk).status == "dismissal_pending"


def test_leave_refusal_page_requires_reason(cast, hr):
    employment = commands.request_leave(cast.employment(), reason="回家", by=cast.himself())
    url = f"/employments/{employment.pk}/leave/answer/"
    assert "请填写：不同意的原因（R-10）" in text(hr.post(url, {"answer": "refuse"}, headers=DIALOG))

    hr.post(url, {"answer": "refuse", "note": "工程未完"}, headers=DIALOG)
    kept = Employment.objects.get(pk=employment.pk)
    assert (kept.status, kept.answer_note) == ("active", "工程未完")


def worker(cast, **more):
    return {"version": "1", "trade": "钢筋工", "team": str(cast.team().pk)} | more


def test_worker_is_added_from_hired_list(cast, hr):
    employment = cast.employment(kind="", profile_completed=False, trade="")
    page = text(hr.get("/employments/profiles/new/?kind=worker"))
    assert f"/employments/{employment.pk}/profile/?kind=worker" in page

    page = text(hr.get(f"/employments/{employment.pk}/profile/?kind=worker"))
    labels = "从事主要工种 证书类型 是否班组长 班组长 是否安全协管员 劳动合同生效日期 劳动合同失效日期 是否临时工 点工日工资(元/日) 工资卡开户行 工资卡号 保存信息 保存并下一个"
    assert [label for label in labels.split() if label not in page] == []

    hr.post(f"/employments/{employment.pk}/profile/?kind=worker", worker(cast))
    kept = Employment.objects.get(pk=employment.pk)
    assert (kept.kind, kept.trade, kept.profile_completed) == ("worker", "钢筋工", True)


def test_save_and_next_opens_next_incomplete(cast, hr):
    first = cast.employment(kind="", profile_completed=False)
    second = cast.employment(cast.person("李四"), kind="", profile_completed=False)
    answer = hr.post(f"/employments/{first.pk}/profile/?kind=worker", worker(cast, then="next", bank="建设银行"))
    assert answer.url == f"/employments/{second.pk}/profile/?kind=worker"
    assert "建设银行" not in text(hr.get(answer.url))


def test_bad_card_digit_is_saved_with_warning(cast, hr):
    employment = cast.employment(kind="", profile_completed=False)
    page = hr.post(
        f"/employments/{employment.pk}/profile/?kind=worker",
        worker(cast, bank_card="6222 0212 3456 7890 123"),
        follow=True,
    )
    assert "工资卡号末位校验不符" in text(page)
    assert Employment.objects.get(pk=employment.pk).bank_card.plain == "6222021234567890123"


def test_stale_profile_page_is_refused(cast, hr):
    employment = cast.employment(kind="", profile_completed=False)
    url = f"/employments/{employment.pk}/profile/?kind=worker"
    hr.post(url, worker(cast))
    page = hr.post(url, worker(cast, trade="木工"))
    assert page.status_code == 422 and "内容已被他人更新，请刷新（R-43）" in text(page)


def test_authority_sees_overdue_leaves_of_sites(cast):
    assert cast.labour_place.company == cast.antai
    cast.employment(status="leave_requested", leave_overdue=True)
    assert "张三" in text(client_of(cast.regulator()).get("/employments/overdue/"))
    assert "张三" not in text(client_of(cast.regulator("孙西区", "西区监督站")).get("/employments/overdue/"))


def test_person_confirms_on_phone(cast, phone):
    employment = cast.employment(status="invited", started_at=None)
    assert "安泰劳务邀请您受聘" in text(phone.get("/m/employments/"))
    phone.post(f"/m/employments/{employment.pk}/answer/", {"answer": "agree"})
    assert Employment.objects.get(pk=employment.pk).status == "active"


def test_person_requests_and_cancels_leave(cast, phone):
    employment = cast.employment()
    url = f"/m/employments/{employment.pk}/leave/"
    assert "请填写：离职原因" in text(phone.post(url, {}))
    phone.post(url, {"choice": "回家", "text": "收麦子"})
    kept = Employment.objects.get(pk=employment.pk)
    assert (kept.status, kept.leave_reason) == ("leave_requested", "回家：收麦子")

    assert "单位须在" in text(phone.get("/m/employments/"))
    phone.post(f"/m/employments/{employment.pk}/leave/cancellation/")
    assert Employment.objects.get(pk=employment.pk).status == "active"


def test_person_answers_dismissal_and_sees_past(cast, phone):
    employment = cast.employment(status="dismissal_pending", end_reason="工程完工")
    assert "单位提出解聘，原因：工程完工" in text(phone.get("/m/employments/"))
    phone.post(f"/m/employments/{employment.pk}/dismissal/answer/", {"answer": "agree"})
    assert "以前的聘用" in text(phone.get("/m/employments/"))


POSTS = ("withdrawal", "profile", "leave/answer", "dismissal", "dismissal/cancellation")


@pytest.mark.parametrize("action", POSTS)
def test_other_firm_gets_404_without_changes(cast, action):
    employment = cast.employment(status="invited", started_at=None)
    answer = client_of(cast.stranger_hr).post(f"/employments/{employment.pk}/{action}/", {"reason": "x", "sure": "yes"})
    assert (answer.status_code, Employment.objects.get(pk=employment.pk).status) == (404, "invited")


@pytest.mark.parametrize("action", ("answer", "dismissal/answer", "leave", "leave/cancellation"))
def test_other_person_gets_404_without_changes(cast, action):
    employment = cast.employment(status="invited", started_at=None)
    answer = client_of(cast.himself(cast.person("李四"))).post(f"/m/employments/{employment.pk}/{action}/", {})
    assert (answer.status_code, Employment.objects.get(pk=employment.pk).status) == (404, "invited")


@pytest.mark.parametrize("path", ["/employments/", "/employments/profiles/", "/transfers/", "/employments/leaves/"])
def test_site_and_worker_may_not_open_lists(cast, path):
    assert [client_of(actor).get(path).status_code for actor in (cast.gc_pm, cast.himself(), cast.regulator())] == [
        403
    ] * 3


@pytest.mark.parametrize("path", ["/employments/", "/employments/profiles/"])
def test_employment_list_query_count_is_constant(cast, hr, path):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            hr.get(path)
        return len(queries)

    cast.employment(team=cast.team())
    hr.get(path)
    one = cost()
    for name in ("李四", "王五"):
        cast.employment(cast.person(name), team=cast.team())
    assert cost() == one
