"""The flows of a project as data: the switches of each policy (domain.md §4)."""

from dataclasses import dataclass
from enum import StrEnum


class Confirmer(StrEnum):
    NONE = "none"
    PARENT = "parent"
    IMPLEMENTER = "implementer"
    SITE = "site"


class EntryTrigger(StrEnum):
    FORM = "form"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    SCAN = "scan"


class EmploymentMode(StrEnum):
    IMPLICIT = "implicit"
    DIRECT = "direct"
    INVITE = "invite"


class Rating(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    OFF = "off"


@dataclass(frozen=True)
class Policy:
    """One column of the table in domain.md §4."""

    code: str
    label: str
    employment_mode: EmploymentMode
    confirmer: Confirmer
    entry_trigger: EntryTrigger
    rating_at_exit: Rating
    unverified_may_enter: bool = False
    gc_scans_labour: bool = False
    manager_exits_first: bool = False
    single_employer: bool = True
    reject_allowed: bool = True
    face_before_submit: bool = False
    # The largest age in days of a manager's proof of social security; 0 asks for none.
    social_proof_days: int = 0
    # A policy is offered once every step of its manual works.
    offered: bool = True


SITE_DIRECT = Policy(  # manual [003]
    code="site_direct",
    label="现场直接登记",
    employment_mode=EmploymentMode.IMPLICIT,
    confirmer=Confirmer.NONE,
    entry_trigger=EntryTrigger.FORM,
    rating_at_exit=Rating.REQUIRED,
    unverified_may_enter=True,
    single_employer=False,
    reject_allowed=False,
)
TWO_TIER = Policy(  # manual [000]
    code="two_tier",
    label="劳务分配、专业接收",
    employment_mode=EmploymentMode.DIRECT,
    confirmer=Confirmer.PARENT,
    entry_trigger=EntryTrigger.ACCEPTANCE,
    rating_at_exit=Rating.OPTIONAL,
)
AUDIT_BIND = Policy(  # manual [004]
    code="audit_bind",
    label="实施单位审核绑定",
    employment_mode=EmploymentMode.DIRECT,
    confirmer=Confirmer.IMPLEMENTER,
    entry_trigger=EntryTrigger.APPROVAL,
    rating_at_exit=Rating.OFF,
    face_before_submit=True,
    social_proof_days=60,
)
INVITE_SCAN = Policy(  # manual [001]
    code="invite_scan",
    label="聘用确认、扫码进场",
    employment_mode=EmploymentMode.INVITE,
    confirmer=Confirmer.SITE,
    entry_trigger=EntryTrigger.SCAN,
    rating_at_exit=Rating.OFF,
    gc_scans_labour=True,
    manager_exits_first=True,
)

POLICIES = {policy.code: policy for policy in (SITE_DIRECT, TWO_TIER, AUDIT_BIND, INVITE_SCAN)}
DEFAULT = INVITE_SCAN
CHOICES = [(policy.code, policy.label) for policy in POLICIES.values()]


def offered_choices() -> list[tuple[str, str]]:
    """(code, label) of the policies an administrator may choose."""
    return [(policy.code, policy.label) for policy in POLICIES.values() if policy.offered]
