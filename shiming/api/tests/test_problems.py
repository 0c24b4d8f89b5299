"""Whatever is refused is one document with every reason (RFC 9457), by whatever part of us it is refused."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, OperationalError
from django.http import Http404, HttpResponse
from django.test import Client
from ninja.errors import HttpError

from shiming.api.door import guarded
from shiming.api.problems import Busy, NoKey, NotFound, OtherContent, TooFast, answer
from shiming.api.service import api
from shiming.core.actor import Role
from shiming.core.errors import Conflict, Invalid, NotAllowed, Refused, RefusedAll
from shiming.core.refusals import refusal
from tests.callers import codes, firm

pytestmark = pytest.mark.django_db

ANSWERS = [
    (NoKey(), 401, "A-01", {"WWW-Authenticate": 'Bearer realm="shiming"'}),
    (NotAllowed("本人"), 403, "R-42", {}),
    (NotFound(), 404, "A-02", {}),
    (OtherContent(), 409, "A-04", {}),
    (Conflict(), 409, "R-43", {}),
    (Refused("R-20"), 422, "R-20", {}),
    (Invalid("日期不对"), 422, "V-01", {}),
    (TooFast(7), 429, "A-03", {"Retry-After": "7"}),
    (Busy(), 503, "A-06", {"Retry-After": "5"}),
]


@pytest.mark.parametrize(("error", "status", "code", "headers"), ANSWERS)
def test_a_refusal_is_a_problem_document(error, status, code, headers):
    found = answer(error)
    [item] = error.refusals
    assert (found.status_code, found["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(found.content) == {
        "title": item.sentence,
        "status": status,
        "code": code,
        "refusals": [item.as_dict()],
    }
    named = {name: value for name, value in found.headers.items() if name in ("WWW-Authenticate", "Retry-After")}
    assert named == headers


def test_all_reasons_come_at_once_and_the_first_is_the_title():
    body = json.loads(answer(RefusedAll([refusal("R-48"), refusal("R-20")], field="person")).content)
    assert (body["title"], body["code"], body["field"]) == ("项目未在建，不能办理进场", "R-48", "person")
    assert [item["code"] for item in body["refusals"]] == ["R-48", "R-20"]


def test_sentences_are_written_as_they_are_read():
    assert "该人员尚未确认分配".encode() in answer(Refused("R-20")).content


def test_how_long_to_wait_is_said_in_words_and_in_the_header():
    assert json.loads(answer(TooFast(7)).content)["title"] == "请求太频繁，请 7 秒后再试"


RAISED = [
    (Refused("R-20"), 422, ["R-20"]),
    (Http404(), 404, ["A-02"]),
    (ValidationError("开始晚于结束"), 422, ["A-05"]),
    (ValidationError({"name": ["太长", "有控制字符"], "trade": ["不在字典里"]}), 422, ["A-05", "A-05", "A-05"]),
    (HttpError(415, "not JSON"), 415, ["A-05"]),
]


@pytest.mark.parametrize(("error", "status", "found"), RAISED)
def test_whichever_way_an_operation_refuses_the_answer_is_a_problem(rf, error, status, found):
    said = api.on_exception(rf.get("/api/v1/teams"), error)
    assert (said.status_code, codes(_readable(said))) == (status, found)


def _readable(response):
    response.json = lambda: json.loads(response.content)
    return response


def test_what_a_model_refuses_is_said_field_by_field_in_the_words_of_the_page(rf):
    error = ValidationError({"name": ["太长"], "__all__": ["开始晚于结束"]})
    body = json.loads(api.on_exception(rf.get("/"), error).content)
    assert [item["sentence"] for item in body["refusals"]] == ["姓名：太长", "内容：开始晚于结束"]


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [(OperationalError("away"), 503, "A-06"), (DataError("NUL"), 422, "V-01")],
)
def test_what_the_database_cannot_do_is_a_problem_as_well(rf, failure, status, code):
    def view(request):
        raise failure

    found = guarded(view, {Role.LEGAL_REP})(rf.get("/api/v1/teams"))
    assert (found.status_code, json.loads(found.content)["code"]) == (status, code)


def test_a_fault_of_ours_is_not_dressed_as_a_refusal(rf):
    def view(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        guarded(view, {Role.LEGAL_REP})(rf.get("/api/v1/teams"))


def test_an_operation_that_goes_well_is_answered_as_it_is(rf):
    assert guarded(lambda request: HttpResponse("ok"), {Role.LEGAL_REP})(rf.get("/")).content == b"ok"


def test_every_answer_that_is_no_is_described():
    schema = api.get_openapi_schema()
    operations = [each for methods in schema["paths"].values() for each in methods.values()]
    for operation in operations:
        refused = {int(status) for status in operation["responses"] if int(status) >= 400}
        assert refused == {401, 403, 404, 409, 422, 429}, operation["operationId"]


def test_a_wrong_method_at_an_address_that_exists(cast):
    caller = firm(cast, cast.antai)
    found = Client().delete("/api/v1/employments", headers={"Authorization": f"Bearer {caller.key}"})
    assert found.status_code == 405


def test_an_address_that_does_not_exist(cast):
    assert firm(cast, cast.antai).get("/nothing/here").status_code == 404
