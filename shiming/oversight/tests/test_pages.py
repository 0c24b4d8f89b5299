"""The authority's pages and exports."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from shiming.core.models import AuditEntry
from shiming.health.tests.cases import gate, preregister
from shiming.oversight import commands
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cast):
    cast.stay()
    cast.filing(cast.gc_place, "王总包")
    return client_of(cast.regulator())


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_pages_lead_from_station_to_person(cast, browser):
    assert "东区监督站" in text(browser.get("/oversight/"))
    sites = text(browser.get("/oversight/sites/"))
    assert all(
        label in sites for label in ("合同报送编号", "报建编号", "总包单位类型", "预登记人", "在场数/总数", "1/1")
    )
    firms = text(browser.get(f"/oversight/sites/{cast.binjiang.pk}/"))
    assert "安泰劳务" in firms and "恒立幕墙" in firms
    people = text(browser.get(f"/oversight/places/{cast.labour_place.pk}/"))
    assert "张三" in people and str(cast.zhang.id_number) in people
    assert cast.zhang.id_number.plain not in people
    assert cast.zhang.id_number.plain not in text(browser.get(f"/people/{cast.zhang.pk}/"))


def test_past_day_stays_in_the_links(cast, browser):
    page = text(browser.get("/oversight/sites/?on=2026-01-05"))
    assert f"/oversight/sites/{cast.binjiang.pk}/?on=2026-01-05" in page and "0/0" in page
    assert 'value="2026-01-05"' in page


def test_person_of_past_moment_is_masked(cast, browser):
    day = timezone.localdate() - timedelta(days=3)
    people = text(browser.get(f"/oversight/places/{cast.labour_place.pk}/?on={day}&hour=08:30"))
    address = f"/oversight/people/{cast.zhang.pk}/?on={day}&amp;hour=08%3A30"
    assert address in people
    page = text(browser.get(address.replace("&amp;", "&")))
    assert f"截至 {day} 08:30" in page and "滨江一期" in page and str(cast.zhang.id_number) in page
    assert cast.zhang.id_number.plain not in page


def test_wrong_hour_is_now(cast, browser):
    assert "截至此刻" in text(browser.get("/oversight/sites/?hour=25:99"))


def test_exported_file_is_masked_and_recorded(cast, browser):
    answer = export(browser, f"/oversight/places/{cast.labour_place.pk}/")
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "张三" in cells and str(cast.zhang.id_number) in cells
    assert cast.zhang.id_number.plain not in "".join(cells)
    assert "钱监督导出安泰劳务用人人员" in str(AuditEntry.objects.latest("id"))


def test_site_list_is_exported(cast, browser):
    answer = export(browser, "/oversight/sites/")
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    assert [cell.value for cell in sheet[2]][2:4] == ["滨江一期", "宏基总包"]


def test_another_station_finds_nothing(cast, browser):
    stranger = client_of(cast.regulator("远监督", "西区监督站"))
    assert "滨江一期" not in text(stranger.get("/oversight/sites/"))
    for address in (
        f"/oversight/sites/{cast.binjiang.pk}/",
        f"/oversight/places/{cast.labour_place.pk}/",
        f"/oversight/people/{cast.zhang.pk}/",
        f"/oversight/troubles/{cast.binjiang.pk}/",
    ):
        assert stranger.get(address).status_code == 404


def test_troubles_show_names_and_days(cast, browser):
    assert "还没有核对过" in text(browser.get("/oversight/troubles/"))
    commands.count_troubles()
    listed = text(browser.get("/oversight/troubles/"))
    assert "滨江一期" in listed and "在场无考勤 1" in listed and "每五分钟核对一次" in listed
    page = text(browser.get(f"/oversight/troubles/{cast.binjiang.pk}/"))
    assert "疑似漏办退场" in page and "张三" in page


def test_future_day_is_said_in_words(cast, browser):
    later = timezone.localdate() + timedelta(days=30)
    pages = ("/oversight/sites/", f"/oversight/sites/{cast.binjiang.pk}/", f"/oversight/people/{cast.zhang.pk}/")
    for page in pages:
        assert f"{later} 还没有到" in text(browser.get(f"{page}?on={later}"))
        assert "还没有到" not in text(browser.get(page))


def test_preregistered_people_open_from_the_figure_masked(cast, browser):
    assert "/announced/" not in text(browser.get("/oversight/sites/"))
    preregister(gated(cast), cast.zhang)
    address = f"/oversight/sites/{cast.binjiang.pk}/announced/"
    assert f'href="{address}"' in text(browser.get("/oversight/sites/"))
    page = text(browser.get(address))
    assert "预登记人 1" in page and "建筑工人 1，管理人员 0，家属 0" in page and "张三" in page
    assert cast.zhang.id_number.plain not in page
    assert "没有符合条件的预登记人" in text(browser.get(f"{address}?kind=family"))


def gated(cast):
    gate(cast)
    return cast
