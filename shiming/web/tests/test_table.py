"""Tables as pages print them: cells, kinds, actions, cards."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template, engines

from shiming.core.privacy import Secret
from shiming.web.paging import Page
from shiming.web.table import Action, Column, Empty, Select, Table, resolve


class Hire:
    """One row as a view would pass it."""

    def __init__(self, pk=1, status="active"):
        self.pk, self.status = pk, status
        self.person = SimpleNamespace(name="张三", id_number=Secret("119900199001010015"))
        self.company, self.on = None, datetime.date(2025, 3, 1)

    def get_status_display(self):
        return {"active": "在职", "ended": "离职"}[self.status]


COLUMNS = [
    Column("姓名", "person.name", href=lambda row: f"/hires/{row.pk}/"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("状态", "status", kind="state"),
    Column("用人单位", "company.name", nowrap=False),
    Column("日期", "on", kind="date"),
]


def shown(table):
    return Template("{% load shiming %}{% table table %}").render(Context({"table": table}))


def test_cell_shows_readable_text():
    row = next(Table(COLUMNS, [Hire()]).body)
    assert [cell.text for cell in row.cells] == ["张三", "119*****015", "在职", "—", "2025-03-01"]


def test_id_number_never_reaches_the_page():
    html = shown(Table(COLUMNS, [Hire()], caption="聘用关系"))
    assert "119*****015" in html and "119900199001010015" not in html


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "text", "—"),
        ("", "text", "—"),
        (0, "number", "0"),
        (12345, "number", "12,345"),
        (Decimal("1234.50"), "number", "1,234.50"),
        (True, "flag", "是"),
        (False, "flag", "否"),
        (None, "flag", "—"),
        (datetime.datetime(2025, 1, 31, 22, 5, tzinfo=datetime.UTC), "time", "2025-02-01 06:05"),
        (datetime.datetime(2025, 1, 31, 22, 5, tzinfo=datetime.UTC), "date", "2025-02-01"),
    ],
)
def test_how_each_kind_of_value_is_written(value, kind, text):
    assert Column("列", "value", kind=kind).text({"value": value}) == text


def test_path_follows_objects_keys_and_methods():
    row = {"person": SimpleNamespace(full=lambda: SimpleNamespace(name="张三"))}
    assert resolve(row, "person.full.name") == "张三"


def test_unknown_column_kind_raises():
    with pytest.raises(ValueError, match="unknown kind"):
        Column("列", "x", kind="colour")


def test_state_has_shape_and_word():
    html = shown(Table(COLUMNS, [Hire()]))
    assert 'class="pill pill--ok"' in html and "#circle-check" in html and "在职" in html


def test_unselectable_row_has_no_check_box():
    select = Select([Action("批量处理", "/batch/", "post")], may=lambda row: row.status == "active")
    html = shown(Table(COLUMNS, [Hire(1), Hire(2, "ended")], select=select))
    assert html.count('name="ids"') == 1 and 'aria-label="选择 张三"' in html
    assert 'formaction="/batch/"' in html and "R-44" in html


def test_row_actions_post_without_inner_form():
    html = shown(Table(COLUMNS, [Hire()], actions=lambda row: [Action("撤回", "/w/1/", "post", confirm="撤回？")]))
    html = " ".join(html.split())
    assert '<button class="act" form="list-action" formaction="/w/1/" data-confirm="撤回？">' in html


def test_empty_list_prints_the_next_step():
    html = shown(Table(COLUMNS, [], empty=Empty("还没有聘用任何人", "从姓名和证件号开始。", "新建聘用关系", "/new/")))
    assert "还没有聘用任何人" in html and 'href="/new/"' in html and "<table" not in html


def test_user_text_is_escaped():
    row = Hire()
    row.person.name = "<script>alert(1)</script>"
    html = shown(Table(COLUMNS, [row]))
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_every_cell_has_label_for_phone():
    html = shown(Table(COLUMNS, [Hire()]))
    assert [f'data-label="{column.label}"' in html for column in COLUMNS] == [True] * 5


def test_card_heading_is_the_linked_column():
    columns = [Column("单位", "company.name"), Column("姓名", "person.name", href=lambda row: "/1/")]
    cells = next(Table(columns, [Hire()]).body).cells
    assert ["is-nothing" in cell.classes for cell in cells] == [True, False]
    assert ["is-title" in cell.classes for cell in cells] == [False, True]


def test_card_heading_is_text_without_link():
    columns = [Column("次序", "pk", kind="number"), Column("姓名", "person.name")]
    assert [cell.title for cell in next(Table(columns, [Hire()]).body).cells] == [False, True]


def test_row_actions_render_with_lenient_templates(settings):
    plain = [{**settings.TEMPLATES[0], "OPTIONS": {**settings.TEMPLATES[0]["OPTIONS"], "string_if_invalid": ""}}]
    settings.TEMPLATES = plain
    table = Table(COLUMNS, [Hire()], actions=lambda row: [Action("撤回", "/w/1/", "post")])
    html = engines["django"].from_string("{% load shiming %}{% table table %}").render({"table": table})
    assert "操作" in html and "撤回" in html


@pytest.mark.parametrize(
    ("total", "next_url", "label", "count"),
    [
        (2, None, "", 2),
        (312, "?cursor=x", "选择全部 312 人", 312),
        (3000, "?cursor=x", "选择前 500 人（一次最多办理 500 人）", 500),
    ],
)
def test_choice_of_all_pages_names_how_many_one_batch_takes(total, next_url, label, count):
    page = Page(rows=[Hire()], size=20, first=1, total=total, total_is_capped=False, next_url=next_url)
    table = Table([Column("姓名", "name")], page, select=Select([], every=True))
    assert (table.every_label, table.every_count) == (label, count)
    assert Table([Column("姓名", "name")], page, select=Select([])).every_label == ""
