"""Every refusal is one problem document with all its reasons (RFC 9457), at each layer."""

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
def test_refusal_is_a_problem_document(error, status, code, headers):
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


def test_all_reasons_come_and_first_is_title():
    body = json.loads(answer(RefusedAll([refusal("R-48"), refusal("R-20")], field="person")).content)
    assert (body["title"], body["code"], body["field"]) == ("项目未在建，不能办理进场", "R-48", "person")
    assert [item["code"] for item in body["refusals"]] == ["R-48", "R-20"]


def test_sentences_are_unescaped():
    assert "该人员尚未确认分配".encode() in answer(Refused("R-20")).content


def test_wait_stands_in_title_and_header():
    assert json.loads(answer(TooFast(7)).content)["title"] == "请求太频繁，请 7 秒后再试"


RAISED = [
    (Refused("R-20"), 422, ["R-20"]),
    (Http404(), 404, ["A-02"]),
    (ValidationError("开始晚于结束"), 422, ["A-05"]),
    (ValidationError({"name": ["太长", "有控制字符"], "trade": ["不在字典里"]}), 422, ["A-05", "A-05", "A-05"]),
    (HttpError(415, "not JSON"), 415, ["A-05"]),
]


@pytest.mark.parametrize(("error", "status", "found"), RAISED)
def test_every_exception_becomes_a_problem(rf, error, status, found):
    response = api.on_exception(rf.get("/api/v1/teams"), error)
    assert (response.status_code, codes(_readable(response))) == (status, found)


def _readable(response):
    response.json = lambda: json.loads(response.content)
    return response


def test_model_errors_are_listed_by_field(rf):
    error = ValidationError({"name": ["太长"], "__all__": ["开始晚于结束"]})
    body = json.loads(api.on_exception(rf.get("/"), error).content)
    assert [item["sentence"] for item in body["refusals"]] == ["姓名：太长", "内容：开始晚于结束"]


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [(OperationalError("away"), 503, "A-06"), (DataError("NUL"), 422, "V-01")],
)
def test_database_failure_is_a_problem(rf, failure, status, code):
    def view(request):
        raise failure

    found = guarded(view, {Role.LEGAL_REP})(rf.get("/api/v1/teams"))
    assert (found.status_code, json.loads(found.content)["code"]) == (status, code)


def test_server_fault_is_no_refusal(rf):
    def view(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        guarded(view, {Role.LEGAL_REP})(rf.get("/api/v1/teams"))


def test_successful_answer_is_unchanged(rf):
    assert guarded(lambda request: HttpResponse("ok"), {Role.LEGAL_REP})(rf.get("/")).content == b"ok"


def test_every_refusal_is_described():
    schema = api.get_openapi_schema()
    operations = [each for methods in schema["paths"].values() for each in methods.values()]
    for operation in operations:
        refused = {int(status) for status in operation["responses"] if int(status) >= 400}
        assert refused == {401, 403, 404, 409, 422, 429}, operation["operationId"]


def test_wrong_method_is_refused(cast):
    caller = firm(cast, cast.antai)
    found = Client().delete("/api/v1/employments", headers={"Authorization": f"Bearer {caller.key}"})
    assert found.status_code == 405


def test_unknown_address_is_not_found(cast):
    assert firm(cast, cast.antai).get("/nothing/here").status_code == 404
