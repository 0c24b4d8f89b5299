"""The request bodies of the API. Empty texts pass: the commands refuse them in their own words."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime, ConfigDict

MOST = 500
Ids = Annotated[list[UUID], Field(max_length=MOST)]
Text = Annotated[str, Field(max_length=200)]
Typed = Text  # a number, name or phone before it is cleaned: address books paste more than it has


class Body(Schema):
    """An unknown field is refused: it is a mistake of the caller."""

    model_config = ConfigDict(extra="forbid")


class Identity(Body):
    number: Annotated[str, Field(max_length=200, description="身份证号，只在正文里")]
    name: Typed


class NewPerson(Identity):
    """2017 版外国人永久居留身份证和护照的号码里没有出生日期和性别，须一并给出。"""

    document_kind: Literal["", "resident", "foreigner", "hk_macau", "taiwan", "passport"] = Field(
        "", description="证件类型；空着按号码判断，号码全是数字的护照须写 passport"
    )
    birth_date: date | None = None
    sex: Literal["1", "2"] | None = None


class Search(Body):
    number: Typed


class Reason(Body):
    reason: Text = ""


class FeedDay(Body):
    day: date


class Answer(Body):
    agree: bool
    note: Text = ""


class Profile(Body):
    kind: Literal["worker", "manager"]
    version: int | None = Field(None, description="读到的版本；其间有人改过则不保存（R-43）")
    trade: str = ""
    certificate_type: str = ""
    is_leader: bool = False
    team_id: UUID | None = None
    is_safety_assistant: bool = False
    contract_start: date | None = None
    contract_end: date | None = None
    is_temporary: bool = False
    day_rate: Decimal | None = None
    bank: Annotated[str, Field(max_length=60)] = ""
    bank_card: Annotated[str, Field(max_length=30)] | None = None
    contact_phone: Typed | None = None
    duty: str = ""
    title: Annotated[str, Field(max_length=30)] = ""
    social_insurance: Annotated[str, Field(max_length=30)] = ""


class Proposal(Body):
    participation_id: UUID
    employment_ids: Ids
    role: str = "worker"
    team_id: UUID | None = None


class Assignments(Body):
    assignment_ids: Ids


class Acceptance(Assignments):
    lodges_on_site: bool | None = None


class Rejection(Assignments):
    note: Text = ""


class BindingEnd(Assignments):
    reason: Text = ""
    on: date | None = None


class Entry(Assignments):
    on: date | None = None


class Scan(Body):
    code: Annotated[str, Field(max_length=200, description="个人码或建设卡上的文字")]
    event_id: UUID
    at: AwareDatetime | None = Field(None, description="离线时扫码的时间")
    portrait_confirmed: bool = False


class Exit(Body):
    stay_ids: Ids
    on: date | None = None
    rating: Literal["", "excellent", "good", "fair", "poor"] = ""
    rating_note: Text = ""


class Punch(Body):
    """设备或别的系统记下的一次打卡；扫个人码的用 /attendance/scan。"""

    event_id: UUID
    person_id: UUID
    direction: Literal["in", "out"] | None = None
    method: Literal["face", "card", "kiosk_pin", "manual"] = "manual"
    occurred_at: AwareDatetime | None = None
    device: Annotated[str, Field(max_length=60)] = ""
    offline: bool = False
    place: Annotated[str, Field(max_length=60)] = ""


class Punches(Body):
    punches: Annotated[list[Punch], Field(max_length=MOST)]


class Decision(Body):
    approve: bool
    note: Text = ""


class CorrectionRequest(Body):
    person_id: UUID
    project_id: UUID
    day: date
    came_at: AwareDatetime | None = None
    left_at: AwareDatetime | None = None
    reason: Text = ""


class SitePunch(Body):
    code: Annotated[str, Field(max_length=200)]
    event_id: UUID
    occurred_at: datetime | None = None
