"""Follows events of other modules: an ended allocation closes its stay; a manager leaves before dismissal."""

from shiming.assignment.guards import before_acceptance
from shiming.core.audit import after
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.employment.commands import implicit
from shiming.employment.guards import before_dismissal
from shiming.employment.models import Employment
from shiming.presence import commands
from shiming.presence.models import Stay
from shiming.projects.queries import policy_of


@after(Event.ASSIGNMENT_ENDED)
def assignment_ended(assignment, *, by, entry):
    """S8: 聘用、项目或参建关系结束，在场时段当天关闭。由退场引起的，此时已经关闭。"""
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
    """S2: 流程以接收或审核通过为进场的，当天进场。"""
    all_enter_at_once([(assignment, entry)], by=by)


@after(Event.ASSIGNMENT_ENDED)
def nothing_left_to_do_there(assignment, *, by, entry):
    """随进场成立的用工，最后一份分配结束时一并结束。"""
    implicit.end_if_idle(assignment.employment, by=by)


def _enters_at_once(assignment) -> bool:
    return policy_of(assignment.project).entry_trigger in commands.ENTERED_BY


@before_dismissal
def manager_has_left(employment):
    """R-24: 管理员须先在工地端退场。"""
    if employment.kind != Employment.Kind.MANAGER:
        return
    open_stays = Stay.objects.filter(assignment__employment=employment, exited_on=None).select_related("project")
    if any(policy_of(stay.project).manager_exits_first for stay in open_stays):
        raise Refused("R-24")
