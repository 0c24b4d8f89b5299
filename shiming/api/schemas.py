"""The response schemas of the API: ids, labels, dates, and personal values only in masked form."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from ninja import Field, Schema
from pydantic import BeforeValidator

from shiming.assignment import positions
from shiming.employment.bindings import AuditState

T = TypeVar("T")
# str() of a Secret is masked, so no plain value leaves through these types.
Masked = Annotated[str, BeforeValidator(str)]
MaskedOrNone = Annotated[str | None, BeforeValidator(lambda value: str(value) if value else None)]
NO = frozenset({401, 403, 404, 409, 422, 429})


class RefusalOut(Schema):
    code: str
    sentence: str
    who: str
    next_step: str


class Problem(Schema):
    title: str
    status: int
    code: str
    refusals: list[RefusalOut]
    field: str | None = None


def answers(schema, status: int = 200) -> dict:
    """The `response` argument of an operation: its schema, and Problem for every refusal."""
    return {status: schema, NO: Problem}


class Listed(Schema, Generic[T]):
    items: list[T]
    next: str | None = Field(None, description="下一页的 cursor；没有即到底")
    total: int
    total_is_capped: bool = Field(description="总数超过一万，只数到一万")


class RefusedRow(Schema):
    id: UUID
    label: str
    refusals: list[RefusalOut]


class Batch(Schema, Generic[T]):
    done: list[T]
    refused: list[RefusedRow]


class Named(Schema):
    id: UUID
    name: str


class PersonRef(Schema):
    id: UUID
    name: str
    id_number: Masked


class PersonOut(PersonRef):
    document_kind: str
    phone: MaskedOrNone
    identity_status: str
    identity_status_label: str = Field(alias="get_identity_status_display")
    submitted_on: date | None
    verified_at: datetime | None


class WorkHistoryOut(Schema):
    """工作经历的一行；其他单位写作“其他单位”，本人同意显示名称的除外。"""

    project_code: str
    project: str
    company: str
    position: str
    price: Decimal | None = Field(description="中标价，没有即项目投资；万元")
    area: Decimal | None = Field(description="平方米")
    started_on: date | None
    finished_on: date | None
    minutes: int | None = Field(description="累计工时，分钟；没有考勤的为空")


class Registered(PersonRef):
    """Only the typed values and the state of the identity; also for a person outside the caller's scope."""

    identity_status: str
    identity_status_label: str = Field(alias="get_identity_status_display")


class EmploymentOut(Schema):
    id: UUID
    version: int
    status: str
    status_label: str = Field(alias="get_status_display")
    person: PersonRef
    company: Named
    kind: str
    profile_completed: bool
    trade: str
    duty: str
    is_leader: bool
    team: Named | None
    contract_start: date | None
    contract_end: date | None
    invited_at: datetime | None
    expires_on: date | None
    started_at: datetime | None
    ended_at: datetime | None
    leave_requested_at: datetime | None
    leave_due_on: date | None
    leave_overdue: bool
    waits: str = Field("", description="在等什么（待建档时是 M-01 的进度）")


class TransferOut(Schema):
    """转出：原单位是谁，接口同样不说。"""

    id: UUID
    status: str
    status_label: str = Field(alias="get_status_display")
    person: PersonRef
    created_at: datetime
    due_on: date | None
    overdue: bool
    note: str


class PlaceOut(Schema):
    id: UUID
    kind: str
    kind_label: str = Field(alias="get_kind_display")
    company: Named
    parent_id: UUID | None


class AssignmentOut(Schema):
    id: UUID
    version: int
    status: str
    status_label: str = Field(alias="get_status_display")
    role: str
    person: PersonRef
    employment_id: UUID
    project: Named
    participation: PlaceOut
    team: Named | None
    trade: str
    allocated_on: date
    confirmed_at: datetime | None
    lodges_on_site: bool | None
    decision_note: str


class BindingPlaceOut(Schema):
    """本单位在一个项目的位置，与其上的两个人数。"""

    id: UUID
    project: Named
    filing_code: str = Field(alias="project.filing_code")
    project_status: str = Field(alias="project.status")
    kind: str
    kind_label: str = Field(alias="get_kind_display")
    managers: int
    workers: int


class BindingOut(Schema):
    """一份绑定。是否人脸认证：是、否，或人工核验。"""

    id: UUID
    version: int
    status: str
    status_label: str
    role: str
    role_label: str
    person: PersonRef
    employment_id: UUID
    project: Named
    company: Named = Field(alias="participation.company")
    trade: str
    origin: str
    face: str = Field(alias="person.face_answer")
    submitted_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    decision_note: str
    lacks: list[RefusalOut] = Field([], description="名单里：提交时会被拒绝的原因")

    @staticmethod
    def resolve_status_label(row) -> str:
        return AuditState(row.status).label

    @staticmethod
    def resolve_role_label(row) -> str:
        return positions.label(row.role)


