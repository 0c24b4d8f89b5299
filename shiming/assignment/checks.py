"""What is asked before a binding is submitted (A3, A6): every reason at once.

Checks that only other modules can make are registered:

@before_submission
def proof_is_recent(assignment): ...  # R-27 asks for the papers, and `attachments` keeps them
"""

from collections.abc import Callable

from shiming.assignment.models import Assignment
from shiming.core.refusals import Refusal, refusal, worded
from shiming.employment.models import Employment
from shiming.projects.models import ContractFiling, Participation, Project
from shiming.projects.policies import Policy

_more: list[Callable[[Assignment], list[Refusal]]] = []


def before_submission(check: Callable[[Assignment], list[Refusal]]) -> Callable[[Assignment], list[Refusal]]:
    """Register a check; call this from AppConfig.ready() or from a module imported there."""
    if check not in _more:
        _more.append(check)
    return check


def submission_refusals(assignment: Assignment, employment: Employment, policy: Policy) -> list[Refusal]:
    """R-17, R-48, R-19 or R-28, R-26, and what was registered, in this order."""
    return [
        *place_refusals(assignment.participation),
        *person_refusals(assignment, employment, policy),
        *(reason for check in _more for reason in check(assignment)),
    ]


def place_refusals(place: Participation) -> list[Refusal]:
    """What keeps everybody of a company from this project."""
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
    return _employs(assignment, employment) and employment.kind == Employment.Kind.MANAGER
