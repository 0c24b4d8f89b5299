"""Employment through a key: each operation's success, and each of its own refusals once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.employment import commands
from shiming.employment.models import Employment, Transfer
from tests.callers import codes, firm, site
from tests.cast import invented_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def labour(cast):
    return firm(cast, cast.antai)


def who(person) -> dict:
    return {"name": person.name, "number": person.id_number.plain}


def standing(answer) -> tuple:
    return answer.status_code, answer.json().get("status")


def refused(answer) -> tuple:
    return answer.status_code, codes(answer)


# employment


def test_employment_has_every_field(cast, labour):
    row = cast.employment(team=cast.team())
    answer = labour.get(f"/employments/{row.pk}").json()
    moments = ("invited_at", "started_at")

    assert {name: value for name, value in answer.items() if name not in moments} == {
        "id": str(row.pk),
        "version": 1,
        "status": "active",
        "status_label": "在职",
        "person": {"id": str(cast.zhang.pk), "name": "张三", "id_number": str(cast.zhang.id_number)},
        "company": {"id": str(cast.antai.pk), "name": "安泰劳务"},
        "kind": "worker",
        "profile_completed": True,
        "trade": "钢筋工",
        "duty": "",
        "is_leader": False,
        "team": {"id": str(cast.team().pk), "name": "王班组"},
        "contract_start": None,
        "contract_end": None,
        "expires_on": None,
        "ended_at": None,
        "leave_requested_at": None,
        "leave_due_on": None,
        "leave_overdue": False,
        "waits": "",
    }
    assert all(answer[name].endswith(("Z", "+00:00")) for name in moments)


def test_invitation_waits_and_is_withdrawn(cast, labour):
    invited = labour.post("/employments", **who(cast.zhang))
    assert standing(invited) == (201, "invited")
    assert invited.json()["expires_on"] == (timezone.localdate() + timedelta(days=30)).isoformat()

    pk = invited.json()["id"]
    assert standing(labour.post(f"/employments/{pk}/withdrawal")) == (200, "withdrawn")
    assert refused(labour.post(f"/employments/{pk}/withdrawal")) == (409, ["R-43"])


def test_employments_are_listed_by_state_and_person(cast, labour):
    cast.employment()
    cast.employment(cast.person("李四"), status="invited")
    asked = [{}, {"status": "invited"}, {"person": cast.zhang.pk}, {"status": "ended"}]
    names = [[row["person"]["name"] for row in labour.get("/employments", **each).json()["items"]] for each in asked]
    assert [sorted(each) for each in names] == [["张三", "李四"], ["李四"], ["张三"], []]


PROFILES = [
    ({"trade": ""}, 422),
    ({"team_id": "0190a000-0000-7000-8000-000000000000"}, 404),
    ({"version": 99}, 409),
    ({"kind": "visitor"}, 422),
    ({"contract_start": "2026-05-01", "contract_end": "2026-04-01"}, 422),
]


@pytest.mark.parametrize(("change", "status"), PROFILES)
def test_refused_profile_is_not_half_saved(cast, labour, change, status):
    row = cast.employment(profile_completed=False, trade="")
    given = {"kind": "worker", "trade": "木工", "is_leader": True, "bank": "新银行"} | change
    answer = labour.put(f"/employments/{row.pk}/profile", **given)
    kept = Employment.objects.get(pk=row.pk)
    assert (answer.status_code, kept.version, kept.trade, kept.bank) == (status, 1, "", "")


def test_profile_keeps_unsent_bank_card(cast, labour):
    row = cast.employment()
    given = {"kind": "worker", "trade": "木工", "is_leader": True}
    sent = labour.put(f"/employments/{row.pk}/profile", bank="建行", bank_card="6222020200112233445", **given)
    again = labour.put(f"/employments/{row.pk}/profile", bank="建行", **given)

    assert [answer.status_code for answer in (sent, again)] == [200, 200]
    assert Employment.objects.get(pk=row.pk).bank_card.plain == "6222020200112233445"
    assert "6222020200112233445" not in sent.content.decode() + again.content.decode()


# resignation and dismissal


def test_leave_request_is_answered(cast, labour):
    row = cast.employment()
    commands.request_leave(row, reason="回乡", by=cast.himself())
    path = f"/employments/{row.pk}/leave/answer"

    assert refused(labour.post(path, agree=False)) == (422, ["R-10"])
    assert standing(labour.post(path, agree=False, note="工期未完")) == (200, "active")
    commands.request_leave(row, reason="回乡", by=cast.himself())
    assert standing(labour.post(path, agree=True)) == (200, "ended")
    assert refused(labour.post(path, agree=True)) == (409, ["R-43"])


def test_dismissal_waits_and_is_cancelled(cast, labour):
    path = f"/employments/{cast.employment().pk}/dismissal"
    assert refused(labour.post(path)) == (422, ["R-41"])
    assert standing(labour.post(path, reason="合同到期")) == (200, "dismissal_pending")
    assert standing(labour.post(f"{path}/cancellation")) == (200, "active")
    assert refused(labour.post(f"{path}/cancellation")) == (409, ["R-43"])


ACTS = ["withdrawal", "leave/answer", "dismissal", "dismissal/cancellation"]


@pytest.mark.parametrize("act", ACTS)
def test_other_firm_changes_no_employment(cast, act):
    row = cast.employment()
    answer = firm(cast, cast.yuanda).post(
        f"/employments/{row.pk}/{act}", **({"agree": True} if "answer" in act else {})
    )
    assert refused(answer) == (404, ["A-02"])
    assert Employment.objects.get().status == "active"


def test_site_reads_employments_and_changes_none(cast):
    row, gate = cast.assignment().employment, site(cast.gc_pm)
    assert gate.get(f"/employments/{row.pk}").json()["id"] == str(row.pk)
    assert refused(gate.post(f"/employments/{row.pk}/dismissal", reason="x")) == (403, ["R-42"])


# transfers


@pytest.fixture
def elsewhere(cast):
    return cast.employment(company=cast.yuanda)


def test_transfer_never_names_the_other_firm(cast, labour, elsewhere):
    asked = labour.post("/transfers", **who(cast.zhang))
    transfer = Transfer.objects.get()
    answer = asked.json()
    assert (asked.status_code, answer.pop("created_at") is not None) == (201, True)
    assert answer == {
        "id": str(transfer.pk),
        "status": transfer.status,
        "status_label": transfer.get_status_display(),
        "person": {"id": str(cast.zhang.pk), "name": "张三", "id_number": str(cast.zhang.id_number)},
        "due_on": answer["due_on"],
        "overdue": False,
        "note": "",
    }
    assert refused(labour.post("/transfers", **who(cast.zhang))) == (409, ["R-43"])
    assert labour.post(f"/transfers/{transfer.pk}/stop").status_code == 200
    assert refused(labour.post(f"/transfers/{transfer.pk}/stop")) == (409, ["R-43"])
    pages = [labour.get("/transfers"), labour.get(f"/transfers/{transfer.pk}"), asked]
    assert not any("远大" in page.content.decode() for page in pages)


def test_transfer_needs_employment_elsewhere(cast, labour):
    assert refused(labour.post("/transfers", **who(cast.zhang))) == (409, ["R-43"])
    cast.employment()
    assert labour.post("/transfers", **who(cast.zhang)).status_code in (409, 422)
    assert not Transfer.objects.exists()


def test_transfer_is_visible_to_its_firm_only(cast, labour, elsewhere):
    pk = labour.post("/transfers", **who(cast.zhang)).json()["id"]
    stranger = firm(cast, cast.yuanda)
    assert refused(stranger.get(f"/transfers/{pk}")) == (404, ["A-02"])
    assert refused(stranger.post(f"/transfers/{pk}/stop")) == (404, ["A-02"])
    assert [caller.get("/transfers").json()["total"] for caller in (labour, stranger)] == [1, 0]


# people


def test_person_is_registered_found_and_masked(cast, labour):
    typed = cast.person("新人", status="pending")
    registered = labour.post("/people", **who(typed))
    assert (registered.status_code, registered.json()) == (
        201,
        {
            "id": str(typed.pk),
            "name": "新人",
            "id_number": str(typed.id_number),
            "identity_status": "pending",
            "identity_status_label": "待核验",
        },
    )
    assert refused(labour.get(f"/people/{typed.pk}")) == (404, ["A-02"])  # registered, but not visible to this firm

    cast.employment()
    found = labour.post("/people/search", number=cast.zhang.id_number.plain)
    assert found.json() == labour.get(f"/people/{cast.zhang.pk}").json()
    assert (found.json()["id_number"], found.json()["phone"]) == (str(cast.zhang.id_number), str(cast.zhang.phone))


@pytest.mark.parametrize(
    ("change", "status", "found"),
    [
        ({"number": "123"}, 422, ["R-03"]),
        ({"name": "张四"}, 422, ["R-07"]),
        ({"name": ""}, 422, ["R-10"]),
    ],
)
def test_wrong_person_data_is_refused(cast, labour, change, status, found):
    assert refused(labour.post("/people", **(who(cast.zhang) | change))) == (status, found)


def test_unknown_number_is_not_found(cast, labour):
    assert refused(labour.post("/people/search", number=invented_id(499))) == (404, ["A-02"])
    assert refused(labour.post("/people/search", number="1")) == (422, ["R-03"])
