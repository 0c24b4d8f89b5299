"""No text in a filter of any list gives an error, for any role that reads the list.

Lists are discovered as in test_lists.py. The filters of a list take turns with the texts, each role beginning at
another place; of a list that several roles read, each role sends every other text.
"""

import pytest

from shiming.web import lists
from shiming.web.typed import PhoneField, SearchField
from tests.doors import client_of
from tests.test_lists import PAGES, READERS, role_of
from tests.test_matrix import FOR_SOMEBODY
from tests.world import ACTORS, own

pytestmark = pytest.mark.django_db
TEXTS = ("", "张", "4", "418", "1234567", "110*****014", "👷", "张" * 10_000)
OTHER_SEARCHES = {
    "pm": ("/site/scan/people/",),
}


@pytest.mark.parametrize("name", READERS)
def test_any_text_in_any_filter_is_answered(cast, name, monkeypatch):
    filters: dict[str, tuple[list[str], bool]] = {}
    monkeypatch.setattr(lists, "address_of", lambda request, table: note(filters, request, table))
    actor = ACTORS[name](cast)
    objects, browser = own(cast, actor), client_of(actor, raise_request_exception=False)
    for page in {page for page, _ in lists.LISTINGS if page not in FOR_SOMEBODY}:
        if role_of(name) in PAGES[page].roles:
            browser.get(PAGES[page].address(objects))
    turn, wrong = READERS.index(name), {}
    for path, (fields, only_here) in filters.items():
        for place, text in list(enumerate(TEXTS))[0 if only_here else turn % 2 :: 1 if only_here else 2]:
            field = fields[(turn + place) % len(fields)]
            if (status := browser.get(path, {field: text}).status_code) != 200:
                wrong[path, field, text[:20]] = status
    assert filters and wrong == {}


@pytest.mark.parametrize("name", OTHER_SEARCHES)
def test_any_text_in_other_searches_is_answered(cast, name):
    actor = ACTORS[name](cast)
    browser = client_of(actor, raise_request_exception=False)
    answers = {
        (path, text[:20]): browser.get(path, {"q": text}).status_code for path in OTHER_SEARCHES[name] for text in TEXTS
    }
    assert {asked: status for asked, status in answers.items() if status != 200} == {}


def note(filters: dict, request, table) -> str:
    form = table.filters
    searched = [n for n, field in form.fields.items() if isinstance(field, SearchField | PhoneField)] if form else []
    if searched:
        filters[request.path] = searched, len(PAGES[request.resolver_match.url_name].roles) == 1
    return ""
