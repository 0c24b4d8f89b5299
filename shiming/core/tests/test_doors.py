"""A view says which door it is and who may pass; a page that is read writes nothing and stays on no machine."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory

from shiming.core import doors, prepared_statements
from shiming.core.actor import Role
from shiming.core.doors import MB, console, may_open, mobile, public, signed_in, takes
from shiming.core.errors import NotAllowed
from shiming.dictionaries.models import DictionaryEntry
from tests.doors import client_of

HR, PM = SimpleNamespace(role=Role.HR_OFFICER), SimpleNamespace(role=Role.PM)


def asked(view, method: str = "GET", by=HR):
    request = RequestFactory().generic(method, "/")
    request.actor = by
    return view(request)


@console(Role.HR_OFFICER, Role.LEGAL_REP)
def page(request):
    return HttpResponse("page")


# 谁可以进


def test_the_roles_that_a_door_names_pass():
    assert asked(page).content == b"page"


def test_other_roles_are_refused_and_read_who_may():
    with pytest.raises(NotAllowed) as refused:
        asked(page, by=PM)
    assert (refused.value.status, refused.value.codes) == (403, ["R-42"])
    assert str(refused.value) == "您没有此项权限，可联系：人事聘用管理员、法人/证书持有人"


def test_who_may_not_pass_does_not_reach_the_view():
    reached = []
    view = mobile(Role.PERSON)(lambda request: reached.append(request))
    with pytest.raises(NotAllowed):
        asked(view, "POST")
    assert reached == []


@pytest.mark.parametrize("door", [doors.console, doors.mobile, doors.api])
def test_a_door_for_roles_must_name_them(door):
    with pytest.raises(TypeError, match="names the roles that may pass"):
        door()


@pytest.mark.parametrize("door", [public, signed_in])
def test_open_doors_ask_for_no_role(door):
    assert asked(door()(lambda request: HttpResponse("open")), by=None).content == b"open"


@pytest.mark.parametrize(
    ("door", "surface"),
    [(console, "console"), (mobile, "mobile"), (doors.api, "api")],
)
def test_a_view_carries_its_door_for_all_who_ask(door, surface):
    view = door(Role.PM, methods=("POST",))(page)
    assert (view.surface, view.roles, view.methods) == (surface, (Role.PM,), ("POST",))
    assert view.__name__ == "page"


# 怎样问


@pytest.mark.parametrize(
    ("methods", "answers"),
    [
        (("GET",), {"GET": 200, "HEAD": 200, "POST": 405, "PUT": 405, "DELETE": 405}),
        (("POST",), {"GET": 405, "HEAD": 200, "POST": 200, "PUT": 405, "DELETE": 405}),
        (("GET", "POST"), {"GET": 200, "HEAD": 200, "POST": 200, "PUT": 405, "DELETE": 405}),
    ],
)
def test_a_door_answers_only_to_its_methods(methods, answers):
    view = public(methods=methods)(lambda request: HttpResponse())
    assert {method: asked(view, method).status_code for method in answers} == answers


def test_a_refused_method_names_those_that_are_answered():
    assert asked(public(methods=("POST",))(page), "PUT")["Allow"] == "POST"


def test_a_wrong_method_is_refused_before_it_is_asked_who_asks():
    assert asked(console(Role.HR_OFFICER, methods=("GET",))(page), "POST", by=PM).status_code == 405


# 看不能改


def write(request=None):
    DictionaryEntry.objects.create(table="trade", code="x", label="x")
    return HttpResponse("written")


def write_prepared(request):
    prepared_statements.insert(DictionaryEntry(table="trade", code="x", label="x"))


def change(request):
    DictionaryEntry.objects.update(label="x")


def delete(request):
    DictionaryEntry.objects.all().delete()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("view", [write, write_prepared, change, delete])
def test_a_page_that_is_read_may_not_write(db, view, method):
    kept = DictionaryEntry.objects.create(table="trade", code="kept", label="kept")
    with pytest.raises(RuntimeError, match="页面的 GET 不能写入"), transaction.atomic():
        asked(public()(view), method)
    assert list(DictionaryEntry.objects.filter(code__in=["x", "kept"]).values_list("label", flat=True)) == [kept.label]


def test_what_is_sent_may_write(db):
    assert asked(public()(write), "POST").content == b"written"


def test_a_page_that_is_drawn_late_may_not_write_either(db):
    template = engines["django"].from_string("{{ entries }}")
    late = SimpleTemplateResponse(template, {"entries": write})
    with pytest.raises(RuntimeError, match="页面的 GET 不能写入"), transaction.atomic():
        asked(public()(lambda request: late))


def test_a_page_may_read_while_it_may_not_write(db):
    view = public()(lambda request: HttpResponse(str(DictionaryEntry.objects.filter(table="none").count())))
    assert asked(view).content == b"0"


# 看过不留


@pytest.mark.parametrize(
    ("door", "kept"),
    [(console(Role.HR_OFFICER), "private, no-store"), (signed_in(), "private, no-store"), (public(), None)],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_seen_behind_a_door_is_kept_by_no_browser_and_no_proxy(door, kept, method):
    answer = asked(door(lambda request: HttpResponse("名单")), method)
    assert answer.headers.get("Cache-Control") == kept


def test_a_file_is_kept_as_little_as_a_page():
    answer = asked(console(Role.HR_OFFICER)(lambda request: StreamingHttpResponse(["名单"])))
    assert answer["Cache-Control"] == "private, no-store"


def test_a_view_that_knows_better_is_heard():
    answer = HttpResponse(headers={"Cache-Control": "private, max-age=60"})
    assert asked(console(Role.HR_OFFICER)(lambda request: answer))["Cache-Control"] == "private, max-age=60"


# 多大、去哪里


def test_a_view_says_how_large_a_body_it_reads(cast):
    assert takes(6 * MB)(page).largest_body == 6 * MB
    answer = client_of(cast.hr).post("/teams/new/", {"name": "x" * (MB + 1)})
    assert (answer.status_code, "内容太大，最多 1 MB" in answer.content.decode()) == (413, True)


OPENS = [
    # 地址                      人事   项目经理 监督   任何人都有
    ("/employments/", True, False, False),
    ("/employments/?status=active", True, False, False),
    ("/site/operators/", False, True, False),
    ("/stations/", False, False, False),
    ("/healthz", True, True, True),
    ("/no/such/page/", False, False, False),
]


@pytest.mark.parametrize(("address", "hr", "pm", "regulator"), OPENS)
def test_a_link_is_offered_to_all_that_the_page_lets_in(cast, address, hr, pm, regulator):
    opens = [may_open(actor, address) for actor in (cast.hr, cast.gc_pm, cast.regulator())]
    assert opens == [hr, pm, regulator]
