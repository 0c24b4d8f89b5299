"""The end or suspension of a project, and its stays."""

import pytest

from shiming.assignment.models import Assignment
from shiming.projects import commands
from shiming.projects.models import Project

pytestmark = pytest.mark.django_db


def test_finished_project_ends_allocations_and_stays(cast):
    stay = cast.stay()
    commands.set_status(cast.binjiang, Project.Status.FINISHED, by=cast.admin)
    stay.refresh_from_db()
    assert (Assignment.objects.get(pk=stay.assignment_id).status, stay.on_site, stay.auto) == (
        "ended",
        False,
        True,
    )


def test_suspended_project_keeps_allocations(cast):
    stay = cast.stay()
    commands.set_status(cast.binjiang, Project.Status.SUSPENDED, by=cast.admin)
    stay.refresh_from_db()
    assert (stay.on_site, stay.assignment.status) == (True, "accepted")
