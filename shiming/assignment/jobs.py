"""Ends allocations when the employment, the project or the firm's place on it ends (A7, A8)."""

from shiming.assignment import commands
from shiming.assignment.models import Assignment
from shiming.core.audit import after
from shiming.core.events import Event
from shiming.projects.models import Project

LEFT = (Assignment.Status.DRAFT, Assignment.Status.PENDING, Assignment.Status.REJECTED, Assignment.Status.ACCEPTED)


@after(Event.EMPLOYMENT_ENDED)
def employment_ended(employment, *, by, entry):
    _end_all(employment.assignments, "聘用结束", by)


@after(Event.PROJECT_STATUS_CHANGED)
def project_finished(project, *, by, entry):
    if project.status == Project.Status.FINISHED:
        _end_all(project.assignments, "项目竣工", by)


@after(Event.PARTICIPATION_REMOVED)
def firm_left(participation, *, by, entry):
    _end_all(participation.assignments, "企业退出项目", by)


def _end_all(assignments, reason, by):
    rows = assignments.filter(status__in=LEFT).select_related("person", "project", "participation")
    for assignment in rows.order_by("pk"):
        commands.end(assignment, reason=reason, by=by)
