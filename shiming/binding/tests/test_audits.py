"""项目人员登记绑定审核 [004]: manual rows 4-27 … 4-30, domain.md §11.1, 11.7–11.9."""

import re
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.assignment import commands, rules
from shiming.assignment.models import Assignment
from shiming.binding import audits
from shiming.core.actor import Role
from shiming.core.errors import Refused
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.inbox.models import InboxItem
from shiming.people.models import Person
from shiming.presence.commands import unbind
from shiming.presence.models import Stay
from shiming.projects.models import Project, ProjectPolicy
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db
Status = Assignment.Status
NAMES = "赵钱孙李周吴郑王冯陈"


def binding(cast, name="张三", status="pending", by=None, face=True, **fields):
    """A person of 安泰劳务 on 沿河修缮, submitted by the clerk unless another is named."""
    person = cast.person(name)
    if face:
        person.face_status, person.face_registered_at = Person.Face.REGISTERED, timezone.now()
        person.save()
    given = {"submitted_by_id": (by or cast.clerk).user_id, "submitted_at": timezone.now()}
    if status == "draft":
        given = {}
    if status not in ("accepted", "ended"):
        given["confirmed_at"] = None
    if status == "rejected":
        given["decision_note"] = "照片不清"
    kind = fields.pop("kind", "worker")
    employment = cast.employment(person, mode="direct", kind=kind)
    row = cast.assignment(employment, cast.repair_place, status=status, **(given | fields))
    if status == "accepted":
        cast.stay(row, method="approval")
    return row


def codes(result):
    return [(name, error.codes) for name, error in result.refused]


# 通过与不通过


def test_approval_binds_and_opens_the_stay_of_that_day(cast):
    row = binding(cast)
    result = commands.accept([row], by=cast.implementer)

    row.refresh_from_db()
    stay = Stay.objects.get(assignment=row)
    assert (result.refused, row.status, row.confirmed_by_id) == ([], Status.ACCEPTED, cast.implementer.user_id)
    assert (stay.entered_on, stay.method, stay.company) == (timezone.localdate(), "approval", cast.antai)
    notice = InboxItem.objects.get(person=row.person)
    assert (notice.title, notice.body) == ("您已进场：沿河修缮", "沈审核办理，方式：审核通过")


def test_legal_representative_of_the_implementing_company_audits(cast):
    row, legal = binding(cast), cast.staff("安居法人", cast.anju, Role.LEGAL_REP)
    assert cast.implementer and commands.accept([row], by=legal).refused == []


def test_row_that_may_not_enter_is_refused_with_all_reasons_and_stays_pending(cast):
    assert cast.implementer
    young = binding(cast, "小李", face=False)
    Person.objects.filter(pk=young.person_id).update(
        birth_date=timezone.localdate() - timedelta(days=17 * 365), identity_status="pending", verified_at=None
    )
    result = commands.accept([young, binding(cast, "张三")], by=cast.implementer)

    young.refresh_from_db()
    assert codes(result) == [("小李", ["R-06", "R-26", "R-46"])]
    assert (young.status, Stay.objects.filter(assignment=young).exists()) == (Status.PENDING, False)
    assert [row.person.name for row in result.done] == ["张三"]


def test_suspended_project_binds_no_one(cast):
    row = binding(cast)
    Project.objects.filter(pk=cast.yanhe.pk).update(status="suspended")
    assert codes(commands.accept([row], by=cast.implementer)) == [("张三", ["R-48"])]


@pytest.mark.parametrize(
    ("proof", "refused"),
    [
        ({"face_status": "registered", "face_registered_at": timezone.now()}, []),
        ({"hand_checked_at": timezone.now()}, []),
        ({"face_status": "withdrawn"}, ["R-26"]),
        ({}, ["R-26"]),
    ],
)
def test_face_or_check_by_hand_is_asked_at_the_approval(cast, proof, refused):
    row = binding(cast, face=False)
    Person.objects.filter(pk=row.person_id).update(**proof)
    result = commands.accept([row], by=cast.implementer)
    assert [code for _, found in codes(result) for code in found] == refused


def test_imported_row_only_shows_that_the_face_is_missing(cast):
    row = binding(cast, face=False, origin="imported")
    assert commands.accept([row], by=cast.implementer).refused == []


