import pytest

from shiming.assignment.models import Assignment
from shiming.projects import commands
from shiming.projects.models import Project

pytestmark = pytest.mark.django_db


def test_when_a_project_is_finished_its_allocations_end_and_everybody_has_left(cast):
    stay = cast.stay()
    commands.set_status(cast.binjiang, Project.Status.FINISHED, by=cast.admin)
    stay.refresh_from_db()
    assert (Assignment.objects.get(pk=stay.assignment_id).status, stay.on_site, stay.auto) == (
        "ended",
        False,
        True,
    )


def test_when_a_project_is_suspended_people_stay_allocated(cast):
    stay = cast.stay()
    commands.set_status(cast.binjiang, Project.Status.SUSPENDED, by=cast.admin)
    stay.refresh_from_db()
    assert (stay.on_site, stay.assignment.status) == (True, "accepted")
