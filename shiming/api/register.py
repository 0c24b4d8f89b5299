"""The bodies of 管理人员登记 and 新增作业人员 [004] 4-05 … 4-11, 4-24, checked by the forms of the pages.

Every field may be missing here: the form names the empty ones by the label on the page, all at once (R-10).
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from django import forms
from ninja import Field

from shiming.api.bodies import Body, Identity
from shiming.binding.forms import WorkerForm
from shiming.core.errors import DomainError, RefusedAll
from shiming.core.refusals import Refusal, refusal
from shiming.employment.long_form import LAYOUTS, LongForm
from shiming.employment.manager_forms import ManagerForm
from shiming.people.items import BLOCKS, MOST

Short = Annotated[str, Field(max_length=30)]
Long = Annotated[str, Field(max_length=100)]
Note = Annotated[str, Field(max_length=200)]
Rows = Field(default_factory=list, max_length=MOST)


class School(Body):
    school: Long = ""
    started_on: date | None = None
    finished_on: date | None = None
    major: Long = ""
    graduated: bool | None = None


class Contact(Body):
    relation: Short = ""
    name: Long = ""
    phone: Note = ""


class Training(Body):
    institution: Long = ""
    course: Long = ""
    taken_on: date | None = None
    result: Short = ""


class Skill(Body):
    name: Long = ""
    level: Short = ""
    issuer: Long = ""
    obtained_on: date | None = None
    note: Note = ""


class Credential(Body):
    number: Long = ""
    name: Long = ""
    issuer: Long = ""
    valid_until: date | None = None
    note: Note = ""


class Award(Body):
    name: Long = ""
    issuer: Long = ""
    awarded_on: date | None = None
    note: Note = ""


class Described(Identity):
    """两张登记表共有的。字典项与行政区划用系统里的名称。"""

    former_name: Long = ""
    duty: Short = Field("", description="职务")
    ethnicity: Short = Field("", description="民族")
    political_status: Short = Field("", description="政治面貌")
    household_type: Short = Field("", description="户口类型")
    household_place: Long = Field("", description="户口所在地")
    residence: Long = Field("", description="现居住地址")
    residence_detail: Long = Field("", description="现居住地详细地址")
    native_place: Long = Field("", description="籍贯")
    contact_phone: Short = Field("", description="联系电话")
    schools: list[School] = Rows
    contacts: list[Contact] = Rows
    training: list[Training] = Rows
    skills: list[Skill] = Rows
    awards: list[Award] = Rows


class Manager(Described):
    """管理人员登记：基本信息与六个可增减的部分。"""

    title: Short = Field("", description="职称")
    social_insurance: Short = Field("", description="社保情况")
    marital_status: Short = Field("", description="婚姻状况")
    education: Short = Field("", description="最高学历")
    education_type: Short = Field("", description="学历类型")
    degree: Short = Field("", description="最高学位")
    credentials: list[Credential] = Rows


class Worker(Described):
    """现场作业人员与五个可增减的部分；性别、出生日期可以不给，给了须与号码一致。"""

    trade: Short = Field("", description="工种")
    sex: Literal["", "1", "2"] = Field("", description="1 男，2 女")
    birth_date: date | None = None


def manager_given(body: Manager) -> dict:
    """What `register_manager` takes beside the number."""
    return _given(ManagerForm, body)


def worker_given(body: Worker) -> dict:
    """What `add_worker` takes beside the number."""
    return _given(WorkerForm, body) | {"sex": body.sex, "birth_date": body.birth_date}


def _given(form: type[LongForm], body: Described) -> dict:
    """What was sent, as the form of the page cleans it; every refusal at once."""
    typed = {name: [_cell(value)] for name, value in body.dict(exclude={"number", *BLOCKS}).items()}
    for code in LAYOUTS[form.kind].blocks:
        rows = getattr(body, code)
        typed[code] = [str(place) for place, _ in enumerate(rows)]
        for place, row in enumerate(rows):
            typed |= {f"{code}-{place}-{name}": [_cell(value)] for name, value in row.dict().items()}
    checked = form(typed=typed, bound=True)
    if not checked.is_valid():
        _refuse([*_errors(checked), *(error for block in checked.blocks for error in _block_errors(block))])
    return checked.given


def _cell(value) -> str:
    """As a browser sends it."""
    return "" if value is None else str(value)


def _block_errors(block) -> Iterator[tuple[str, Refusal]]:
    for place, row in enumerate(block.rows):
        if not row.is_blank:
            yield from _errors(row, f"{block.code}.{place}.", f"{block.label}第 {place + 1} 条·")


def _errors(form: forms.BaseForm, path: str = "", label: str = "") -> Iterator[tuple[str, Refusal]]:
    """(field, refusal) of every error; one that a rule raised keeps its number."""
    for name, errors in form.errors.as_data().items():
        shown = f"{label}{form.fields[name].label}"
        for error in errors:
            if isinstance(error.__cause__, DomainError):
                yield from ((path + name, item) for item in error.__cause__.refusals)
            elif error.code == "required":
                yield path + name, refusal("R-10", label=shown)
            else:
                yield path + name, refusal("A-05", label=f"{shown}（{path}{name}）", problem="；".join(error.messages))


def _refuse(found: list[tuple[str, Refusal]]) -> None:
    raise RefusedAll([item for _, item in found], field=found[0][0])
