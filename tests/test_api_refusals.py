"""Each refusal of the default flow [001] and of the audit [004], once through the API, in the words of domain.md §6.

It changes nothing."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.core.models import AuditEntry
from shiming.presence import codes
from shiming.presence.models import Stay
from shiming.projects.models import Project
from tests import refused
from tests.callers import calling, firm, site
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# Batches with an answer for each row, and the gate: 200.
EACH_ROW = {"R-18", "R-23", "R-25", "R-45"}
AT_THE_GATE = {"R-20", "R-21", "R-22", "R-30", "R-46", "R-48"}
STATUS = dict.fromkeys(EACH_ROW | AT_THE_GATE, 200) | {"R-43": 409}


@dataclass
class Keys:
    """The verbs of tests/refused.py through the keys of the firm and of the site."""

    cast: Cast

    def hire(self, person, **more):
        who = {"name": person.name, "number": person.id_number.plain}
        return self._firm().post("/employments", **(who | more))

    def withdraw(self, row):
        return self._firm().post(f"/employments/{row.pk}/withdrawal")

    def complete(self, row, **given):
        given = {"kind": "worker", "trade": "钢筋工", "is_leader": True, "version": row.version} | given
        return self._firm().put(f"/employments/{row.pk}/profile", **given)

    def dismiss(self, row, reason):
        return self._firm().post(f"/employments/{row.pk}/dismissal", reason=reason)

    def allocate(self, row):
        given = {"participation_id": str(self.cast.labour_place.pk), "employment_ids": [str(row.pk)]}
        return self._firm().post("/assignments", **given)

    def reject(self, assignment, note):
        return self._site().post("/assignments/rejection", assignment_ids=[str(assignment.pk)], note=note)

    def accept_nobody(self):
        return self._site().post("/assignments/acceptance", assignment_ids=[])

    def enter(self, assignment, days=0):
        return self._site().post("/entries", assignment_ids=[str(assignment.pk)], on=_day(days))

    def leave(self, stay, days=0):
        return self._site().post("/stays/exit", stay_ids=[str(stay.pk)], on=_day(days))

    def scan(self, by, person, code=""):
        code = code or codes.personal_code(person.pk)
        return site(by).post("/entries/scan", code=code, event_id=str(uuid4()))

    def punch(self, person):
        return self._site().post("/attendance/punches", person_id=str(person.pk), event_id=str(uuid4()))

    def _firm(self):
        return firm(self.cast, self.cast.antai)

    def _site(self):
        return site(self.cast.gc_pm)


@pytest.mark.parametrize(
    ("arrange", "code", "sentence"),
    [pytest.param(each, *expected, id=f"{expected[0]} {each.__name__}") for expected, each in refused.CASES.items()],
)
def test_api_refuses_in_the_same_words(cast, arrange, code, sentence):
    answer = arrange(cast, Keys(cast))
    refusals = list(_refusals(answer.json()))
    assert answer.status_code == STATUS.get(code, 422)
    assert [(item["code"], item["sentence"]) for item in refusals] == [(code, sentence)]
    assert refusals[0]["who"] and refusals[0]["next_step"]


BINDINGS = [
    ("clerk", "/bindings/submission", (), "R-26", "请先完成人脸认证"),
    ("clerk", "/bindings/end", (), "R-10", "请填写：退场原因"),
    ("implementer", "/audits/rejection", (), "R-40", "请填写不通过原因"),
    ("implementer", "/audits/acceptance", ("submitted_by_id",), "R-81", "不能审核自己提交的人员"),
]


@pytest.mark.parametrize(("who", "path", "own", "code", "sentence"), BINDINGS)
def test_api_refuses_bindings_in_the_same_words(cast, who, path, own, code, sentence):
    by = getattr(cast, who)
    status = "draft" if path == "/bindings/submission" else "pending"
    more = dict.fromkeys(own, by.user_id)
    employment = cast.employment(mode="direct")
    row = cast.assignment(employment, cast.repair_place, status=status, confirmed_at=None, **more)
    [refusal] = _refusals(calling(by).post(path, assignment_ids=[str(row.pk)]).json())
    row.refresh_from_db()
    assert (refusal["code"], refusal["sentence"], row.status) == (code, sentence, status)
    assert refusal["who"] and refusal["next_step"]


def test_key_of_firm_is_refused_at_the_gate(cast):
    answer = firm(cast, cast.antai).post("/entries", assignment_ids=[str(cast.assignment().pk)])
    refusals = [(item["code"], item["sentence"]) for item in _refusals(answer.json())]
    assert (answer.status_code, refusals) == (403, [("R-42", "您没有此项权限，可联系：现场操作用户")])


def test_employment_waits_for_identity_with_m_01(cast):
    hired = Keys(cast).hire(cast.person(status="pending")).json()
    assert hired["status"] == "awaiting_identity"
    assert hired["waits"] == "个人信息正在处理，无需重复登记，处理完成后自动继续（第 1 个工作日/共 15）"


def test_all_reasons_come_together(cast):
    row = cast.assignment(cast.employment(cast.person(status="failed")), status="pending", confirmed_at=None)
    Project.objects.filter(pk=row.project_id).update(status="suspended")
    answer = site(cast.gc_pm).get("/eligibility", person=row.person_id, project=row.project_id).json()
    assert [item["code"] for item in answer["refusals"]] == ["R-48", "R-20", "R-06"]


def test_refused_request_changes_nothing(cast):
    row = cast.assignment(status="pending", confirmed_at=None)
    Keys(cast).enter(row)
    assert not Stay.objects.exists()
    assert Assignment.objects.get().status == "pending"
    assert "被拒绝进场" in str(AuditEntry.objects.filter(event="entry.refused").get())


def _day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _refusals(body: dict):
    yield from body.get("refusals", ())
    for row in body.get("refused", ()):
        yield from row["refusals"]
