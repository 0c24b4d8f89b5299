"""Manual [004] through keys: the clerk registers, drafts and submits; the 实施单位 audits; a binding ends."""

from datetime import date

import pytest
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.binding.tests.cases import accepted, drafted, filed, manager, stands_there, worker
from shiming.core.actor import Role
from shiming.dictionaries import queries as dictionaries
from shiming.employment.models import Employment
from shiming.people.items import items_of
from shiming.people.models import Person
from shiming.presence.models import Stay
from tests.callers import Caller, calling, codes, today
from tests.cast import invented_id, phone_number

pytestmark = pytest.mark.django_db
MANAGER, WORKER = invented_id(971, date(1980, 5, 20)), invented_id(972)
STARS = {
    *("职务", "职称", "民族", "户口所在地", "现居住地址", "现居住地详细地址"),
    *("籍贯", "最高学历", "联系电话"),
}


@pytest.fixture
def clerk(cast) -> Caller:
    return calling(cast.clerk)


@pytest.fixture
def auditor(cast) -> Caller:
    return calling(cast.implementer)


def first(table: str) -> str:
    return dictionaries.choices(table)[0][0]


@pytest.fixture
def address(db) -> dict:
    return {
        "ethnicity": "汉族",
        "household_place": "浙江省杭州市西湖区",
        "residence": "上海市黄浦区",
        "residence_detail": "滨江路 1 号",
        "native_place": "浙江省杭州市",
    }


@pytest.fixture
def new_manager(address) -> dict:
    own = {"number": MANAGER, "name": "韩管理", "duty": "安全员", "title": first("title"), "education": "本科"}
    rows = {
        "schools": [{"school": "城东大学", "started_on": "1998-09-01", "graduated": True}],
        "contacts": [{"relation": first("relation"), "name": "韩家人", "phone": phone_number(972)}],
        "credentials": [{"number": "A1", "name": "安全员证", "valid_until": "2030-01-01"}],
    }
    return address | own | rows | {"contact_phone": phone_number(971)}


@pytest.fixture
def new_worker(address) -> dict:
    own = {"number": WORKER, "name": "韩新来", "trade": "钢筋工", "household_type": first("household_type")}
    return address | own | {"contact_phone": phone_number(973)}


def ids(*rows) -> list[str]:
    return [str(row.pk) for row in rows]


def people_of(cast) -> str:
    return f"/bindings/places/{cast.repair_place.pk}/people"


def waiting(cast, name="张三") -> Assignment:
    return cast.assignment(worker(cast, name), cast.repair_place, status="pending", confirmed_at=None)


# managers


def test_manager_is_registered_with_all_blocks(clerk, new_manager):
    answer = clerk.post("/managers", **new_manager)
    assert (answer.status_code, answer.json()["status"], answer.json()["kind"]) == (201, "active", "manager")

    person = Person.by_id_number(MANAGER)
    assert (person.native_place, person.education) == ("浙江省杭州市", "本科")
    items = items_of(person)
    [school], [contact], [credential] = items["schools"], items["contacts"], items["credentials"]
    assert (school.school, school.started_on, school.graduated) == ("城东大学", date(1998, 9, 1), True)
    assert (contact.phone.plain, credential.valid_until) == (phone_number(972), date(2030, 1, 1))
    assert [row["person"]["name"] for row in clerk.get("/managers").json()["items"]] == ["韩管理"]
    hidden = (MANAGER, phone_number(971), phone_number(972), "滨江路")
    text = answer.content.decode() + clerk.get("/managers").content.decode()
    assert not any(value in text for value in hidden)


def test_every_star_of_a_manager_is_named_at_once(clerk):
    answer = clerk.post("/managers", number=MANAGER, name="韩管理").json()
    found = {(item["code"], item["sentence"].removeprefix("请填写：")) for item in answer["refusals"]}
    assert found == {("R-10", label) for label in STARS}
    assert not Employment.objects.exists()


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"number": MANAGER[:-1] + ("1" if MANAGER[-1] != "1" else "2")}, "R-03", "身份证号码无效"),
        ({"duty": "自编的职务"}, "A-05", "职务（duty）"),
        ({"native_place": "没有的地方"}, "A-05", "籍贯（native_place）"),
        ({"household_place": "浙江省杭州市"}, "A-05", "户口所在地（household_place）"),
        ({"contact_phone": "123"}, "R-13", "手机号应为 11 位"),
        ({"schools": [{"major": "土木"}]}, "R-10", "请填写：教育经历第 1 条·就读学校"),
        ({"contacts": [{"relation": "自编", "name": "某", "phone": phone_number(972)}]}, "A-05", "紧急联系人第 1 条"),
        ({"credentials": [{"number": "1"} for _ in range(31)]}, "A-05", "credentials"),
        ({"position": "x"}, "A-05", "position（position）"),
    ],
)
def test_manager_is_refused_as_on_the_page(clerk, new_manager, change, code, said):
    answer = clerk.post("/managers", **(new_manager | change))
    [refusal] = answer.json()["refusals"]
    assert (answer.status_code, refusal["code"]) == (422, code)
    assert refusal["sentence"].startswith(said)
    assert not Employment.objects.exists()


