"""Stays for entries, exits and the query, with seven filters in any combination. Source: manuals [000], [003]."""

from datetime import date, datetime, time

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils import timezone

from shiming.admission import facts as admission
from shiming.companies.models import Company
from shiming.core.actor import KEEPERS, Actor, Door
from shiming.core.refusals import Refusal, refusal
from shiming.employment.models import Employment
from shiming.idcard.names import normalise
from shiming.people.models import Person
from shiming.people.queries import matching
from shiming.presence import rules
from shiming.presence.eligibility import facts_for, judge
from shiming.presence.models import Stay
from shiming.projects.chain import is_general, reach
from shiming.projects.models import Participation, Team

BUILDERS = ("general", "specialist", "labour", "other")
# The registration itself creates employment and allocation, so their absence is no obstacle at the desk.
BROUGHT_BY_ENTRY = ("R-20", "R-19")
OWN = KEEPERS
TOLD = ("person", "company", "team__leader", "assignment__employment")


class AnyOf(Func):
    """a = ANY (array)"""

    template, arg_joiner, output_field = "%(expressions)s", " = ANY ", BooleanField()


class KeysOf(ArraySubquery):
    """ARRAY (subquery). Without it, a subquery that Django knows to be empty would become `ANY NULL`, a syntax error;
    now the whole query is empty."""

    template, empty_result_set_value = "(ARRAY(%(subquery)s))", NotImplemented


def roster(
    actor: Actor,
    *,
    company: str = "",
    leader: str = "",
    who: str = "",
    trade: str = "",
    state: str = "",
    entered_from: date | None = None,
    entered_to: date | None = None,
    exited_from: date | None = None,
    exited_to: date | None = None,
) -> QuerySet[Stay]:
    """Filters combine with AND, empty means all, and ranges have open ends (domain.md §7.5)."""
    rows = Stay.objects.filter(_seen(actor)).select_related(*TOLD)
    if company:
        rows = rows.filter(company__in=_keys(Company.objects.filter(name__contains=company)))
    if leader:
        rows = rows.filter(team__in=_teams(leader))
    if trade:
        rows = rows.filter(trade=trade)
    ranges = {
        "entered_on__gte": entered_from,
        "entered_on__lte": entered_to,
        "exited_on__gte": exited_from,
        "exited_on__lte": exited_to,
    }
    if exited_to:  # no exit is earlier than its entry, so this bounds the range of the index by day of entry
        ranges["entered_on__lte"] = min(exited_to, entered_to or exited_to)
    rows = rows.filter(**{lookup: day for lookup, day in ranges.items() if day})
    return _called(rows.filter(STATES.get(state, Q())), who, actor)


def in_the_books_of_another(rows: QuerySet[Stay]) -> QuerySet[Stay]:
    """`differs` is W-02: another firm employs the worker. The query reveals no more than that."""
    books = Employment.objects.filter(person=OuterRef("person"), status__in=Employment.EMPLOYED)
    return rows.annotate(differs=Exists(books.exclude(mode="implicit").exclude(company=OuterRef("company"))))


def entered_at_desk(actor: Actor) -> QuerySet[Stay]:
    """Workers this clerk has entered by form today and who are still on site, newest first."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    rows = Stay.objects.filter(project=actor.project_id, entered_by=actor.user_id, method=Stay.Method.FORM)
    return rows.filter(exited_on=None, created_at__gte=midnight).select_related("person").order_by("-created_at")


def places(actor: Actor) -> QuerySet[Participation]:
    """用人单位: the firms this desk registers for, its own and those under it."""
    rows = Participation.objects.filter(project=actor.project_id, left_on=None, kind__in=BUILDERS)
    if not is_general(actor):
        rows = rows.filter(pk__in=reach(actor))
    return rows.select_related("company", "project").order_by("company__name")


def leaders(found) -> QuerySet[Team]:
    """劳务队长: the open teams of those firms."""
    rows = Team.objects.filter(company__in=[place.company_id for place in found], closed_on=None)
    return rows.select_related("leader", "company").order_by("company__name", "name")


def hindrances(person: Person, actor: Actor, day: date) -> tuple[list[Refusal], Participation | None]:
    """The refusals an entry of this person would get now, before other fields are typed; and the employer that an
    admission check expects, if it is one that this desk registers for."""
    facts = facts_for(person.pk, actor.project_id, day)
    unknown = [] if person.verified else [refusal("R-06")]
    found = unknown + [item for item in judge(facts, day) if item.code not in (*BROUGHT_BY_ENTRY, "R-06")]
    expected = admission.expected_place(facts.checks)
    return found, places(actor).filter(pk=expected).first() if expected else None


def history(stay: Stay, actor: Actor) -> QuerySet[Stay]:
    """查看: every stay of the same person that this actor may see."""
    rows = Stay.objects.filter(rules.visible_to(actor), person=stay.person_id)
    return rows.select_related(*TOLD, "project").order_by("-entered_at", "-pk")


def _seen(actor: Actor) -> Q:
    """Stays visible to the actor; in 企业端 only those of the own company.

    A company always sees its own stays, so the visibility rule is left out for most roles: with the same condition
    twice PostgreSQL expects very few rows.
    """
    if actor.door != Door.COMPANY:
        return rules.visible_to(actor)
    own = Q(company=actor.company_id)
    return own if actor.role in OWN else own & rules.visible_to(actor)


def _teams(leader: str) -> list:
    """Team ids from a query of their own: with a few ids PostgreSQL estimates the number of stays correctly."""
    return _keys(Team.objects.filter(Q(leader__name__contains=normalise(leader)) | Q(name__contains=leader)))


def _keys(rows: QuerySet) -> list:
    return list(rows.values_list("pk", flat=True))


def _called(rows: QuerySet[Stay], text: str, actor: Actor) -> QuerySet[Stay]:
    """An array of people first: otherwise PostgreSQL may walk through all stays by date."""
    if not text.strip():
        return rows
    people = Person.objects.filter(matching(text, actor)).values("pk")
    return rows.filter(AnyOf(F("person"), KeysOf(people)))


STATES = {"on_site": Q(exited_on=None), "off_site": Q(exited_on__isnull=False), "not_entered": Q(pk__in=[])}
