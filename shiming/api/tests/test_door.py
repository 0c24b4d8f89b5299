"""Repeats, rate limit, malformed requests and a database that does not answer."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from shiming.api import commands, limits
from shiming.api.models import ApiAnswer, Received
from shiming.core.checks import routes
from shiming.core.environment import environment
from shiming.core.ids import uuid7
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from tests.callers import Caller, codes, firm, site

pytestmark = pytest.mark.django_db


def test_repeated_request_is_executed_once(cast):
    labour, who = firm(cast, cast.antai), {"name": "张三", "number": cast.zhang.id_number.plain}
    first = labour.post("/employments", once="hire-1", **who)
    again = labour.post("/employments", once="hire-1", **who)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Idempotency-Replayed"] == "true"
    assert Employment.objects.count() == 1
    assert cast.zhang.id_number.plain not in str(ApiAnswer.objects.values_list().first())


def test_refusal_is_repeated_as_well(cast):
    labour = firm(cast, cast.antai)
    answers = [labour.post("/employments", once="bad", name="张三", number="123") for _ in range(2)]
    assert [codes(answer) for answer in answers] == [["R-03"], ["R-03"]]
    assert answers[1]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("sent", ['{"punches": [{"event_id": "…"}]}', '{"punches": [', "考勤\x00"])
def test_unreadable_punches_are_stored_raw(cast, sent):
    """Malformed and refused punches are stored byte for byte, encrypted, without the API key."""
    key = site(cast.gc_pm).key
    answer = Client().post(
        "/api/v1/attendance/punches/batch",
        sent,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code in (400, 422)

    kept = Received.objects.get()
    assert (kept.body.plain, kept.project_id, kept.sender) == (sent, cast.binjiang.pk, "王总包（接口 王总包的接口）")
    assert kept.headers == {"Content-Type": "application/json"}
    assert "punches" not in str(Received.objects.values_list("body", "headers").get())


def test_raw_copy_is_append_only_and_expires(cast):
    site(cast.gc_pm).post("/attendance/punches", person_id=str(cast.zhang.pk), event_id=str(uuid4()))
    kept = Received.objects.get()
    for act in (lambda rows: rows.update(sender="别人"), lambda rows: rows.delete()):
        with pytest.raises(ProgrammingError, match="只能追加"), transaction.atomic():
            act(Received.objects.all())

    columns = "project_id, request_id, path, sender, address, headers, body"
    long_ago = f"INSERT INTO api_received (id, created_at, {columns}) SELECT %s, %s, {columns} FROM api_received"
    with connection.cursor() as cursor:
        cursor.execute(long_ago, [uuid7(), timezone.now() - timedelta(days=environment().raw_days + 1)])
    assert commands.forget_old_received() == 1
    assert Received.objects.get() == kept


def test_requests_of_firms_are_not_stored_raw(cast):
    firm(cast, cast.antai).post("/employments", name="张三", number="123")
    firm(cast, cast.antai).post("/attendance/punches", person_id=str(cast.zhang.pk), event_id=str(uuid4()))
    assert not Received.objects.exists()


def test_same_key_with_other_content_conflicts(cast):
    labour = firm(cast, cast.antai)
    labour.post("/employments", once="hire-1", name="张三", number="123")
    other = labour.post("/employments", once="hire-1", name="李四", number="123")
    assert (other.status_code, codes(other)) == (409, ["A-04"])


def test_two_firms_may_use_the_same_idempotency_key(cast):
    for company in (cast.antai, cast.yuanda):
        answer = firm(cast, company).post("/employments", once="1", name="张三", number="123")
        assert "Idempotency-Replayed" not in answer


def test_failed_request_stores_no_answer(cast, monkeypatch):
    labour, who = firm(cast, cast.antai), {"name": "张三", "number": cast.zhang.id_number.plain}

    def breaks(*args, **kwargs):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(Employment, "save", breaks)
        failed = labour.post("/employments", once="hire-1", **who)
    assert (failed.status_code, failed["Retry-After"], codes(failed)) == (503, "5", ["A-06"])
    assert labour.post("/employments", once="hire-1", **who).status_code == 201


def test_server_error_rolls_back_work_and_claim(cast):
    def half_done():
        cast.employment()
        return HttpResponse(status=503)

    assert commands.answer_once("firm", "1", "POST", half_done).status_code == 503
    assert (ApiAnswer.objects.count(), Employment.objects.count()) == (0, 0)


def test_answers_expire_after_two_days(cast):
    firm(cast, cast.antai).post("/employments", once="old", name="张三", number="123")
    ApiAnswer.objects.update(created_at=timezone.now() - commands.KEPT)
    assert commands.forget_old_answers() == 1


def test_fast_key_gets_retry_after(cast, monkeypatch):
    monkeypatch.setattr(limits, "requests", limits.Buckets(burst=2, per_second=0.5, clock=lambda: 0.0))
    labour = firm(cast, cast.antai)
    answers = [labour.get("/teams") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2]["Retry-After"], codes(answers[2])) == ("2", ["A-03"])


def test_normal_use_stays_below_the_limit():
    now = [0.0]
    buckets = limits.Buckets(clock=lambda: now[0])
    for _ in range(1000):
        assert buckets.take("key") == 0
        now[0] += 1 / limits.PER_SECOND


def test_missing_and_unreadable_fields_are_named(cast):
    answer = firm(cast, cast.antai).post("/assignments", employment_ids=["no-id"])
    found = {item["code"]: item["sentence"] for item in answer.json()["refusals"]}
    assert answer.status_code == 422
    assert found["R-10"] == "请填写：参建位置"
    assert found["A-05"].startswith("人员（employment_ids.0）：")


@pytest.mark.parametrize(
    "path", ["/employments/0190a000-0000-7000-8000-000000000000", "/people/0190a000-0000-7000-8000-000000000000"]
)
def test_missing_and_foreign_rows_get_one_answer(cast, path):
    assert codes(firm(cast, cast.antai).get(path)) == ["A-02"]


def test_unknown_key_is_refused():
    answer = Caller("sm_made-up").get("/employments")
    assert (answer.status_code, answer["WWW-Authenticate"], codes(answer)) == (401, 'Bearer realm="shiming"', ["A-01"])


def test_refused_role_is_in_the_trail(cast):
    answer = firm(cast, cast.antai).post("/entries", assignment_ids=[])
    assert (answer.status_code, codes(answer)) == (403, ["R-42"])
    assert "访问被拒" in str(AuditEntry.objects.latest("id"))


def test_every_operation_has_roles():
    views = [view for route, view in routes() if route.startswith("api/v1")]
    assert views and all(view.surface == "api" and view.roles for view in views)
