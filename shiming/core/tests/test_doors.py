"""A view declares its door and roles; a GET writes nothing and is not cached."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory
from psycopg.errors import ReadOnlySqlTransaction

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


# permission


def test_named_roles_pass_the_door():
    assert asked(page).content == b"page"


def test_other_roles_are_refused_with_contact():
    with pytest.raises(NotAllowed) as refused:
        asked(page, by=PM)
    assert (refused.value.status, refused.value.codes) == (403, ["R-42"])
    assert str(refused.value) == "您没有此项权限，可联系：人事聘用管理员、法人/证书持有人"


def test_refused_role_does_not_reach_view():
    reached = []
    view = mobile(Role.PERSON)(lambda request: reached.append(request))
    with pytest.raises(NotAllowed):
        asked(view, "POST")
    assert reached == []


@pytest.mark.parametrize("door", [doors.console, doors.mobile, doors.api])
def test_role_door_without_roles_is_refused(door):
    with pytest.raises(TypeError, match="names the roles that may pass"):
        door()


@pytest.mark.parametrize("door", [public, signed_in])
def test_open_door_requires_no_role(door):
    assert asked(door()(lambda request: HttpResponse("open")), by=None).content == b"open"


@pytest.mark.parametrize(
    ("door", "surface"),
    [(console, "console"), (mobile, "mobile"), (doors.api, "api")],
)
def test_view_exposes_its_surface(door, surface):
    view = door(Role.PM, methods=("POST",))(page)
    assert (view.surface, view.roles, view.methods) == (surface, (Role.PM,), ("POST",))
    assert view.__name__ == "page"


# methods


@pytest.mark.parametrize(
    ("methods", "answers"),
    [
        (("GET",), {"GET": 200, "HEAD": 200, "POST": 405, "PUT": 405, "DELETE": 405}),
        (("POST",), {"GET": 405, "HEAD": 405, "POST": 200, "PUT": 405, "DELETE": 405}),
        (("GET", "POST"), {"GET": 200, "HEAD": 200, "POST": 200, "PUT": 405, "DELETE": 405}),
    ],
)
def test_door_answers_only_its_methods(methods, answers):
    view = public(methods=methods)(lambda request: HttpResponse())
    assert {method: asked(view, method).status_code for method in answers} == answers


def test_refused_method_lists_allowed_methods():
    assert asked(public(methods=("POST",))(page), "PUT")["Allow"] == "POST"


def test_wrong_method_is_refused_before_role():
    assert asked(console(Role.HR_OFFICER, methods=("GET",))(page), "POST", by=PM).status_code == 405


# a GET writes nothing


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
def test_get_page_may_not_write(db, view, method):
    kept = DictionaryEntry.objects.create(table="trade", code="kept", label="kept")
    with pytest.raises(RuntimeError, match="页面的 GET 不能写入"), transaction.atomic():
        asked(public()(view), method)
    assert list(DictionaryEntry.objects.filter(code__in=["x", "kept"]).values_list("label", flat=True)) == [kept.label]


def hidden_write(request):
    """A DELETE that no first word betrays."""
    with connection.cursor() as cursor:
        cursor.execute("WITH gone AS (DELETE FROM dictionaries_dictionaryentry RETURNING 1) SELECT * FROM gone")


def hidden_write_in_own_transaction(request):
    with transaction.atomic():
        hidden_write(request)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("view", [hidden_write, hidden_write_in_own_transaction])
def test_engine_refuses_hidden_write_of_get_page(view):
    with pytest.raises(RuntimeError, match="页面的 GET 不能写入") as refused:
        asked(public()(view))
    assert isinstance(refused.value.__cause__.__cause__, ReadOnlySqlTransaction)


@pytest.mark.django_db(transaction=True)
def test_connection_writes_again_after_a_get_page():
    def page_of_two_transactions(request):
        with transaction.atomic():
            DictionaryEntry.objects.exists()
        return HttpResponse(str(DictionaryEntry.objects.filter(table="none").exists()))

    for view in (page_of_two_transactions, lambda request: HttpResponse(str(DictionaryEntry.objects.exists()))):
        assert asked(public()(view)).status_code == 200
        assert asked(public()(write), "POST").content == b"written"
        DictionaryEntry.objects.filter(code="x").delete()


def test_post_may_write(db):
    assert asked(public()(write), "POST").content == b"written"


def test_lazily_rendered_page_may_not_write(db):
    template = engines["django"].from_string("{{ entries }}")
    late = SimpleTemplateResponse(template, {"entries": write})
    with pytest.raises(RuntimeError, match="页面的 GET 不能写入"), transaction.atomic():
        asked(public()(lambda request: late))


def test_get_page_may_read(db):
    view = public()(lambda request: HttpResponse(str(DictionaryEntry.objects.filter(table="none").count())))
    assert asked(view).content == b"0"


# no caching


@pytest.mark.parametrize(
    ("door", "kept"),
    [(console(Role.HR_OFFICER), "private, no-store"), (signed_in(), "private, no-store"), (public(), None)],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_response_behind_door_is_not_cached(door, kept, method):
    answer = asked(door(lambda request: HttpResponse("名单")), method)
    assert answer.headers.get("Cache-Control") == kept


def test_file_is_not_cached_either():
    answer = asked(console(Role.HR_OFFICER)(lambda request: StreamingHttpResponse(["名单"])))
    assert answer["Cache-Control"] == "private, no-store"


def test_view_may_set_own_cache_header():
    answer = HttpResponse(headers={"Cache-Control": "private, max-age=60"})
    assert asked(console(Role.HR_OFFICER)(lambda request: answer))["Cache-Control"] == "private, max-age=60"


# body size and redirects


def test_view_declares_its_body_limit(cast):
    assert takes(6 * MB)(page).largest_body == 6 * MB
    answer = client_of(cast.hr).post("/teams/new/", {"name": "x" * (MB + 1)})
    assert (answer.status_code, "内容太大，最多 1 MB" in answer.content.decode()) == (413, True)


OPENS = [
    # address                   HR     PM    regulator
    ("/employments/", True, False, False),
    ("/employments/?status=active", True, False, False),
    ("/site/operators/", False, True, False),
    ("/stations/", False, False, False),
    ("/healthz", True, True, True),
    ("/no/such/page/", False, False, False),
]


@pytest.mark.parametrize(("address", "hr", "pm", "regulator"), OPENS)
def test_link_is_offered_to_allowed_roles(cast, address, hr, pm, regulator):
    opens = [may_open(actor, address) for actor in (cast.hr, cast.gc_pm, cast.regulator())]
    assert opens == [hr, pm, regulator]
