"""Registration of employment rows about a person, and of those that open the person to a company."""

from django.db.models import F, Q, QuerySet

from shiming.core.actor import Actor, Door
from shiming.employment import rules
from shiming.employment.models import Employment, Transfer
from shiming.people.sight import about_person
from shiming.web.table import Column

COLUMNS = (
    Column("单位", "company.name", nowrap=False),
    Column("状态", "status", kind="state"),
    Column("身份", "get_kind_display"),
    Column("工种", "trade"),
    Column("班组", "team.name"),
    Column("在职起", "started_at", kind="date"),
    Column("离职", "ended_at", kind="date"),
)
OWN_DATA = (
    *("company.name", "get_status_display", "get_kind_display", "trade", "contract_start", "contract_end"),
    *("day_rate", "bank", "bank_card", "started_at", "ended_at", "end_reason", "leave_reason"),
)
EVER_EMPLOYED = (*Employment.EMPLOYED, Employment.Status.ENDED)


def _opens(actor: Actor) -> Q | None:
    """Firms see a person from the confirmation on; before it they see only their own invitation. Site users and the
    authority see a person by the allocation."""
    return Q(rules.of_company(actor), status__in=EVER_EMPLOYED) if actor.door is Door.COMPANY else None


def _current(actor: Actor) -> Q | None:
    return Q(rules.of_company(actor), status__in=Employment.EMPLOYED) if actor.door is Door.COMPANY else None


@about_person(
    *("employments", "聘用", Employment),
    icon="briefcase",
    columns=COLUMNS,
    own_data=OWN_DATA,
    opens=_opens,
    current=_current,
)
def employments(actor: Actor) -> QuerySet[Employment]:
    """The rows on a person's page; for firms without open invitations, which are listed in 聘用管理."""
    rows = Employment.objects.filter(rules.visible_to(actor)).select_related("company", "team")
    if actor.door is Door.COMPANY:
        rows = rows.filter(status__in=EVER_EMPLOYED)
    return rows.order_by(F("started_at").desc(nulls_first=True), "-pk")


@about_person("transfers", "转出", Transfer)
def transfers(actor: Actor) -> QuerySet[Transfer]:
    return Transfer.objects.filter(rules.transfers_visible_to(actor))