def test_other_flows_ask_for_no_face(cast):
    """[001]: the same person enters without a face."""
    from shiming.presence.eligibility import eligibility

    cast.assignment()
    assert eligibility(cast.zhang, cast.binjiang) == []


def test_rejection_says_why_to_person_and_company(cast):
    row = binding(cast)
    commands.reject([row], note="社保证明看不清", by=cast.implementer)

    row.refresh_from_db()
    assert (row.status, row.decision_note) == (Status.REJECTED, "社保证明看不清")
    notices = set(InboxItem.objects.values_list("title", "body"))
    assert notices == {
        ("您到沿河修缮的登记审核不通过", "原因：社保证明看不清。单位改正后可以再次提交。"),
        ("张三审核不通过：沿河修缮", "原因：社保证明看不清。改正后可以再次提交。"),
    }


def test_rejection_without_reason_is_R_40(cast):
    with pytest.raises(Refused) as refused:
        commands.reject([binding(cast)], note="  ", by=cast.implementer)
    assert refused.value.codes == ["R-40"]


# 提交的人不审核


def test_who_submitted_does_not_audit(cast):
    cast.staff("安居法人", cast.anju, Role.LEGAL_REP)
    row = binding(cast, by=cast.implementer)
    for result in (commands.accept([row], by=cast.implementer), commands.reject([row], note="x", by=cast.implementer)):
        refusal = result.refused[0][1].refusals[0]
        assert (refusal.code, refusal.next_step) == ("R-81", "请本单位另一位审核员审核")
    row.refresh_from_db()
    assert row.status == Status.PENDING


def test_company_with_a_single_auditor_reads_how_to_get_a_second(cast):
    row = binding(cast, by=cast.implementer)
    refusal = commands.accept([row], by=cast.implementer).refused[0][1].refusals[0]
    assert refusal.code == "R-81" and "企业账号" in refusal.next_step

    page = client_of(cast.implementer).get(f"/audits/{row.pk}/").content.decode()
    assert "不能审核自己提交的人员" in page and "企业账号" in page and "binding-decisions" not in page


# 谁可以


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("implementer", True),
        ("implementing_legal", True),
        ("implementing_hr", False),
        ("other_implementer", False),
        ("clerk", False),
        ("own_legal", False),
        ("gc_pm", False),
        ("admin", False),
    ],
)
def test_who_may_audit(cast, who, may):
    row = binding(cast)
    actor = {
        "implementer": lambda: cast.implementer,
        "implementing_legal": lambda: cast.implementer and cast.staff("安居法人", cast.anju, Role.LEGAL_REP),
        "implementing_hr": lambda: cast.staff("安居人事", cast.anju),
        "other_implementer": lambda: cast.staff("别家审核", cast.company("别家实施", "implementing"), Role.IMPLEMENTER),
        "clerk": lambda: cast.clerk,
        "own_legal": lambda: cast.staff("安泰法人", cast.antai, Role.LEGAL_REP),
        "gc_pm": lambda: cast.pm("王修缮", cast.repair_gc_place),
        "admin": lambda: cast.admin,
    }[who]()
    assert cast.implementing_place and rules.may_confirm(actor, row) is may
    result = commands.accept([row], by=actor)
    assert [error.codes for _, error in result.refused] == ([] if may else [["R-42"]])


def test_company_that_left_the_project_audits_no_more(cast):
    row, implementer = binding(cast), cast.implementer
    cast.implementing_place.left_on = timezone.localdate()
    cast.implementing_place.save()
    assert not rules.may_confirm(implementer, row) and not audits.audits(implementer)


def test_flow_of_another_manual_asks_no_implementing_company(cast):
    row, implementer = binding(cast), cast.implementer
    ProjectPolicy.objects.create(project=cast.yanhe, base="two_tier", from_date=timezone.localdate())
    assert not rules.may_confirm(implementer, row)
    assert client_of(implementer).get(f"/audits/{row.pk}/").status_code == 404


# 页面：计数与名单


