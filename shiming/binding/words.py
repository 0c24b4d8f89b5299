"""The words of manual [004] for bindings: sources, and which states a list shows or a clerk may move."""

from shiming.assignment.models import Assignment
from shiming.employment.bindings import AuditState

# Where a binding comes from, where this manual has a word of its own.
SOURCES = {Assignment.Origin.ALLOCATION: "单位登记", Assignment.Origin.QR: "扫码"}
# What a list of a project shows unless asked for more, and what its count counts (domain.md §11.9).
LIVE = (AuditState.DRAFT, AuditState.PENDING, AuditState.REJECTED, AuditState.ACCEPTED)
# What the company may submit, again or for the first time.
TO_SUBMIT = (AuditState.DRAFT, AuditState.REJECTED)
# What the company may take back.
TO_DISCARD = (*TO_SUBMIT, AuditState.PENDING)
