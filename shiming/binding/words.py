"""The words of manual [004] for the states of a binding; other flows name the same states differently."""

from django.db import models

from shiming.assignment.models import Assignment

_Status = Assignment.Status


class Binding(models.TextChoices):
    DRAFT = _Status.DRAFT.value, "待提交"
    PENDING = _Status.PENDING.value, "待审核"
    REJECTED = _Status.REJECTED.value, "审核不通过"
    ACCEPTED = _Status.ACCEPTED.value, "审核通过"
    ENDED = _Status.ENDED.value, "已结束"
    REMOVED = _Status.REMOVED.value, "已移除"


# Where a binding comes from, where this manual has a word of its own.
SOURCES = {Assignment.Origin.ALLOCATION: "单位登记", Assignment.Origin.QR: "扫码"}
# What a list of a project shows unless asked for more, and what its count counts (domain.md §11.9).
LIVE = (Binding.DRAFT, Binding.PENDING, Binding.REJECTED, Binding.ACCEPTED)
# What the company may submit, again or for the first time.
TO_SUBMIT = (Binding.DRAFT, Binding.REJECTED)
# What the company may take back.
TO_DISCARD = (*TO_SUBMIT, Binding.PENDING)
