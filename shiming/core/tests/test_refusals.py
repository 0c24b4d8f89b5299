"""A refusal holds a sentence, the responsible role and the next step; several can be raised together."""

import re

import pytest

from shiming.core.access import require
from shiming.core.errors import (
    Conflict,
    DomainError,
    Invalid,
    NoSpace,
    NotAllowed,
    Refused,
    RefusedAll,
    TooLarge,
    missing,
)
from shiming.core.refusals import REFUSALS, refusal
from shiming.projects import rules

BLANK = re.compile(r"{(\w+)}")


def blanks(code: str) -> set[str]:
    return set(BLANK.findall("".join(str(text) for text in REFUSALS[code][:3])))


@pytest.mark.parametrize("code", REFUSALS)
def test_every_blank_of_every_refusal_can_be_filled(code):
    given = {name: f"〔{name}〕" for name in blanks(code)}
    found = refusal(code, **given)
    printed = found.sentence + found.who + found.next_step

    assert found.code == code
    assert "{" not in printed
    assert all(value in printed for value in given.values())


@pytest.mark.parametrize("code", [code for code in REFUSALS if blanks(code)])
def test_missing_blank_raises_key_error(code):
    with pytest.raises(KeyError):
        refusal(code)


def test_unknown_code_raises_key_error():
    with pytest.raises(KeyError):
        refusal("R-99")


def test_refusal_as_dict_has_five_keys():
    assert refusal("R-68", count=3).as_dict() == {
        "code": "R-68",
        "sentence": "班组还有 3 人，不能撤销",
        "who": "用人单位",
        "next_step": "先把人员调整到其他班组",
        "icon": "users",
    }


def test_equal_refusals_compare_equal():
    assert len({refusal("R-44"), refusal("R-44"), refusal("R-68", count=1), refusal("R-68", count=2)}) == 3


ERRORS = [
    (Refused("R-44"), 422, ["R-44"], "请至少选择一人", None),
    (Refused("R-10", label="姓名", field="name"), 422, ["R-10"], "请填写：姓名", "name"),
    (missing("权限", "rights"), 422, ["R-10"], "请填写：权限", "rights"),
    (NotAllowed("总包项目经理"), 403, ["R-42"], "您没有此项权限，可联系：总包项目经理", None),
    (Conflict(), 409, ["R-43"], "内容已被他人更新，请刷新", None),
    (Conflict("班组已撤销"), 409, ["R-43"], "班组已撤销", None),
    (TooLarge(6_000_000), 413, ["R-73"], "内容太大，最多 6 MB", None),
    (NoSpace("R-76"), 507, ["R-76"], "服务器磁盘空间不足，暂不接收上传", None),
    (Invalid("没有这个账号", field="username"), 422, ["V-01"], "没有这个账号", "username"),
    (
        RefusedAll([refusal("R-48"), refusal("R-20")]),
        422,
        ["R-48", "R-20"],
        "项目未在建，不能办理进场；该人员尚未确认分配",
        None,
    ),
]


@pytest.mark.parametrize(("error", "status", "codes", "sentence", "field"), ERRORS)
def test_error_holds_status_codes_sentence_field(error, status, codes, sentence, field):
    assert (error.status, error.codes, str(error), error.field) == (status, codes, sentence, field)
    assert isinstance(error, DomainError)


def test_conflict_keeps_next_step_of_r_43():
    [item] = Conflict("班组已撤销").refusals
    assert (item.who, item.next_step) == ("填写人", "刷新后核对再保存")


def test_invalid_input_has_next_step():
    [usual], [special] = Invalid("日期不对").refusals, Invalid("游标无效", next_step="从第一页重新开始").refusals
    assert (usual.next_step, special.next_step) == ("核对后再保存", "从第一页重新开始")


def test_refusal_of_row_holds_its_key(cast):
    assert Refused("R-44").row is None
    assert Refused("R-44").about(cast.zhang).row == cast.zhang.pk


def test_require_passes_or_names_contact(cast):
    require(rules.may_lead_teams, cast.hr, cast.antai)
    with pytest.raises(NotAllowed) as refused:
        require(rules.may_lead_teams, cast.stranger_hr, cast.antai)
    assert str(refused.value) == "您没有此项权限，可联系：本企业法人或人事聘用管理员"


def test_rule_without_docstring_names_administrator(cast):
    with pytest.raises(NotAllowed) as refused:
        require(lambda actor: False, cast.hr)
    assert str(refused.value) == "您没有此项权限，可联系：系统管理员"
