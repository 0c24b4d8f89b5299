"""管理人员 by Excel: new people, changes, and what a row is refused for."""

import pytest

from shiming.employment.models import Employment
from shiming.employment.tests.test_managers import register
from tests.cast import invented_id, phone_number
from tests.tables import commit, problems, tally, upload

pytestmark = pytest.mark.django_db
HEADS = ["姓名", "身份证号", "职务", "职称", "民族", "户口所在地", "现居住地址", "详细地址", "籍贯", "学历", "联系电话"]
WORK = ["安全员", "工程师", "汉族", "浙江杭州西湖", "上海市黄浦区", "滨江路 1 号", "浙江杭州", "本科"]


def line(serial: int, name: str, **changes) -> list[str]:
    cells = dict(zip(HEADS, [name, invented_id(serial), *WORK, phone_number(serial)], strict=True))
    return list((cells | changes).values())


@pytest.fixture
def clerk(cast):
    return cast.clerk


def test_table_registers_managers_and_the_same_again_changes_nothing(clerk):
    table = [HEADS, line(401, "钱管"), line(402, "孙管", 职务="质量员")]
    first = commit(upload("managers", clerk, *table), clerk)
    again = commit(upload("managers", clerk, *table), clerk)
    assert (tally(first), tally(again)) == ((2, 0, 0, []), (0, 0, 2, []))
    row = Employment.objects.get(duty="质量员")
    assert (row.kind, row.mode, row.status) == ("manager", "direct", "active")
    person = row.person
    assert (person.household_place, person.native_place) == ("浙江省杭州市西湖区", "浙江省杭州市")
    assert (person.residence.plain, row.contact_phone.plain) == ("上海市黄浦区", phone_number(402))


def test_registered_manager_is_changed_where_a_cell_is_filled(clerk):
    row = register(clerk, invented_id(403), "赵管")
    item = commit(
        upload("managers", clerk, ["姓名", "身份证号", "职称"], ["赵管", invented_id(403), "高级工程师"]), clerk
    )
    row.refresh_from_db()
    assert tally(item) == (0, 1, 0, [])
    assert (row.title, row.duty, row.person.native_place) == ("高级工程师", "安全员", "浙江省杭州市")


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"职务": ""}, "duty", "请填写：职务"),
        ({"户口所在地": "浙江杭州"}, "household_place", "下面还有一级"),
        ({"籍贯": "火星"}, "native_place", "没有“火星”这个行政区划"),
        ({"身份证号": "110101198503120011"}, "number", "身份证号码无效"),
        ({"联系电话": "12"}, "contact_phone", "手机号应为 11 位"),
    ],
)
def test_row_is_refused_at_its_cell(clerk, changes, column, said):
    item = upload("managers", clerk, HEADS, line(404, "李管", **changes))
    ((_, found),) = problems(item).items()
    assert said in found[column]


def test_people_of_other_companies_are_refused_without_a_name(cast, clerk):
    cast.employment(cast.person("周人"), cast.yuanda)
    item = upload("managers", clerk, HEADS, line(1, "周人", 身份证号=cast.person("周人").id_number.plain))
    ((_, found),) = problems(item).items()
    assert "未离职" in found["row"] and "远大" not in found["row"]


def test_company_without_such_a_project_imports_nobody(cast):
    item = upload("managers", cast.stranger_hr, HEADS, line(405, "吴管"))
    assert len(problems(item)) == 1
