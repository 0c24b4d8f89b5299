"""报送人员: managers named by a contract, synchronised from the approval system or imported (domain.md §11.2)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import DomainError, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import Secret, blind_index
from shiming.dictionaries import queries as dictionaries
from shiming.idcard import names
from shiming.people.changes import apply
from shiming.people.commands.checks import checked_name, checked_number, checked_phone
from shiming.projects import rules
from shiming.projects.approval import Filed, approval_system
from shiming.projects.models import ContractFiling, FiledPerson


@transaction.atomic
def sync_filed_people(filing: ContractFiling, *, by: Actor) -> bool:
    """Take over what the approval system says of one contract; True when anything changed.

    A row that the system sends with an invalid number or name is left out: the list says who is filed, not who is not.
    """
    require(rules.may_sync_filed_people, by, filing)
    filing = lock(filing)
    kept = {row.id_digest: row for row in filing.filed_people.filter(withdrawn_at=None)}
    named, changed = set(), False
    for digest, filed in _readable(approval_system().filed_people(filing)):
        named.add(digest)
        changed |= _keep(filing, kept.get(digest), digest, filed, by) != "same"
    for digest in kept.keys() - named:
        _withdraw(kept[digest], by)
    return changed or bool(kept.keys() - named)


@transaction.atomic
def take_over_filed_person(values: dict, *, by: Actor) -> str:
    """One line of the Excel file: contract and ID number name the row; a day 至 in the past takes the person out."""
    require(rules.may_administer, by)
    filing = ContractFiling.objects.filter(number=values["contract"]).first()
    if filing is None:
        raise Refused("R-17")
    filing = lock(filing)
    given = {name: values[name] for name in ("number", "name", "position", "phone", "since", "until")}
    (digest, filed), *_ = _readable([Filed(**given)])
    known = filing.filed_people.filter(id_digest=digest, withdrawn_at=None).first()
    if filed.until and filed.until < timezone.localdate():
        return "same" if known is None else _withdraw(known, by, until=filed.until)
    return _keep(filing, known, digest, filed, by)


@transaction.atomic
def withdraw_expired(*, by: Actor) -> int:
    """Every night: those whose filing has run out. Lists leave them out from that day, whatever the job does."""
    require(rules.may_administer, by)
    rows = FiledPerson.objects.filter(withdrawn_at=None, until__lt=timezone.localdate())
    rows = list(rows.select_for_update(of=("self",)).select_related("filing__participation").order_by("pk"))
    for row in rows:
        _withdraw(row, by)
    return len(rows)


def _readable(filed_people: Iterable[Filed]):
    """(digest, Filed) with number and phone in their one form."""
    for filed in filed_people:
        try:
            number, name = checked_number(filed.number).number, checked_name(filed.name)
            phone = checked_phone(filed.phone) if filed.phone else ""
        except DomainError:
            continue
        position = dictionaries.find("position", filed.position) or filed.position.strip()[:20]
        yield blind_index("id_number", number), Filed(number, name, position, phone, filed.since, filed.until)


def _keep(filing: ContractFiling, known: FiledPerson | None, digest: str, filed: Filed, by: Actor) -> str:
    values = {"name": filed.name, "position": filed.position, "since": filed.since, "until": filed.until}
    phone = Secret(filed.phone) if filed.phone else None
    if known is None:
        row = FiledPerson(filing=filing, id_number=Secret(filed.number), id_digest=digest, phone=phone, **values)
        row.save()
        record(Event.FILED_PERSON_ADDED, row, by=by, **_scope(filing), person=row.name, position=row.position)
        return "created"
    if names.same_name(known.name, filed.name):
        values["name"] = known.name
    changes = apply(known, values | {"phone": phone})
    if not changes:
        return "same"
    known.save()
    details = {"fields": changes, "before": changes.before, "after": changes.after}
    record(Event.FILED_PERSON_CHANGED, known, by=by, **_scope(filing), person=known.name, **details)
    return "changed"


def _withdraw(row: FiledPerson, by: Actor, until=None) -> str:
    row.withdrawn_at, row.until = timezone.now(), until or row.until
    row.save()
    record(Event.FILED_PERSON_WITHDRAWN, row, by=by, **_scope(row.filing), person=row.name)
    return "changed"


def _scope(filing: ContractFiling) -> dict:
    place = filing.participation
    return {"company_id": place.company_id, "project_id": place.project_id, "number": filing.number}