def test_manager_of_another_company_is_refused_without_its_name(cast, clerk, new_manager):
    cast.employment(cast.person("外人"), cast.yuanda)
    other = {"number": cast.person("外人").id_number.plain, "name": "外人"}
    answer = clerk.post("/managers", **(new_manager | other))
    assert codes(answer) == ["R-05"]
    assert "远大" not in answer.content.decode()


def test_repeated_registration_is_executed_once(clerk, new_manager):
    answers = [clerk.post("/managers", once="reg-1", **new_manager) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Employment.objects.count() == 1


# bindings


def test_worker_is_bound_from_registration_to_exit(cast, clerk, auditor, new_worker):
    [place] = clerk.get("/bindings/places").json()["items"]
    assert (place["id"], place["project"]["name"], place["workers"]) == (str(cast.repair_place.pk), "沿河修缮", 0)

    drafted = clerk.post(f"/bindings/places/{place['id']}/workers", **new_worker)
    assert (drafted.status_code, drafted.json()["status_label"], drafted.json()["face"]) == (201, "待提交", "否")
    pk = drafted.json()["id"]

    [row] = clerk.get(people_of(cast)).json()["items"]
    assert (row["id"], [item["code"] for item in row["lacks"]]) == (pk, ["R-26"])
    refused = clerk.post("/bindings/submission", assignment_ids=[pk]).json()
    assert ([each["id"] for each in refused["refused"]], refused["done"]) == ([pk], [])
    assert [item["code"] for item in refused["refused"][0]["refusals"]] == ["R-26"]

    person = stands_there(Person.by_id_number(WORKER))
    Person.objects.filter(pk=person.pk).update(identity_status="verified", verified_at=timezone.now())
    [row] = clerk.post("/bindings/submission", assignment_ids=[pk]).json()["done"]
    assert (row["status"], row["status_label"], row["face"]) == ("pending", "待审核", "否（人工核验）")

    [project] = auditor.get("/audits/projects").json()["items"]
    counts = [project[name] for name in ("drafts", "pending", "rejected", "accepted")]
    assert (project["name"], counts) == ("沿河修缮", [0, 1, 0, 0])
    [row] = auditor.get(f"/audits/projects/{project['id']}/people").json()["items"]
    assert (row["id"], row["company"]["name"], row["person"]["name"]) == (pk, "安泰劳务", "韩新来")

    [row] = auditor.post("/audits/acceptance", assignment_ids=[pk]).json()["done"]
    assert (row["status"], Stay.objects.get().exited_on) == ("accepted", None)
    [row] = auditor.post("/bindings/end", assignment_ids=[pk], reason="完工").json()["done"]
    assert (row["status"], Stay.objects.get().exited_on.isoformat()) == ("ended", today())


def test_worker_is_registered_with_blocks_and_keeps_those_of_before(cast, clerk, new_worker):
    address = f"/bindings/places/{cast.repair_place.pk}/workers"
    skill = {"name": "钢筋工高级", "obtained_on": "2020-05-01"}
    assert clerk.post(address, **new_worker, skills=[skill], schools=[{"school": "颍上中学"}]).status_code == 201
    assert clerk.post(address, **new_worker, skills=[skill, {"name": "架子工"}]).status_code == 201
    items = items_of(Person.by_id_number(WORKER))
    assert [row.name for row in items["skills"]] == ["钢筋工高级", "架子工"]
    assert [row.school for row in items["schools"]] == ["颍上中学"]
    refused = clerk.post(address, **new_worker, credentials=[{"number": "1", "name": "安全员证"}])
    assert codes(refused) == ["A-05"]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"number": WORKER[:-1] + ("1" if WORKER[-1] != "1" else "2")}, "R-03", "身份证号码无效"),
        ({"sex": "2"}, "R-03", ""),
        ({"birth_date": "1999-01-01"}, "R-03", ""),
        ({"trade": "自编的工种"}, "A-05", "工种（trade）"),
        ({"trade": ""}, "R-10", "请填写：工种"),
        ({"contact_phone": "123"}, "R-13", "手机号应为 11 位"),
    ],
)
def test_worker_is_refused_as_on_the_page(cast, clerk, new_worker, change, code, said):
    answer = clerk.post(f"/bindings/places/{cast.repair_place.pk}/workers", **(new_worker | change))
    [refusal] = answer.json()["refusals"]
    assert (answer.status_code, refusal["code"]) == (422, code)
    assert refusal["sentence"].startswith(said)
    assert not Assignment.objects.exists()


def test_people_of_a_project_are_filtered(cast, clerk):
    drafted(cast, "张三"), accepted(cast, "李四")
    cast.assignment(manager(cast), cast.repair_place, role="安全员", status="pending", confirmed_at=None)
    cast.assignment(worker(cast, "王五"), cast.repair_place, status="ended")

    def names(**asked):
        return {row["person"]["name"] for row in clerk.get(people_of(cast), **asked).json()["items"]}

    assert names() == {"张三", "李四", "马安全"}
    assert names(status="ended") == {"王五"}
    assert (names(kind="manager"), names(kind="worker")) == ({"马安全"}, {"张三", "李四"})
    assert names(name="李四") == {"李四"}
    assert codes(clerk.get(people_of(cast), status="gone")) == ["A-05"]


