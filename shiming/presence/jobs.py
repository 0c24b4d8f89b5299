"""Follows events of other modules: an ended allocation closes its stay; a manager leaves before dismissal."""

from shiming.assignment.guards import before_acceptance
from shiming.core.audit import after
from shiming.core.errors import RefusedAll
from shiming.core.events import Event
from shiming.core.refusals import worded
from shiming.employment.commands import implicit
from shiming.employment.guards import before_dismissal
from shiming.employment.models import Employment
from shiming.presence import commands
from shiming.presence.models import Stay
from shiming.projects.queries import policy_of


@after(Event.ASSIGNMENT_ENDED)
def assignment_ended(assignment, *, by, entry):
    """S8: close the open stays of an allocation ended by employment, project or participation; no-op after an exit."""
    open_stays = Stay.objects.filter(assignment=assignment, exited_on=None).select_related("person", "project")
    for stay in open_stays:
        commands.close_automatically(stay, reason=entry.reason, by=by)


@before_acceptance
def who_may_not_enter(assignments):
    """S2: where acceptance is the entry, who may not enter is not accepted either, with all reasons (§11.7)."""
    return commands.refused_on_acceptance([row for row in assignments if _enters_at_once(row)])


def all_enter_at_once(happened, *, by):
    commands.enter_on_acceptance([assignment for assignment, _ in happened if _enters_at_once(assignment)], by=by)


@after(Event.ASSIGNMENT_ACCEPTED, at_once=all_enter_at_once)
def acceptance_is_the_entry(assignment, *, by, entry):
    """S2: enter on the day of acceptance or approval where the project's flow says so."""
    all_enter_at_once([(assignment, entry)], by=by)


@after(Event.ASSIGNMENT_ENDED)
def nothing_left_to_do_there(assignment, *, by, entry):
    """End an employment that began with the entry when its last allocation ends."""
    implicit.end_if_idle(assignment.employment, by=by)


def _enters_at_once(assignment) -> bool:
    return policy_of(assignment.project).entry_trigger in commands.ENTERED_BY


@before_dismissal
def manager_has_left(employment):
    """Raise R-24 while a manager is on a site whose flow requires the exit first."""
    if employment.kind != Employment.Kind.MANAGER:
        return
    open_stays = Stay.objects.filter(assignment__employment=employment, exited_on=None).select_related("project")
    if sites := [stay.project.name for stay in open_stays if policy_of(stay.project).manager_exits_first]:
        raise RefusedAll([worded("R-24", f"管理员须先在工地端退场：{'、'.join(sites)}")])
