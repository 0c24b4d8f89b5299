"""Every list of the console can be exported, by the roles of its page and by no other, with masked numbers.

Lists are discovered: a page that draws a paged table without registering it (web/lists.py) fails here.
"""

import pytest

from shiming.web import lists
from shiming.web.export import TAKERS
from tests.doors import client_of, export
from tests.test_list_queries import one_more_of_everything
from tests.test_matrix import FOR_SOMEBODY, GUARDED, ROUTES, role_of
from tests.world import ACTORS, foreign, own

pytestmark = pytest.mark.django_db
CONSOLE = [route for route in GUARDED if route.surface == "console" and "GET" in route.view.methods]
PAGES = {route.name: route for route in CONSOLE}
READERS = [name for name in ACTORS if role_of(name) in TAKERS]


def test_registered_lists_stand_on_console_pages():
    assert {url_name for url_name, _ in lists.LISTINGS} <= set(PAGES)


@pytest.mark.parametrize("name", READERS)
def test_every_paged_table_is_registered(cast, name, monkeypatch):
    drawn, address_of = [], lists.address_of

    def note(request, table):
        if table.page is not None:
            drawn.append((request.resolver_match.url_name, table.id))
        return address_of(request, table)

    monkeypatch.setattr(lists, "address_of", note)
    actor = ACTORS[name](cast)
    objects, browser = own(cast, actor), client_of(actor)
    for route in CONSOLE:
        if role_of(name) in route.roles and route.name not in FOR_SOMEBODY:
            browser.get(route.address(objects))
    assert set(drawn) == {(page, table) for page, table in lists.LISTINGS if role_of(name) in PAGES[page].roles}


@pytest.mark.parametrize("name", ACTORS)
def test_list_is_exported_by_roles_of_its_page(cast, name):
    actor = ACTORS[name](cast)
    objects, browser = own(cast, actor), client_of(actor)
    one_more_of_everything(cast, 1)
    wrong = {}
    for url_name, table in lists.LISTINGS:
        route = PAGES[url_name]
        answer = export(browser, route.address(objects), table, "csv")
        allowed = role_of(name) in route.roles and role_of(name) in TAKERS
        if answer.status_code != (200 if allowed else 403):
            wrong[url_name] = answer.status_code
        elif allowed:
            content = b"".join(answer.streaming_content).decode()
            wrong |= {url_name: "shows a whole number"} if any(number in content for number in _numbers(cast)) else {}
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name in READERS if name != "sys_admin"])
def test_list_of_foreign_object_is_not_exported(cast, name):
    actor = ACTORS[name](cast)
    own(cast, actor)
    objects, browser = foreign(cast), client_of(actor)
    for url_name, table in lists.LISTINGS:
        route = PAGES[url_name]
        if role_of(name) in route.roles and route.names_an_object:
            assert export(browser, route.address(objects), table).status_code == 404, url_name


def test_no_other_address_exports_a_list():
    assert [route.path for route in ROUTES if "export" in route.path] == ["m/me/export/"]


def _numbers(cast) -> tuple[str, str]:
    return cast.zhang.id_number.plain, cast.zhang.phone.plain
