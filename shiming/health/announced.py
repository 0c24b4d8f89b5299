"""预登记人 of a site at a moment, one row a person: workers, managers and families (domain.md §12.8)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from shiming.assignment.models import Assignment
from shiming.employment.models import Employment
from shiming.health.models import FamilyMember, PreRegistration
from shiming.health.queries import open_at
from shiming.people.models import Person

KINDS = {"worker": "建筑工人", "manager": "管理人员", "family": "家属"}


def announced(project_id: UUID, moment: datetime) -> QuerySet[Person]:
    """People with kind, firm, registered_on and, for a family member, the name of the worker (`comes_with`).

    A person who is pre-registered and a family member of another counts by the own pre-registration.
    """
    own = PreRegistration.objects.filter(open_at(moment), project=project_id, created_at__lte=moment)
    family = FamilyMember.objects.filter(open_at(moment, "preregistration__"), created_at__lte=moment)
    family = family.filter(preregistration__project=project_id)
    everyone = own.values("person").union(family.values("person"))
    mine, theirs = (rows.filter(person=OuterRef("pk")).order_by("pk") for rows in (own, family))
    manages = Exists(_positions(project_id, moment)) | Exists(_managers(moment))
    comes_along = ~Exists(mine)
    return Person.objects.filter(pk__in=everyone).annotate(
        kind=Case(
            When(comes_along, then=Value("family")),
            When(manages, then=Value("manager")),
            default=Value("worker"),
            output_field=CharField(),
        ),
        firm=_first(mine, "participation__company__name", theirs, "preregistration__participation__company__name"),
        registered_on=_first(mine, "registered_on", theirs, "registered_on"),
        comes_with=Case(
            When(comes_along, then=Subquery(theirs.values("preregistration__person__name")[:1])),
            default=Value(""),
        ),
    )


def split(rows: QuerySet[Person]) -> dict[str, int]:
    """The number of rows of each kind, in printed order."""
    counted = dict(rows.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    return {kind: counted.get(kind, 0) for kind in KINDS}


def _first(own: QuerySet, name: str, family: QuerySet, other: str):
    return Coalesce(Subquery(own.values(name)[:1]), Subquery(family.values(other)[:1]))


def _positions(project_id: UUID, moment: datetime) -> QuerySet[Assignment]:
    """A position of a manager on this site."""
    rows = Assignment.objects.filter(person=OuterRef("pk"), project=project_id, created_at__lte=moment)
    return rows.exclude(role=Assignment.WORKER).filter(Q(ended_at=None) | Q(ended_at__gt=moment))


def _managers(moment: datetime) -> QuerySet[Employment]:
    """An employment as a manager, for those who have no position yet."""
    rows = Employment.objects.filter(person=OuterRef("pk"), kind=Employment.Kind.MANAGER, started_at__lte=moment)
    return rows.filter(Q(ended_at=None) | Q(ended_at__gt=moment))
