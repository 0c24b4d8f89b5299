"""The three ledgers: visibility, page numbers and masked numbers."""

import json
import re
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from django.utils import timezone
from PIL import Image

from shiming.attendance import commands as attendance
from shiming.core import sandbox
from shiming.core.ids import uuid7
from shiming.core.models import AuditEntry
from shiming.ledgers import papers
from shiming.web import press
from tests.doors import client_of


def on_site(cast, count: int = 1):
    for number in range(count):
        person = cast.person(f"工人{number:03d}")
        cast.stay(cast.assignment(cast.employment(person, team=cast.team())))


def pages_of(pdf: bytes) -> int:
    return int(re.search(rb"/Type/Pages/Count (\d+)", pdf)[1])


def cells(paper: dict) -> list[dict]:
    return [dict(zip([column["label"] for column in paper["columns"]], row, strict=True)) for row in paper["rows"]]


def test_roster_lists_confirmed_people_masked(cast):
    stay = cast.stay(cast.assignment(cast.employment(team=cast.team())))
    [row] = cells(papers.roster(cast.gc_pm, project=cast.binjiang))

    assert (row["姓名"], row["岗位工种"], row["班组"], row["所属单位"]) == ("张三", "钢筋工", "王班组", "安泰劳务")
    assert (row["身份证号"], row["进场日期"], row["状态"]) == (str(cast.zhang.id_number), str(stay.entered_on), "在场")
    assert "*****" in row["身份证号"] and "*****" in row["联系电话"] and row["本人签字"] == ""
    assert cells(papers.roster(cast.gc_pm, project=cast.binjiang, state="off_site")) == []


def test_firm_prints_only_its_own_employees(cast):
    cast.employment(team=cast.team())
    cast.employment(cast.person("别家的人"), cast.yuanda)
    paper = papers.roster(cast.hr)

    assert [row["姓名"] for row in cells(paper)] == ["张三"]
    assert (paper["title"], paper["subject"], paper["head"][0]) == (
        "在职人员花名册",
        "安泰劳务",
        ("单位名称", "安泰劳务"),
    )
    assert papers.roster(cast.stranger_hr, project=cast.binjiang)["rows"] == []


def test_entries_show_days_and_rating_of_period(cast):
    today = timezone.localdate()
    left = timezone.now() - timedelta(days=5)
    gone = cast.assignment(cast.employment(cast.person("走了的")), status="ended")
    given = {"entered_on": today - timedelta(days=9), "exited_on": today - timedelta(days=5), "exited_at": left}
    cast.stay(gone, rating="good", auto=True, **given)
    on_site(cast)
    paper = papers.entries(cast.gc_pm, project=cast.binjiang, first=today - timedelta(days=7), last=today)

    rows = {row["姓名"]: row for row in cells(paper)}
    assert (rows["走了的"]["天数"], rows["走了的"]["评价"], rows["走了的"]["备注"]) == ("5", "良", "自动退场")
    assert rows["工人000"]["退场日期"] == "在场"
    later = papers.entries(cast.gc_pm, project=cast.binjiang, first=today - timedelta(days=1), last=today)
    assert [row["姓名"] for row in cells(later)] == ["工人000"]


def test_attendance_sheet_counts_only_whole_days(cast):
    on_site(cast)
    person = cast.person("工人000")
    day = (timezone.localtime() - timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
    for hours, direction in ((0, "in"), (9.5, "out")):
        attendance.punch(
            person.pk,
            cast.binjiang.pk,
            event_id=uuid7(),
            occurred_at=day + timedelta(hours=hours),
            direction=direction,
            method="worker_code",
            by=cast.gc_pm,
        )
    [row] = cells(papers.attendance(cast.gc_pm, project=cast.binjiang, month=day.date()))

    assert (row[str(day.day)], row["天数"], row["工时"]) == ("9.5", "1", "9.5")
    assert len([label for label in row if label.isdigit()]) in (28, 29, 30, 31)


@pytest.mark.parametrize("count", [0, 1, 60])
def test_paper_is_set_page_by_page(cast, count):
    on_site(cast, min(count, 1))
    paper = papers.roster(cast.gc_pm, project=cast.binjiang)
    paper["rows"] = paper["rows"] * count
    pdf = press.print_pdf(papers.LEDGER, paper)

    assert pdf.startswith(b"%PDF") and pages_of(pdf) == (1 if count < 2 else 3)


@pytest.mark.parametrize("count", range(21, 29))
def test_signatures_share_page_with_last_rows(cast, count):
    on_site(cast, 1)
    paper = papers.roster(cast.gc_pm, project=cast.binjiang)
    paper["rows"] = paper["rows"] * count
    _, second = press.compose(papers.LEDGER, paper, format="png", ppi=100)

    above_and_below = ["heading", "head", "boxes", "foot"]
    assert lines_of_ink(second) >= len(above_and_below) + 3


def lines_of_ink(page: bytes) -> int:
    """The number of printed marks down the column of 序号."""
    picture = Image.open(BytesIO(page)).convert("L")
    column = picture.crop((60, 0, 80, picture.height))
    dark = [column.crop((0, y, column.width, y + 1)).getextrema()[0] < 150 for y in range(column.height)]
    return sum(now and not before for before, now in pairwise([False, *dark]))


def test_typed_markup_is_printed_as_text(cast):
    cast.employment(cast.person('#read("/etc/passwd")*_`'))
    assert press.print_pdf(papers.LEDGER, papers.roster(cast.hr)).startswith(b"%PDF")


def test_slow_paper_is_refused_in_words(cast, monkeypatch):
    monkeypatch.setattr(press, "WALL_SECONDS", 0.01)
    answer = client_of(cast.gc_pm).post("/ledgers/roster/", {"roster-state": ""})
    assert answer.status_code == 422 and "没有排出来" in answer.content.decode()
    assert not AuditEntry.objects.filter(event="data.exported").exists()


def test_printed_pdf_is_recorded_in_the_trail(cast):
    on_site(cast)
    clerk = client_of(cast.gc_pm)
    assert "打印台账" in clerk.get("/ledgers/").content.decode()
    month = f"{timezone.localdate():%Y-%m}"
    for kind, asked in (
        ("roster", {"roster-state": ""}),
        ("entries", {"entries-first": f"{month}-01", "entries-last": str(timezone.localdate())}),
        ("attendance", {"attendance-month": month}),
    ):
        answer = clerk.post(f"/ledgers/{kind}/", asked)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), kind
        assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "private, no-store"
    exported = [str(entry) for entry in AuditEntry.objects.filter(event="data.exported")]
    assert exported == ["王总包导出施工现场人员花名册 1 行", "王总包导出人员进退场台账 1 行", "王总包导出考勤表 1 行"]


def test_foreign_site_and_wrong_dates_are_refused(cast):
    assert cast.labour_place and cast.stranger_place
    clerk = client_of(cast.hr)
    wrong = {"entries-project": str(cast.chengdong.pk), "entries-first": "2026-02-01", "entries-last": "2026-01-01"}
    answer = clerk.post("/ledgers/entries/", wrong)
    assert answer.status_code == 422 and "“至”早于“自”" in answer.content.decode()
    assert clerk.post("/ledgers/nothing/", {}).status_code == 404
    assert client_of(cast.himself()).get("/ledgers/").status_code == 403


def test_press_gets_no_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert "secret" not in json.dumps(sandbox.environment())
