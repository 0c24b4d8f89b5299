"""The acting user: one person in one role, over one scope, through one door."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Door(StrEnum):
    COMPANY = "company"
    SITE = "site"
    PERSON = "person"
    OVERSIGHT = "oversight"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return DOOR_LABELS[self]


class Role(StrEnum):
    LEGAL_REP = "legal_rep"
    HR_OFFICER = "hr_officer"
    PM = "pm"
    SITE_OPERATOR = "site_operator"
    SUPERVISION_PM = "supervision_pm"
    IMPLEMENTER = "implementer"
    PARTICIPANT_CLERK = "participant_clerk"
    REGULATOR = "regulator_user"
    PERSON = "person_user"
    SYS_ADMIN = "sys_admin"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


class Right(StrEnum):
    """What a PM may hand to an operator (domain.md §2, site_operator)."""

    IDENTITY = "identity"
    CONFIRM = "confirm"
    ENTRY = "entry"
    EXIT = "exit"
    ATTENDANCE = "attendance"
    PREREGISTER = "preregister"
    HEALTH = "health"


COMPANY_ROLES = (Role.LEGAL_REP, Role.HR_OFFICER)
# Those who keep a company's people.
KEEPERS = (*COMPANY_ROLES, Role.PARTICIPANT_CLERK)
SITE_ROLES = (Role.PM, Role.SITE_OPERATOR)

DOOR_LABELS = {
    Door.COMPANY: "企业端",
    Door.SITE: "工地端",
    Door.PERSON: "个人端",
    Door.OVERSIGHT: "监督端",
    Door.ADMIN: "系统管理",
}

ROLE_LABELS = {
    Role.LEGAL_REP: "法人/证书持有人",
    Role.HR_OFFICER: "人事聘用管理员",
    Role.PM: "项目经理",
    Role.SITE_OPERATOR: "现场操作用户",
    Role.SUPERVISION_PM: "监理项目负责人",
    Role.IMPLEMENTER: "实施单位审核员",
    Role.PARTICIPANT_CLERK: "参建单位经办",
    Role.REGULATOR: "监督人员",
    Role.PERSON: "本人",
    Role.SYS_ADMIN: "系统管理员",
    Role.SYSTEM: "系统",
}

RIGHT_LABELS = {
    Right.IDENTITY: "实名登记",
    Right.CONFIRM: "分配确认",
    Right.ENTRY: "进场",
    Right.EXIT: "退场",
    Right.ATTENDANCE: "考勤",
    Right.PREREGISTER: "预登记",
    Right.HEALTH: "健康处置",
}

# An Actor without these ids has no bounds: its constructor raises ValueError.
SCOPE = {
    Role.LEGAL_REP: ("company_id",),
    Role.HR_OFFICER: ("company_id",),
    Role.IMPLEMENTER: ("company_id",),
    Role.PARTICIPANT_CLERK: ("company_id",),
    Role.PM: ("project_id", "participation_id", "company_id"),
    Role.SITE_OPERATOR: ("project_id", "participation_id", "company_id"),
    Role.SUPERVISION_PM: ("project_id", "participation_id", "company_id"),
    Role.REGULATOR: ("station_id",),
    Role.PERSON: ("person_id",),
    Role.SYS_ADMIN: ("user_id",),
    Role.SYSTEM: (),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """One role of one user. `rights` limits a site operator; a PM has all rights."""

    role: Role
    door: Door
    name: str
    user_id: UUID | None = None
    person_id: UUID | None = None
    company_id: UUID | None = None
    company_name: str | None = None
    project_id: UUID | None = None
    project_name: str | None = None
    participation_id: UUID | None = None
    participation_kind: str | None = None
    station_id: UUID | None = None
    rights: frozenset[Right] = field(default_factory=frozenset)

    def __post_init__(self):
        missing = [name for name in SCOPE[self.role] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"an actor in role {self.role} needs {', '.join(missing)}")

    @property
    def on_site(self) -> bool:
        """True for the PM of a project and for an operator the PM authorised."""
        return self.role in SITE_ROLES

    def has(self, right: Right) -> bool:
        return self.role is Role.PM or right in self.rights


def system(name: str = "系统") -> Actor:
    """The actor of jobs, shown in the trail under this name."""
    return Actor(role=Role.SYSTEM, door=Door.ADMIN, name=name)