@pytest.fixture
def states(cast):
    """Two drafts, three waiting, one returned, two bound and one whose binding has ended."""
    states = ["draft"] * 2 + ["pending"] * 3 + ["rejected"] + ["accepted"] * 2 + ["ended", "removed"]
    rows = {}
    for number, state in enumerate(states):
        manager = {"role": "安全员", "kind": "manager"} if number % 2 else {}
        rows.setdefault(state, []).append(binding(cast, f"{NAMES[number]}某", state, **manager))
    return rows


def test_overview_prints_the_columns_of_the_manual_and_counts_open_their_lists(cast, states):
    browser = client_of(cast.implementer)
    page = browser.get("/audits/").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)
    assert heads == [
        *("报建编号", "项目名称"),
        *("待提交人员", "实施单位待审核人员", "审核不通过人员", "审核通过人员"),
    ]
    links = dict(re.findall(rf'href="(/audits/projects/{cast.yanhe.pk}/\w+/)">(\d+)<', page))
    assert list(links.values()) == ["2", "3", "1", "2"]
    for address, count in links.items():
        table = browser.get(address).context["table"]
        assert len(list(table.whole())) == int(count), address


def test_lists_print_the_columns_of_the_manual(cast, states):
    page = client_of(cast.implementer).get(f"/audits/projects/{cast.yanhe.pk}/pending/").content.decode()
    heads = re.findall(r'<th[^>]*scope="col"[^>]*>([^<]+)</th>', page)
    assert heads == ["序号", "项目名称", "单位名称", "姓名", "人员性质", "是否完成人脸识别", "操作"]
    assert "全选" in page and "确认" in page and "查看" in page


@pytest.mark.parametrize(
    ("state", "query", "found"),
    [
        ("pending", "", ["孙某", "李某", "周某"]),
        ("pending", "?kind=manager", ["李某"]),
        ("pending", "?kind=worker", ["孙某", "周某"]),
        ("pending", "?name=周", ["周某"]),
        ("pending", "?name=没有", []),
        ("accepted", "", ["郑某", "王某"]),
        ("accepted", "?ended=only", ["冯某"]),
        ("accepted", "?ended=too", ["郑某", "王某", "冯某"]),
    ],
)
def test_filters_of_the_lists(cast, states, state, query, found):
    page = client_of(cast.implementer).get(f"/audits/projects/{cast.yanhe.pk}/{state}/{query}")
    assert sorted(row.person.name for row in page.context["table"].rows) == sorted(found)


def test_drafts_are_listed_without_papers(cast, states):
    browser, draft = client_of(cast.implementer), states["draft"][0]
    page = browser.get(f"/audits/projects/{cast.yanhe.pk}/draft/").content.decode()
    assert "赵某" in page and ">查看<" not in page and "data-tick-all" not in page
    for closed in (f"/audits/{draft.pk}/", f"/assignments/{draft.pk}/", f"/people/{draft.person_id}/"):
        assert browser.get(closed).status_code == 404, closed


def test_projects_under_construction_are_shown_first(cast, states):
    browser = client_of(cast.implementer)
    Project.objects.filter(pk=cast.yanhe.pk).update(status="suspended")
    assert "沿河修缮" not in browser.get("/audits/").content.decode()
    for shown in ("/audits/?status=", "/audits/?status=suspended"):
        assert "沿河修缮" in browser.get(shown).content.decode()


def test_overview_is_empty_for_a_company_that_audits_nothing(cast):
    page = client_of(cast.staff("安泰法人", cast.antai, Role.LEGAL_REP)).get("/audits/").content.decode()
    assert "没有需要审核的项目" in page


def test_list_is_exported_with_the_rows_of_its_page(cast, states):
    answer = export(client_of(cast.implementer), f"/audits/projects/{cast.yanhe.pk}/pending/", kind="csv")
    text = b"".join(answer.streaming_content).decode()
    assert all(name in text for name in ("孙某", "李某", "周某")) and "赵某" not in text


def test_page_of_a_binding_shows_person_company_face_and_history(cast):
    row = binding(cast)
    browser = client_of(cast.implementer)
    page = browser.get(f"/audits/{row.pk}/").content.decode()
    assert str(row.person.id_number) in page and row.person.id_number.plain not in page
    assert "安泰劳务" in page and "是否完成人脸识别" in page and f"/audits/decisions/?ids={row.pk}" in page

    commands.accept([row], by=cast.implementer)
    page = browser.get(f"/audits/{row.pk}/").content.decode()
    assert "沈审核同意张三到沿河修缮" in page and "沈审核办理张三进场（审核通过）" in page


