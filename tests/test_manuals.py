"""docs/manuals.md is complete: every number has an existing test, and pages have the manuals' columns and fields."""

import re
from pathlib import Path

import pytest

from shiming.projects.models import ProjectPolicy
from tests.doors import client_of

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| (\d-\d\d) \|.*\|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
ROWS = {3: 24, 0: 24, 4: 31, 2: 21, 1: 24}
PROMISED = [f"{manual}-{number:02d}" for manual, last in ROWS.items() for number in range(1, last + 1)]


def rows() -> dict[str, list[tuple[str, str]]]:
    text = (ROOT / "docs" / "manuals.md").read_text()
    return {found[1]: TEST.findall(found[0]) for found in ROW.finditer(text)}


def test_every_number_of_the_manuals_has_a_row():
    assert list(rows()) == PROMISED


@pytest.mark.parametrize("number", PROMISED)
def test_row_names_existing_tests(number):
    named = rows()[number]
    assert named, f"{number} has no test"
    missing = [f"{path}::{name}" for path, name in named if not _exists(path, name)]
    assert missing == []


def _exists(path: str, name: str) -> bool:
    file = ROOT / path
    return file.exists() and re.search(rf"^def {name}\(", file.read_text(), re.MULTILINE) is not None


# The printed columns and fields of the manuals.


def under(cast, policy):
    assert cast.gc_pm and cast.specialist_pm and cast.labour_pm and cast.hr
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base=policy)


def heads(page: str) -> list[str]:
    return [
        re.sub(r"<[^>]+>", "", head).strip()
        for head in re.findall(r'<th[^>]*scope="col"[^>]*>(.*?)</th>', page, re.DOTALL)
    ]


FIRST = ["序号", "用人单位", "劳务队长", "姓名", "身份证", "性别"]
MIDDLE = ["从事主要工种", "文化程度", "联系电话", "进场日期"]
LISTS = [
    ("site_direct", "gc_pm", "/stays/desk/", [*FIRST, "所属劳务队", *MIDDLE, "提示", "操作"]),
    ("site_direct", "gc_pm", "/stays/desk/exits/", [*FIRST, "所属劳务队", *MIDDLE, "退场日期"]),
    ("site_direct", "gc_pm", "/stays/query/", [*FIRST, "所属劳务队长", *MIDDLE, "退场日期", "操作"]),
    (
        *("two_tier", "hr", "/employments/registrations/"),
        ["序号", "姓名", "身份证号", "联系电话", "工种", "班组", "状态", "操作"],
    ),
    (
        *("two_tier", "specialist_pm", "/assignments/acceptance/"),
        *(
            [
                [
                    "序号",
                    "所属单位",
                    "姓名",
                    "身份证号",
                    "性别",
                    "从事主要工种",
                    "班组",
                    "联系电话",
                    "分配日期",
                    "是否住宿在工地",
                    "操作",
                ]
            ]
        ),
    ),
]


@pytest.mark.parametrize(("policy", "who", "address", "columns"), LISTS, ids=[each[2] for each in LISTS])
def test_lists_have_columns_of_the_manual(cast, policy, who, address, columns):
    under(cast, policy)
    pending = cast.assignment(
        cast.employment(cast.person("李四"), team=cast.team()), status="pending", confirmed_at=None
    )
    stay = cast.stay()
    page = client_of(getattr(cast, who)).get(address).content.decode()
    assert heads(page) == columns
    for person in (pending.person, stay.person):
        assert person.id_number.plain not in page and person.phone.plain not in page


FIELDS = {
    "registration": [
        *(
            "用人单位",
            "是否劳务队长",
            "劳务队长",
            "非现场作业人员",
            "身份证号",
            "姓名",
            "手机号",
            "从事主要工种",
            "文化程度",
        ),
        "进场日期",
    ],
    "irregular": [
        *("身份证号", "姓名", "性别", "出生日期", "民族", "户籍地址", "签发机关", "有效期限自", "有效期限至"),
        *("用人单位", "是否劳务队长", "劳务队长", "非现场作业人员", "手机号", "文化程度", "从事主要工种", "进场日期"),
    ],
}


@pytest.mark.parametrize("name", FIELDS)
def test_entry_dialog_has_fields_of_the_manual(cast, name):
    under(cast, "site_direct")
    page = client_of(cast.gc_pm).get(f"/stays/desk/{name}/").content.decode()
    assert [label for label in FIELDS[name] if label not in _labels(page)] == []


def test_registration_has_fields_of_the_manual(cast):
    under(cast, "two_tier")
    wanted = [
        *("手机号", "文化程度", "政治面貌", "是否安全协管员", "从事主要工种", "证书类型", "是否班组长", "班组长"),
        *(
            "劳动合同生效日期",
            "劳动合同失效日期",
            "是否临时工",
            "工资卡开户行",
            "点工日工资(元/日)",
            "工资卡号",
            "身份证号",
        ),
    ]
    page = client_of(cast.hr).get("/employments/registrations/new/").content.decode()
    assert [label for label in wanted if label not in _labels(page)] == []
    assert all(button in page for button in ("保存并下一个", "取消", "实名登记（人员建档身份证读卡）"))


def test_general_contractor_of_three_tiers_has_two_pages(cast):
    under(cast, "two_tier")
    page = client_of(cast.gc_pm).get("/site/").content.decode()
    assert [label in page for label in ("用工查询", "进场人员确认", "进场登记")] == [True, True, False]


def test_contract_page_shows_its_numbers(cast):
    under(cast, "two_tier")
    page = client_of(cast.specialist_pm).get("/site/contract/").content.decode()
    wanted = ["合同信息报送编号", "标段号", "报建编号", "合同标段名称", "合同类别", "合同状态", "合同已报送"]
    assert [word for word in wanted if word not in page] == []


def test_logout_leads_to_the_login(cast):
    under(cast, "site_direct")
    browser = client_of(cast.gc_pm)
    browser.post("/logout/")
    assert browser.get("/stays/desk/").status_code == 302


def _labels(page: str) -> set[str]:
    found = re.findall(r"<label[^>]*>(.*?)</label>", page, re.DOTALL)
    return {re.sub(r"<[^>]+>|\s\*|\*", "", label).strip() for label in found}


def test_regulator_query_has_filters_of_the_manual(cast):
    cast.stay()
    page = client_of(cast.regulator()).get("/oversight/sites/").content.decode()
    form = page[page.index("data-filters") : page.index("</form>", page.index("data-filters"))]
    labels = [label.strip() for label in re.findall(r"<label[^>]*>([^<]+)", form)]
    assert labels[:4] == ["合同报送编号", "项目名称", "总包单位", "所在监督站"]
    assert '<option value="" selected>全部</option>' in form
    assert heads(page) == [
        *("合同报送编号", "报建编号", "项目名称", "总包单位", "总包单位类型", "用人单位", "预登记人"),
        *("用人人员（在场数/总数）", "操作"),
    ]
    assert "施工企业" in page
