"""Keyset paging: pages, totals, cursors, whole lists."""

import datetime
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.template.loader import render_to_string
from django.utils import timezone

from shiming.core.models import AuditEntry
from shiming.web import paging
from shiming.web.paging import Paged

pytestmark = pytest.mark.django_db
BY_NAME = ("name", "pk")


@pytest.fixture
def crews():
    Group.objects.bulk_create(Group(name=f"班组{number:03d}") for number in range(45))
    return Group.objects.all()


def names(shown):
    return [row.name for row in shown]


def follow(rf, queryset, url, order=BY_NAME, **kwargs):
    return Paged(queryset, rf.get("/teams/" + url), order, **kwargs).page


def test_pages_follow_without_gap_or_repeat(rf, crews):
    first = follow(rf, crews, "")
    second = follow(rf, crews, first.next_url)
    third = follow(rf, crews, second.next_url)

    assert names(first) + names(second) + names(third) == [f"班组{number:03d}" for number in range(45)]
    assert [(each.first, each.last) for each in (first, second, third)] == [(1, 20), (21, 40), (41, 45)]
    assert (first.previous_url, third.next_url) == (None, None)


def test_keys_first_shows_same_pages(rf, crews):
    first, same = follow(rf, crews, ""), follow(rf, crews, "", keys_first=True)
    second, next_one = (follow(rf, crews, each.next_url, keys_first=first is not each) for each in (first, same))

    assert (names(same), same.total, same.last) == (names(first), first.total, first.last)
    assert (names(next_one), next_one.first) == (names(second), second.first)
    assert names(follow(rf, crews, next_one.previous_url, keys_first=True)) == names(first)


def test_previous_page_shows_same_rows(rf, crews):
    first = follow(rf, crews, "")
    second = follow(rf, crews, first.next_url)
    third = follow(rf, crews, second.next_url)
    back = follow(rf, crews, third.previous_url)
    home = follow(rf, crews, back.previous_url)

    assert (names(back), names(home)) == (names(second), names(first))
    assert (back.first, home.first, home.previous_url) == (21, 1, None)


def test_added_rows_do_not_shift_pages(rf, crews):
    first = follow(rf, crews, "")
    Group.objects.bulk_create(Group(name=f"班组000-{number}") for number in range(7))
    second = follow(rf, crews, first.next_url)

    assert names(second)[0] == "班组020"
    assert not set(names(first)) & set(names(second))


def test_deleted_edge_row_keeps_the_place(rf, crews):
    first = follow(rf, crews, "")
    first.rows[-1].delete()

    assert names(follow(rf, crews, first.next_url))[0] == "班组020"


