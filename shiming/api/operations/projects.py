"""Read-only operations on projects, contracts and teams."""

from uuid import UUID

from ninja import Router

from shiming.api import finding
from shiming.api.schemas import ContractOut, Listed, ProjectDetail, ProjectOut, TeamOut, answers
from shiming.core.actor import COMPANY_ROLES, Role
from shiming.core.doors import api
from shiming.projects import queries

router = Router(tags=["项目"])
BOTH = (*COMPANY_ROLES, Role.SITE_OPERATOR)


@router.get("/projects", response=answers(Listed[ProjectOut]), summary="参建的项目")
@api(*BOTH)
def index(request, status: str = "", code: str = "", cursor: str = "", size: int = 20):
    return finding.listed(queries.projects(request.actor, status=status, code=code), request)


@router.get("/projects/{uuid:pk}", response=answers(ProjectDetail), summary="一个项目与参建链")
@api(*BOTH)
def show(request, pk: UUID):
    project = finding.one(queries.projects(request.actor), pk)
    places = [place for place in queries.places(project) if not place.left_on]
    return ProjectDetail.from_orm(_Detailed(project, places))


@router.get("/contracts", response=answers(Listed[ContractOut]), summary="合同信息报送")
@api(*BOTH)
def contracts(request, status: str = "", cursor: str = "", size: int = 20):
    return finding.listed(queries.filings(request.actor, status=status), request)


@router.get("/teams", response=answers(Listed[TeamOut]), summary="班组")
@api(*BOTH)
def teams(request, cursor: str = "", size: int = 20):
    return finding.listed(queries.teams(request.actor), request)


class _Detailed:
    """A project together with its places in the chain."""

    def __init__(self, project, participations):
        self._project, self.participations = project, participations

    def __getattr__(self, name):
        return getattr(self._project, name)