def test_page_shows_what_changed_since_the_last_refusal(cast):
    row = binding(cast)
    commands.reject([row], note="岗位不对", by=cast.implementer)
    Employment.objects.filter(pk=row.employment_id).update(trade="木工")
    assert not commands.submit([row], by=cast.clerk).refused
    page = client_of(cast.implementer).get(f"/audits/{row.pk}/").content.decode()
    assert "上次不通过原因" in page and "岗位不对" in page and "→ 木工" in page


# 批量


def decide(browser, **data):
    return browser.post("/audits/decisions/", {"deciding": "1"} | data)


def test_batch_of_mixed_results_lists_who_was_refused_and_why(cast):
    good, faceless = binding(cast, "张三"), binding(cast, "李四", face=False)
    answer = decide(client_of(cast.implementer), decision="pass", ids=[good.pk, faceless.pk])

    page = answer.content.decode()
    assert answer.status_code == 200 and "部分办成" in page and "审核通过 1 人" in page
    assert "李四" in page and "R-26" in page
    statuses = dict(Assignment.objects.values_list("person__name", "status"))
    assert statuses == {"张三": "accepted", "李四": "pending"}


def test_dialog_asks_for_result_and_reason_and_keeps_the_ticked(cast):
    row, browser = binding(cast), client_of(cast.implementer)
    dialog = browser.post("/audits/decisions/", {"ids": [row.pk]}).content.decode()
    assert "通过" in dialog and "不通过原因" in dialog and str(row.pk) in dialog

    answer = decide(browser, decision="fail", note="", ids=[row.pk])
    assert answer.status_code == 422 and "R-40" in answer.content.decode() and str(row.pk) in answer.content.decode()
    assert decide(browser, note="x", ids=[row.pk]).status_code == 422  # neither chosen

    answer = decide(browser, decision="fail", note="照片不清", ids=[row.pk])
    assert answer["Location"] == f"/audits/projects/{cast.yanhe.pk}/pending/"
    row.refresh_from_db()
    assert (row.status, row.decision_note) == (Status.REJECTED, "照片不清")


def test_choosing_all_takes_every_page_of_the_filtered_list(cast):
    for number in range(25):
        binding(cast, f"甲{chr(0x4E00 + number)}")
    other = binding(cast, "乙一")
    browser = client_of(cast.implementer)
    address = f"/audits/projects/{cast.yanhe.pk}/pending/?name=甲"
    page = browser.get(address).content.decode()
    assert "已选本页 <b>20</b> 人" in page and "选择全部 25 人" in page

    asked = {"every": address, "table": "list", "ids": []}
    ids = re.findall(r'name="ids" value="([^"]+)"', browser.post("/audits/decisions/", asked).content.decode())
    assert len(ids) == 25 and str(other.pk) not in ids
    assert decide(browser, decision="pass", ids=ids).status_code == 302
    assert dict(audits.counted([cast.yanhe])[0].counts)[Status.ACCEPTED] == 25


def test_choosing_all_is_not_offered_for_one_page_nor_for_foreign_lists(cast):
    assert cast.implementer
    binding(cast)
    browser = client_of(cast.implementer)
    assert "选择全部" not in browser.get(f"/audits/projects/{cast.yanhe.pk}/pending/").content.decode()
    for address in (f"/audits/projects/{cast.binjiang.pk}/pending/", "/nowhere/", "/people/"):
        answer = browser.post("/audits/decisions/", {"every": address, "table": "list"})
        assert answer.status_code == 404, address


def test_row_of_another_site_is_not_found(cast):
    stranger = cast.assignment(status="pending", confirmed_at=None)
    assert cast.implementer
    answer = decide(client_of(cast.implementer), decision="pass", ids=[stranger.pk])
    assert answer.status_code == 404


def test_row_that_another_auditor_answered_is_refused_by_name(cast):
    row, second = binding(cast), cast.staff("顾审核", cast.anju, Role.IMPLEMENTER)
    commands.accept([row], by=cast.implementer)
    assert codes(commands.reject([row], note="照片不清", by=second)) == [("张三", ["R-43"])]


