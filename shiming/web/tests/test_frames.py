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
def test_the_door_of_a_view_decides_its_frame(rf, surface, actor, part, frame):
    assert frame_for(request_of(rf, surface, actor, part)) == frame


def test_every_page_knows_who_acts_and_where(rf):
    known = shell(request_of(rf, actor=PERSON))
    assert (known["actor"], known["door"]) == (PERSON, {"key": "person", "label": "个人端"})


def test_an_error_before_login_still_has_a_page(rf):
    known = shell(rf.get("/"))
    assert (known["actor"], list(known["menu"]), known["request_id"]) == (None, [], "")


def test_a_redirect_answers_a_dialog_by_moving_the_page(rf):
    moved = part_redirects(lambda _: HttpResponseRedirect("/hires/"))
    assert moved(request_of(rf, part="dialog")).headers["HX-Redirect"] == "/hires/"
    assert moved(request_of(rf)).status_code == 302


def test_what_was_searched_is_read_but_never_written_in_the_address(client):
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
def test_a_search_leads_nowhere_else(client, target):
    response = client.post(reverse("web-filter"), {"next": target})
    assert response.headers["Location"] == "/"


def test_an_altered_search_is_no_search():
    assert read_back("f=gAAAAAaltered&status=active") == {"status": "active"}


def test_what_was_sealed_for_one_thing_opens_no_other():
    token = seal({"name": ["张三"]}, purpose="filter")
    assert unseal(token, purpose="cursor") is None
    assert unseal(token, purpose="filter") == {"name": ["张三"]}


def test_the_page_of_last_resort_tells_the_number_to_give(rf):
    request = rf.get("/")
    request.id = "0198c0de-1111-7000-8000-000000000001"
    answer = server_error(request)
    assert (answer.status_code, request.id in answer.content.decode()) == (500, True)