def test_equal_times_have_one_order(rf):
    at = timezone.now()
    moments = [at - datetime.timedelta(microseconds=number // 3) for number in range(30)]
    Session.objects.bulk_create(
        Session(session_key=f"k{number:02d}", session_data="", expire_date=moment)
        for number, moment in enumerate(moments)
    )
    order, rows, url = ("-expire_date", "pk"), [], ""
    while url is not None:
        shown = Paged(Session.objects.all(), rf.get("/" + url), order, size=10).page
        rows, url = rows + [row.pk for row in shown], shown.next_url

    assert rows == list(Session.objects.order_by("-expire_date", "pk").values_list("pk", flat=True))


@pytest.mark.parametrize("order", [("company_id", "pk"), ("-company_id", "pk"), ("-company_id", "-pk")])
def test_null_values_keep_place_both_ways(rf, order):
    firms = [UUID(int=number) for number in range(1, 5)]
    AuditEntry.objects.bulk_create(
        AuditEntry(at=timezone.now(), event="test", company_id=firms[number % 4] if number % 3 else None)
        for number in range(12)
    )
    everything = AuditEntry.objects.filter(event="test")
    pages, url = [], ""
    while url is not None:
        pages.append(Paged(everything, rf.get("/" + url), order, size=5).page)
        url = pages[-1].next_url
    back = Paged(everything, rf.get("/" + pages[-1].previous_url), order, size=5).page

    assert [row.pk for shown in pages for row in shown] == list(
        everything.order_by(*order).values_list("pk", flat=True)
    )
    assert [row.pk for row in back] == [row.pk for row in pages[-2]]


def test_total_is_exact_up_to_cap(rf, crews, monkeypatch):
    assert follow(rf, crews, "").total_label == "45"
    monkeypatch.setattr(paging, "COUNT_CAP", 30)
    capped = follow(rf, crews, "")
    assert (capped.total_label, capped.total_is_capped) == ("30", True)
    shown = render_to_string("web/components/pager.html", {"page": capped})
    assert "共 <b>30</b> 条以上记录" in shown


def test_short_list_runs_no_count(rf, crews, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert follow(rf, crews, "?size=50").total_label == "45"


def test_pages_use_no_offset(rf, crews, django_assert_num_queries):
    url = follow(rf, crews, "").next_url
    with django_assert_num_queries(2) as queries:
        follow(rf, crews, url)

    assert not any("OFFSET" in query["sql"] for query in queries)


@pytest.mark.parametrize(
    ("asked", "given"), [("10", 10), ("100", 100), ("7", 20), ("100000", 20), ("-1", 20), ("x", 20)]
)
def test_only_offered_sizes_are_used(rf, crews, asked, given):
    assert follow(rf, crews, f"?size={asked}").size == given


def test_only_named_sorts_are_used(rf, crews):
    sorts = {"name": BY_NAME}
    assert names(follow(rf, crews, "?sort=-name", sorts=sorts))[0] == "班组044"
    assert names(follow(rf, crews, "?sort=permissions__id", sorts=sorts))[0] == "班组000"
    assert follow(rf, crews, "?sort=name", sorts=sorts).sort_urls == {"name": "?sort=-name"}


@pytest.mark.parametrize("cursor", ["abc", "gAAAAA", "' OR 1=1"])
def test_altered_cursor_shows_first_page(rf, crews, cursor):
    shown = follow(rf, crews, f"?cursor={cursor}")
    assert (shown.first, shown.lost_place) == (1, True)


def test_cursor_of_other_order_is_ignored(rf, crews):
    url = follow(rf, crews, "").next_url
    assert follow(rf, crews, url, ("-name", "pk")).lost_place


def test_cursor_hides_the_edge_name(rf, crews):
    url = follow(rf, crews, "").next_url
    assert "班组" not in url and "%E7" not in url


def test_empty_list_runs_no_count(rf):
    shown = follow(rf, Group.objects.none(), "")
    assert (shown.rows, shown.first, shown.last, shown.total_label) == ([], 0, 0, "0")


def test_links_keep_other_parameters(rf, crews):
    assert follow(rf, crews, "?f=sealed&size=10").next_url.startswith("?f=sealed&size=10&cursor=")


@pytest.mark.parametrize("keys_first", [False, True])
def test_whole_list_is_read_in_pieces_without_gap_or_repeat(rf, crews, monkeypatch, keys_first):
    monkeypatch.setattr(paging, "WHOLE", 7)
    pieces = []
    rows = Paged(crews, rf.get("/"), BY_NAME, keys_first=keys_first, prepare=lambda rows: pieces.append(rows) or rows)

    assert names(rows.whole()) == [f"班组{number:03d}" for number in range(45)]
    assert [len(piece) for piece in pieces] == [7, 7, 7, 7, 7, 7, 3]


def test_whole_list_reads_the_next_piece_only_when_it_is_due(rf, crews, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(paging, "WHOLE", 20)
    with django_assert_num_queries(1):
        assert next(Paged(crews, rf.get("/"), BY_NAME).whole()).name == "班组000"


def test_whole_list_starts_at_the_first_row_and_keeps_the_chosen_sort(rf, crews):
    second = follow(rf, crews, "?sort=-name", sorts={"name": BY_NAME}).next_url
    rows = Paged(crews, rf.get("/" + second), BY_NAME, sorts={"name": BY_NAME})
    assert names(rows.whole()) == [f"班组{number:03d}" for number in reversed(range(45))]


def test_whole_list_has_the_order_of_the_file(rf, crews):
    rows = Paged(crews, rf.get("/"), BY_NAME, file_order=("-name",))
    assert (names(rows)[0], names(rows.whole())[0]) == ("班组000", "班组044")


def test_rows_without_a_value_keep_their_place_in_the_whole_list(rf, monkeypatch):
    monkeypatch.setattr(paging, "WHOLE", 2)
    firms = [UUID(int=number) for number in range(1, 5)]
    AuditEntry.objects.bulk_create(
        AuditEntry(at=timezone.now(), event="test", company_id=firms[number % 4] if number % 3 else None)
        for number in range(12)
    )
    rows = AuditEntry.objects.filter(event="test")
    for order in (("company_id", "pk"), ("-company_id", "-pk")):
        assert list(Paged(rows, rf.get("/"), order).whole()) == list(rows.order_by(*order))


def test_rows_are_read_on_demand(rf, crews, django_assert_num_queries):
    with django_assert_num_queries(0):
        Paged(crews, rf.get("/"), BY_NAME)