@pytest.mark.django_db(transaction=True)
def test_two_auditors_at_once_decide_once(cast):
    row, start, results = binding(cast), Barrier(2), []
    auditors = [cast.implementer, cast.staff("顾审核", cast.anju, Role.IMPLEMENTER)]

    def audit(actor):
        try:
            start.wait()
            results.append(commands.accept([Assignment.objects.get(pk=row.pk)], by=actor))
        finally:
            connection.close()

    threads = [Thread(target=audit, args=(actor,)) for actor in auditors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(result.done) for result in results) == [0, 1]
    assert [code for result in results for _, found in codes(result) for code in found] == ["R-43"]
    assert Stay.objects.filter(assignment=row).count() == 1


# 退场


def test_implementing_company_ends_a_binding_with_date_and_reason(cast):
    row, yesterday = binding(cast, status="accepted"), timezone.localdate() - timedelta(days=1)
    browser = client_of(cast.implementer)
    answer = browser.post("/audits/releases/", {"ids": [row.pk], "on": str(yesterday), "reason": "工程调整"})
    assert answer["Location"] == f"/audits/projects/{cast.yanhe.pk}/accepted/"

    row.refresh_from_db()
    stay = Stay.objects.get(assignment=row)
    assert (row.status, stay.exited_on, stay.auto) == (Status.ENDED, yesterday, False)
    assert "沈审核办理张三退场，原因：工程调整" in [str(entry) for entry in AuditEntry.objects.all()]
    notices = {(item.person_id, item.company_id): item.title for item in InboxItem.objects.all()}
    assert notices == {(row.person_id, None): "您已退场：沿河修缮", (None, cast.antai.pk): "张三已退场：沿河修缮"}


@pytest.mark.parametrize(
    ("on", "reason", "code"),
    [
        (timezone.localdate() + timedelta(days=1), "调整", "R-25"),
        (date(2020, 1, 1), "调整", "R-25"),
        (timezone.localdate(), " ", "R-10"),
    ],
)
def test_end_of_a_binding_needs_a_day_within_the_stay_and_a_reason(cast, on, reason, code):
    row, browser = binding(cast, status="accepted"), client_of(cast.implementer)
    answer = browser.post("/audits/releases/", {"ids": [row.pk], "on": str(on), "reason": reason})
    assert answer.status_code == 422 and code in answer.content.decode()
    row.refresh_from_db()
    assert row.status == Status.ACCEPTED


@pytest.mark.parametrize(
    ("who", "may"),
    [("implementer", True), ("clerk", True), ("hr", True), ("gc_hr", False), ("stranger_hr", False)],
)
def test_who_ends_a_binding(cast, who, may):
    row = binding(cast, status="accepted")
    assert cast.implementer
    result = unbind([row], reason="调整", by=getattr(cast, who))
    assert [error.codes for _, error in result.refused] == ([] if may else [["R-42"]])


def test_only_the_site_ends_a_stay_of_another_flow(cast):
    result = unbind([cast.stay().assignment], reason="调整", by=cast.hr)
    assert [error.codes for _, error in result.refused] == [["R-42"]]


def test_binding_that_ended_meanwhile_and_one_not_yet_bound_are_refused(cast):
    assert cast.implementer
    ended, waiting = binding(cast, "张三", "ended"), binding(cast, "李四")
    result = unbind([ended, waiting], reason="调整", by=cast.implementer)
    assert sorted(codes(result)) == [("张三", ["R-23"]), ("李四", ["R-43"])]


# 速度


@pytest.mark.parametrize("state", audits.LABELS)
def test_list_costs_the_same_for_one_and_for_ten(cast, state):
    browser, address = client_of(cast.implementer), f"/audits/projects/{cast.yanhe.pk}/{state}/"

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    binding(cast, "甲", state)
    browser.get(address)
    one = cost()
    for number in range(9):
        binding(cast, f"乙{number}", state)
    assert cost() == one


def test_page_of_the_allocation_leads_the_auditor_to_the_audit(cast):
    row = binding(cast)
    address = f'href="/audits/{row.pk}/"'
    assert address in client_of(cast.implementer).get(f"/assignments/{row.pk}/").content.decode()
    assert address not in client_of(cast.hr).get(f"/assignments/{row.pk}/").content.decode()