def test_filed_manager_is_drafted_once_registered(cast, clerk, new_manager):
    person = cast.person("韩管理")
    filed(cast, person)
    address = f"/bindings/places/{cast.repair_place.pk}"
    [row] = clerk.get(f"{address}/managers").json()
    assert (row["name"], row["binding_id"], [item["code"] for item in row["lacks"]]) == ("韩管理", None, ["R-28"])
    assert person.id_number.plain not in clerk.get(f"{address}/managers").content.decode()

    registered = clerk.post("/managers", **(new_manager | {"number": person.id_number.plain}))
    assert (registered.status_code, clerk.post(f"{address}/sync").json()) == (201, {"changed": True})
    [row] = clerk.get(f"{address}/managers").json()
    assert (row["status"], row["binding_id"]) == ("draft", str(Assignment.objects.get().pk))


def test_each_row_of_a_submission_is_decided_alone(cast, clerk):
    good, bad = drafted(cast, "张三"), drafted(cast, "李四")
    Person.objects.filter(pk=bad.person_id).update(hand_checked_at=None)
    answer = clerk.post("/bindings/submission", assignment_ids=ids(good, bad)).json()
    assert [row["id"] for row in answer["done"]] == ids(good)
    assert [(row["id"], row["label"]) for row in answer["refused"]] == [(str(bad.pk), "李四")]


def test_company_of_the_project_ends_its_binding(cast, clerk):
    row = accepted(cast)
    assert codes(clerk.post("/bindings/end", assignment_ids=ids(row))) == ["R-10"]
    assert clerk.post("/bindings/end", assignment_ids=ids(row), reason="完工").json()["done"][0]["status"] == "ended"


# audits


def test_many_are_audited_each_alone(cast, auditor):
    good, gone = waiting(cast, "张三"), cast.assignment(worker(cast, "李四"), cast.repair_place, status="removed")
    answer = auditor.post("/audits/acceptance", assignment_ids=ids(good, gone)).json()
    assert [row["id"] for row in answer["done"]] == ids(good)
    assert [(row["label"], row["refusals"][0]["code"]) for row in answer["refused"]] == [("李四", "R-43")]


def test_rejection_needs_a_reason_and_returns_the_binding(cast, clerk, auditor):
    row = waiting(cast)
    assert codes(auditor.post("/audits/rejection", assignment_ids=ids(row))) == ["R-40"]
    auditor.post("/audits/rejection", assignment_ids=ids(row), note="照片不清")
    [shown] = clerk.get(people_of(cast), status="rejected").json()["items"]
    assert (shown["decision_note"], shown["status_label"]) == ("照片不清", "审核不通过")


def test_who_submitted_does_not_audit_through_any_key(cast):
    legal = cast.staff("安居法人", cast.anju, Role.LEGAL_REP)
    row = cast.assignment(
        cast.employment(stands_there(cast.person("实施经理")), cast.anju, mode="direct", kind="manager", trade=""),
        cast.implementing_place,
        role="安全员",
        status="pending",
        confirmed_at=None,
        submitted_by_id=legal.user_id,
    )
    answer = calling(legal).post("/audits/acceptance", assignment_ids=ids(row))
    row.refresh_from_db()
    assert (codes(answer), row.status) == (["R-81"], "pending")


def test_auditor_reads_no_drafts(cast, auditor):
    drafted(cast)
    address = f"/audits/projects/{cast.yanhe.pk}/people"
    assert auditor.get(address).json()["total"] == 0
    assert codes(auditor.get(address, status="draft")) == ["A-05"]


# permission


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("clerk", "/audits/acceptance"),
        ("clerk", "/audits/rejection"),
        ("implementer", "/bindings/submission"),
        ("implementer", "/managers"),
        ("implementer", "/employments"),
        ("clerk", "/employments"),
        ("gc_pm", "/bindings/submission"),
        ("gc_pm", "/audits/acceptance"),
    ],
)
def test_key_of_another_role_is_refused(cast, who, path):
    row = waiting(cast)
    registers = path in ("/managers", "/employments")
    body = {"name": "张三", "number": WORKER} if registers else {"assignment_ids": ids(row)}
    answer = calling(getattr(cast, who)).post(path, **body)
    row.refresh_from_db()
    assert (answer.status_code, codes(answer), row.status) == (403, ["R-42"], "pending")


@pytest.mark.parametrize(("path", "more"), [("/bindings/submission", {}), ("/bindings/end", {"reason": "完工"})])
def test_clerk_of_another_company_finds_no_binding(cast, path, more):
    stranger = calling(cast.staff("远大经办", cast.yuanda, Role.PARTICIPANT_CLERK))
    row = accepted(cast) if more else drafted(cast)
    answer = stranger.post(path, assignment_ids=ids(row), **more)
    assert (answer.status_code, codes(answer)) == (404, ["A-02"])
    assert stranger.get(people_of(cast)).status_code == 404
