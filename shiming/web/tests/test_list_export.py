"""每个列表都能整份带走：与页面同样的行、同样的掩码、同样的次序，痕迹里有一行。"""

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from shiming.core.models import AuditEntry
from shiming.web import paging
from shiming.web.menu import groups_for
from tests.doors import client_of


def taken(actor, address: str, table: str = "list"):
    return client_of(actor).post("/lists/file/", {"list": address, "table": table})


def lines(answer) -> list[list]:
    content = b"".join(answer.streaming_content)
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]


def test_a_list_without_an_export_of_its_own_is_taken_along_as_shown_page_after_page(cast, monkeypatch):
    monkeypatch.setattr(paging, "WHOLE", 2)
    for name in ("一班", "二班", "三班", "四班", "五班"):
        cast.team(name)
    answer = taken(cast.hr, "/teams/?size=10")
    rows = lines(answer)

    assert (answer.status_code, rows[0][0]) == (200, "班组名称") or "班组" in rows[0][0]
    assert sorted(row[0] for row in rows[1:6]) == ["一班", "三班", "二班", "五班", "四班"]
    assert rows[-1][0] == "安泰劳务 陈人事 导出"
    assert str(AuditEntry.objects.get(event="data.exported")) == "陈人事导出班组 5 行"


def test_the_same_list_as_csv_for_another_program(cast):
    cast.team("=1+1"), cast.team("二班")
    answer = client_of(cast.hr).post("/lists/file/", {"list": "/teams/", "table": "list", "as": "csv"})
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert answer["Content-Type"] == "text/csv; charset=utf-8" and answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].endswith("%E7%8F%AD%E7%BB%84.csv")
    assert sorted(row[0] for row in rows[1:3]) == ["'=1+1", "二班"] and rows[3] == ["安泰劳务 陈人事 导出"]
    assert str(AuditEntry.objects.get(event="data.exported")) == "陈人事导出班组 2 行"


def test_filters_of_the_page_also_the_sealed_ones_hold_in_the_file(cast):
    cast.team("一班"), cast.team("二班")
    sealed = client_of(cast.hr).post("/_filters/", {"next": "/teams/", "name": "二班"})["Location"]
    assert "二班" not in sealed and [row[0] for row in lines(taken(cast.hr, sealed))[1:2]] == ["二班"]


def test_numbers_are_masked_in_the_file_as_on_the_page(cast):
    cast.stay(cast.assignment(cast.employment(team=cast.team())))
    rows = lines(taken(cast.gc_pm, "/stays/leaving/"))
    printed = " ".join(str(value) for row in rows for value in row)

    assert "张三" in printed and str(cast.zhang.id_number) in printed
    assert cast.zhang.id_number.plain not in printed and cast.zhang.phone.plain not in printed


@pytest.mark.parametrize(
    "address", ["/no-such-list/", "/healthz", "/lists/file/", "https://example.invalid/teams/x", ""]
)
def test_what_is_no_list_of_ours_is_not_there(cast, address):
    assert taken(cast.hr, address).status_code == 404
    assert not AuditEntry.objects.filter(event="data.exported").exists()


def test_nobody_takes_along_what_he_may_not_open(cast):
    cast.team("一班")
    assert taken(cast.gc_pm, "/companies/").status_code == 403
    assert taken(cast.hr, f"/projects/{cast.stranger_place.project_id}/").status_code == 404
    assert client_of(cast.himself()).post("/lists/file/", {"list": "/teams/"}).status_code == 403
    assert client_of(cast.hr).get("/lists/file/").status_code == 405


def test_every_list_page_offers_to_take_it_along(cast):
    """Walk through the pages of the menu: where a pager stands, there stands the button."""
    cast.stay(cast.assignment(cast.employment(team=cast.team())))
    missing = []
    for actor in (cast.hr, cast.gc_pm, cast.admin, cast.regulator()):
        browser = client_of(actor)
        for item in (item for group in groups_for(actor, "") for item in group.items):
            page = browser.get(item.url, follow=True).content.decode()
            if 'class="pager"' in page and "导出 Excel</button>" not in page:
                missing.append(f"{actor.role} {item.url}")
    assert missing == []


def test_the_month_sheet_is_taken_along_with_every_day(cast):
    cast.stay(cast.assignment(cast.employment(team=cast.team())))
    head, first = lines(taken(cast.hr, "/attendance/month/", "month"))[:2]
    assert (head[:5], first[0], first[-2:]) == (["姓名", "单位", "班组", "1", "2"], "张三", [0, 0])


def test_the_button_leads_to_the_file_of_this_very_page(cast):
    cast.team("一班")
    page = client_of(cast.hr).get("/teams/?size=10").content.decode()
    assert f'action="{reverse("list-file")}"' in page and 'name="list" value="/teams/?size=10"' in page


def test_a_list_with_a_file_of_its_own_has_the_button_at_the_same_place(cast):
    cast.employment()
    page = client_of(cast.hr).get("/employments/?sort=invited").content.decode()
    assert f'<form id="list-file" method="post" action="{reverse("employment-export")}?sort=invited"' in page
    assert page.count("导出 Excel</button>") == 1
