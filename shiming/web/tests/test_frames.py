"""Base templates, redirects in dialogs, sealed filters, the error page."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from shiming.core.actor import Actor, Door, Role
from shiming.web.context import shell
from shiming.web.frames import frame_for
from shiming.web.middleware import part_redirects, sealed_filters
from shiming.web.sealing import seal, unseal
from shiming.web.views import server_error

PERSON = Actor(role=Role.PERSON, door=Door.PERSON, name="张三", person_id="00000000-0000-7000-8000-000000000002")


def request_of(rf, surface="", actor=None, part=""):
    request = rf.get("/", headers={"X-Frame": part} if part else {})
    request.resolver_match = SimpleNamespace(func=SimpleNamespace(surface=surface))
    request.actor = actor
    return request


@pytest.mark.parametrize(
    ("surface", "actor", "part", "frame"),
    [
        ("console", None, "", "web/console.html"),
        ("mobile", None, "", "web/mobile.html"),
        ("console", PERSON, "", "web/console.html"),
        ("account", PERSON, "", "web/mobile.html"),
        ("account", None, "", "web/console.html"),
        ("mobile", PERSON, "dialog", "web/dialog.html"),
        ("console", None, "main", "web/content.html"),
        ("console", None, "../../etc", "web/console.html"),
    ],
)
def test_door_of_view_decides_its_frame(rf, surface, actor, part, frame):
    assert frame_for(request_of(rf, surface, actor, part)) == frame


def test_every_page_knows_actor_and_door(rf):
    known = shell(request_of(rf, actor=PERSON))
    assert (known["actor"], known["door"]) == (PERSON, {"key": "person", "label": "个人端"})


def test_error_before_login_has_a_page(rf):
    known = shell(rf.get("/"))
    assert (known["actor"], list(known["menu"]), known["request_id"]) == (None, [], "")


def test_redirect_in_dialog_moves_the_page(rf):
    moved = part_redirects(lambda _: HttpResponseRedirect("/hires/"))
    assert moved(request_of(rf, part="dialog")).headers["HX-Redirect"] == "/hires/"
    assert moved(request_of(rf)).status_code == 302


def test_sealed_search_is_read_by_view(client):
    typed = {"next": "/hires/", "id_number": "119900199001010015", "name": "张三", "size": "50", "status": ""}
    response = client.post(reverse("web-filter"), typed)
    address = urlsplit(response.headers["Location"])

    assert (response.status_code, address.path) == (302, "/hires/")
    assert "119900199001010015" not in address.query and "张三" not in address.query
    assert parse_qs(address.query)["size"] == ["50"]
    assert read_back(address.query) == {"id_number": "119900199001010015", "name": "张三", "size": "50"}


def read_back(query):
    seen = {}
    request = SimpleNamespace(GET=QueryDict(query))
    sealed_filters(lambda request: seen.update(request.GET.dict()) or HttpResponse())(request)
    seen.pop("f")
    return seen


@pytest.mark.parametrize("target", ["https://evil.invalid/", "//evil.invalid/", "javascript:alert(1)"])
def test_search_redirects_to_own_site_only(client, target):
    response = client.post(reverse("web-filter"), {"next": target})
    assert response.headers["Location"] == "/"


def test_altered_search_is_ignored():
    assert read_back("f=gAAAAAaltered&status=active") == {"status": "active"}


def test_sealed_value_opens_for_its_purpose():
    token = seal({"name": ["张三"]}, purpose="filter")
    assert unseal(token, purpose="cursor") is None
    assert unseal(token, purpose="filter") == {"name": ["张三"]}


def test_server_error_page_prints_request_id(rf):
    request = rf.get("/")
    request.id = "0198c0de-1111-7000-8000-000000000001"
    answer = server_error(request)
    assert (answer.status_code, request.id in answer.content.decode()) == (500, True)
