"""Checks before a binding is submitted (A3, A6): every reason at once."""

from shiming.assignment import positions
from shiming.assignment.models import Assignment
from shiming.attachments import queries as attachments
from shiming.core.refusals import Refusal, refusal, worded
from shiming.employment.models import Employment
from shiming.projects.models import ContractFiling, Participation, Project
from shiming.projects.policies import Policy


def submission_refusals(assignment: Assignment, employment: Employment, policy: Policy) -> list[Refusal]:
    """What keeps this person from being submitted: R-19 or R-28, R-26, and R-27 for a manager."""
    found = person_refusals(assignment, employment, policy)
    if assignment.is_manager and policy.social_proof_days:
        company, digest = employment.company_id, assignment.person.id_digest
        if lacking := attachments.proof_refusal(company, digest, policy.social_proof_days):
            found.append(lacking)
    return found


def place_refusals(place: Participation) -> list[Refusal]:
    """Refusals that concern all people of a place: R-17, R-48; read once for many rows."""
    found = [] if is_filed(place) else [refusal("R-17")]
    if place.project.status != Project.Status.OPEN:
        found.append(worded("R-48", "项目未在建，不能提交"))
    return found


def person_refusals(assignment: Assignment, employment: Employment, policy: Policy) -> list[Refusal]:
    """What the one person still lacks; asks the database nothing."""
    found = []
    if assignment.is_manager and not _keeps_as_manager(assignment, employment):
        found.append(refusal("R-28"))
    elif not _employs(assignment, employment):
        found.append(refusal("R-19"))
    if policy.face_before_submit and not assignment.person.stood_there:
        found.append(refusal("R-26"))
    return found


def is_filed(place: Participation) -> bool:
    return place.left_on is None and place.filings.filter(status=ContractFiling.Status.FILED).exists()


def _employs(assignment: Assignment, employment: Employment) -> bool:
    here = employment.company_id == assignment.participation.company_id
    return here and employment.status == Employment.Status.ACTIVE and employment.profile_completed


def _keeps_as_manager(assignment: Assignment, employment: Employment) -> bool:
    return _employs(assignment, employment) and positions.fits(assignment.role, employment)
