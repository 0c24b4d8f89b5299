"""Every list is exported with the rows, masks and order of its page, and the export leaves a trail entry."""

import csv
import re
from datetime import datetime, time
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from shiming.companies.models import Company
from shiming.core.models import AuditEntry
from shiming.web import lists, paging
from shiming.web.menu import groups_for
from tests.doors import client_of, export


def taken(actor, address: str, table: str = "list"):
    return export(client_of(actor), address, table)


def lines(answer) -> list[list]:
    content = b"".join(answer.streaming_content)
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]


def test_file_has_all_rows_in_pieces(cast, monkeypatch):
    monkeypatch.setattr(paging, "WHOLE", 2)
    for name in ("一班", "二班", "三班", "四班", "五班"):
        cast.team(name)
    answer = taken(cast.hr, "/teams/?size=10")
    rows = lines(answer)

    assert (answer.status_code, rows[0][0]) == (200, "班组名称") or "班组" in rows[0][0]
    assert sorted(row[0] for row in rows[1:6]) == ["一班", "三班", "二班", "五班", "四班"]
    assert rows[-1][0] == "安泰劳务 陈人事 导出"
    assert str(AuditEntry.objects.get(event="data.exported")) == "陈人事导出班组 5 行"


def test_csv_has_the_same_rows(cast):
    cast.team("=1+1"), cast.team("二班")
    answer = export(client_of(cast.hr), "/teams/", kind="csv")
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert answer["Content-Type"] == "text/csv; charset=utf-8" and answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].endswith("%E7%8F%AD%E7%BB%84.csv")
    assert sorted(row[0] for row in rows[1:3]) == ["'=1+1", "二班"] and rows[3] == ["安泰劳务 陈人事 导出"]
    assert str(AuditEntry.objects.get(event="data.exported")) == "陈人事导出班组 2 行"


def test_filters_apply_to_the_file(cast):
    cast.team("一班"), cast.team("二班")
    sealed = client_of(cast.hr).post("/_filters/", {"next": "/teams/", "name": "二班"})["Location"]
    assert "二班" not in sealed and [row[0] for row in lines(taken(cast.hr, sealed))[1:2]] == ["二班"]


def test_numbers_are_masked_in_file(cast):
    cast.stay(cast.assignment(cast.employment(team=cast.team())))
    rows = lines(taken(cast.gc_pm, "/stays/leaving/"))
    printed = " ".join(str(value) for row in rows for value in row)

    assert "张三" in printed and str(cast.zhang.id_number) in printed
    assert cast.zhang.id_number.plain not in printed and cast.zhang.phone.plain not in printed


@pytest.mark.parametrize(
    "address", ["/no-such-list/", "/healthz", "/lists/file/", "https://example.invalid/teams/x", ""]
)
def test_unknown_list_is_404(cast, address):
    assert taken(cast.hr, address).status_code == 404
    assert not AuditEntry.objects.filter(event="data.exported").exists()


def test_export_of_forbidden_list_is_refused(cast):
    cast.team("一班")
    assert taken(cast.gc_pm, "/companies/").status_code == 403
    assert taken(cast.hr, f"/projects/{cast.stranger_place.project_id}/").status_code == 404
    assert client_of(cast.himself()).post("/lists/file/", {"list": "/teams/"}).status_code == 403
    assert client_of(cast.hr).get("/lists/file/").status_code == 405


def test_every_list_page_has_export_button(cast):
    """Opens all pages of the menu: each page with a pager has the button."""
    cast.stay(cast.assignment(cast.employment(team=cast.team())))
    missing = []
    for actor in (cast.hr, cast.gc_pm, cast.admin, cast.regulator()):
        browser = client_of(actor)
        for item in (item for group in groups_for(actor, "") for item in group.items):
            page = browser.get(item.url, follow=True).content.decode()
            if 'class="pager"' in page and "导出 Excel</button>" not in page:
                missing.append(f"{actor.role} {item.url}")
    assert missing == []


def test_month_sheet_exports_every_day(cast):
    cast.stay(cast.assignment(cast.employment(team=cast.team())))
    head, first = lines(taken(cast.hr, "/attendance/month/", "month"))[:2]
    assert (head[:5], first[0], first[-2:]) == (["姓名", "单位", "班组", "1", "2"], "张三", [0, 0])


def test_export_button_posts_address_of_page(cast):
    cast.team("一班")
    page = client_of(cast.hr).get("/teams/?size=10").content.decode()
    assert f'action="{reverse("list-file")}"' in page and 'name="list" value="/teams/?size=10"' in page


def test_chosen_sort_applies_to_the_file(cast):
    for name in ("一班", "三班", "二班"):
        cast.team(name)
    page = client_of(cast.hr).get("/teams/?sort=-name").content.decode()
    assert 'name="list" value="/teams/?sort=-name"' in page and page.count("导出 Excel</button>") == 1

    expected = sorted(("一班", "三班", "二班"), reverse=True)
    assert [row[0] for row in lines(taken(cast.hr, "/teams/?sort=-name"))[1:4]] == expected


def test_file_exported_from_the_second_page_begins_with_the_first_row(cast):
    for number in range(12):
        cast.team(f"{number:02d}班")
    page = client_of(cast.hr).get("/teams/?size=10").content.decode()
    second = re.search(r'href="(\?size=10&amp;cursor=[^"]+)"', page)[1].replace("&amp;", "&")
    assert len(lines(taken(cast.hr, f"/teams/{second}"))) == 15  # head, 12 teams, empty line, watermark


def test_file_of_firms_is_ordered_by_name_and_its_page_by_age(cast):
    names = [cast.company(name).name for name in ("丙企业", "甲企业", "乙企业")]
    page = client_of(cast.admin).get("/companies/").content.decode()
    assert sorted(names, key=page.index) == list(reversed(names))

    exported = [row[0] for row in lines(taken(cast.admin, "/companies/"))[1:] if row[0] in names]
    assert exported == list(Company.objects.filter(name__in=names).order_by("name").values_list("name", flat=True))


def test_list_without_registration_has_no_buttons_and_no_file(cast, monkeypatch):
    cast.team("一班")
    monkeypatch.delitem(lists.LISTINGS, ("team-list", "list"))
    assert "导出 Excel" not in client_of(cast.hr).get("/teams/").content.decode()
    assert taken(cast.hr, "/teams/").status_code == 404


def test_numbers_and_dates_are_cells_that_can_be_summed(cast):
    stay = cast.stay()
    [head, row, *_] = lines(taken(cast.gc_pm, "/stays/leaving/"))
    cells = dict(zip(head, row, strict=True))
    assert (cells["进场日期"], type(cells["进场日期"]).__name__) == (
        datetime.combine(stay.entered_on, time.min),
        "datetime",
    )
    content = b"".join(taken(cast.gc_pm, "/stays/leaving/").streaming_content)
    formats = {cell.number_format for cell in load_workbook(BytesIO(content)).active[2]}
    assert "yyyy-mm-dd" in formats


def test_head_and_foot_of_a_capped_list_agree(cast, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 10)
    for number in range(12):
        cast.team(f"{number:02d}班")
    page = client_of(cast.hr).get("/teams/?size=10").content.decode()
    assert re.findall(r"共 <b>([\d,]+)</b> (条以上)", page) == [("10", "条以上")] * 2