class FiledManagerOut(Schema):
    """合同报送的一名管理人员，或已绑定而不再报送的。"""

    name: str
    id_number: Masked
    position: str
    position_label: str
    filed: bool
    binding_id: UUID | None
    status: str
    face: str
    lacks: list[RefusalOut]

    @staticmethod
    def resolve_filed(row) -> bool:
        return row.filed is not None

    @staticmethod
    def resolve_binding_id(row) -> UUID | None:
        return row.pk or None

    @staticmethod
    def resolve_status(row) -> str:
        return str(getattr(row.word, "value", ""))

    @staticmethod
    def resolve_lacks(row) -> list[dict]:
        return [item.as_dict() for item in row.lacks]


class SyncOut(Schema):
    changed: bool


class AuditProjectOut(Schema):
    """一个项目与四个人数；每个数就是名单的行数。"""

    id: UUID
    filing_code: str
    name: str
    status: str
    status_label: str = Field(alias="get_status_display")
    drafts: int = Field(description="待提交人员")
    pending: int = Field(description="实施单位待审核人员")
    rejected: int = Field(description="审核不通过人员")
    accepted: int = Field(description="审核通过人员")

    @staticmethod
    def resolve_drafts(project) -> int:
        return project.counts[AuditState.DRAFT]

    @staticmethod
    def resolve_pending(project) -> int:
        return project.counts[AuditState.PENDING]

    @staticmethod
    def resolve_rejected(project) -> int:
        return project.counts[AuditState.REJECTED]

    @staticmethod
    def resolve_accepted(project) -> int:
        return project.counts[AuditState.ACCEPTED]


class StayOut(Schema):
    id: UUID
    assignment_id: UUID
    person: PersonRef
    project: Named
    entered_on: date
    entered_at: datetime
    method: str
    exited_on: date | None
    exited_at: datetime | None
    auto: bool


class VerdictOut(Schema):
    """闸口的答复：`ok` 放行，`warn` 再看一眼，`stop` 不放行。"""

    tone: str
    title: str
    name: str
    note: str
    stay_id: UUID | None
    repeated: bool
    asks_portrait: bool
    at: datetime | None = Field(None, description="打卡的时间；`repeated` 为真时是第一次的时间")
    refusals: list[RefusalOut]
    warnings: list[RefusalOut]


class EligibilityOut(Schema):
    may_enter: bool
    refusals: list[RefusalOut]


class PunchOut(Schema):
    event_id: UUID
    person_id: UUID
    occurred_at: datetime
    received_at: datetime
    direction: str
    method: str
    repeated: bool = False
    refusals: list[RefusalOut] = Field([], description="已记下，但本人不能在场的原因（如防疫处置）")


class PunchRow(Schema):
    """一行的结果：记下了，或为什么没有记下；`kept` 为真而有 `refusals` 的，记下了但本人不能在场。"""

    event_id: UUID
    kept: bool
    repeated: bool = False
    direction: str = ""
    refusals: list[RefusalOut] = []


class PunchRows(Schema):
    rows: list[PunchRow]


class DayOut(Schema):
    day: date
    project_id: UUID
    status: str
    status_label: str = Field(alias="get_status_display")
    first_in: datetime | None
    last_out: datetime | None
    minutes: int | None


class CorrectionOut(Schema):
    id: UUID
    person: PersonRef
    project: Named
    day: date
    came_at: datetime | None
    left_at: datetime | None
    reason: str
    status: str
    status_label: str = Field(alias="get_status_display")
    decided_at: datetime | None
    decision_note: str


class ProjectOut(Schema):
    id: UUID
    filing_code: str
    name: str
    status: str
    status_label: str = Field(alias="get_status_display")
    on_site: int


class ProjectDetail(ProjectOut):
    address: str
    participations: list[PlaceOut]


class ContractOut(Schema):
    id: UUID
    number: str
    section_no: str
    name: str
    status: str
    status_label: str = Field(alias="get_status_display")
    participation_id: UUID
    filed_on: date | None
    pm: str = Field(alias="pm.name")


class TeamOut(Schema):
    id: UUID
    name: str
    trade: str
    leader: str | None = Field(None, alias="leader.name")
    people: int


class FeedPerson(Schema):
    """Whole numbers: the receiver must know who came. Each family member stands with their person."""

    name: str
    id_number: str = Field(description="不加掩码")
    phone: str
    origin: str = Field(description="出发地")
    address: str = Field(description="居住地址")
    registered_on: date


class FeedWorker(FeedPerson):
    employer: str
    family: list[FeedPerson] = Field(description="当天登记的家属")


class FeedSite(Schema):
    name: str
    filing_code: str
    address: str


class FeedDocument(Schema):
    day: date
    receiver: str
    basis: str
    project: FeedSite
    people: list[FeedWorker]


class FeedOut(Schema):
    document: FeedDocument
    signature: dict = Field(description="每日文件的签名：sha256 是文件的摘要，Ed25519")
