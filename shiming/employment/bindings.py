"""What `assignment`, which stands below, knows of an employment's bindings [004]: 审核状态, and what its end would end.

@tells_audit_state
def newest(employments): ...  # one query for the rows of a page

@names_what_ends
def open_bindings(employment): ...  # sentences for the warning before 离职迁出
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import TextChoices

from shiming.employment.models import Employment


class AuditState(TextChoices):
    """The words of manual [004] for the states of a binding; other flows name the same states differently.

    审核状态 of the list of managers is that of the newest binding, or 未提交 (domain.md §11.10).
    """

    NONE = "unsubmitted", "未提交"
    DRAFT = "draft", "待提交"
    PENDING = "pending", "待审核"
    ACCEPTED = "accepted", "审核通过"
    REJECTED = "rejected", "审核不通过"
    ENDED = "ended", "已结束"
    REMOVED = "removed", "已移除"


_states: list[Callable[[list[UUID]], dict[UUID, str]]] = []
_ends: list[Callable[[Employment], list[str]]] = []


def tells_audit_state(function):
    """Register a function from ids of employments to states by id; ids without a binding are left out."""
    if function not in _states:
        _states.append(function)
    return function


def names_what_ends(function):
    """Register a function from an employment to sentences, one for each binding that would end with it."""
    if function not in _ends:
        _ends.append(function)
    return function


def with_audit_state(rows: Iterable[Employment]) -> list[Employment]:
    """Each row with `audit_state`."""
    rows = list(rows)
    keys = [row.pk for row in rows]
    known = {key: state for tell in _states for key, state in tell(keys).items()} if keys else {}
    for row in rows:
        row.audit_state = AuditState(known.get(row.pk, AuditState.NONE))
    return rows


def what_ends(employment: Employment) -> list[str]:
    return [sentence for name in _ends for sentence in name(employment)]
