"""What can be asked about posters and the forms that came by them."""

from base64 import b64encode
from typing import NamedTuple

from django.db.models import Q, QuerySet

from shiming.binding.models import SelfForm
from shiming.binding.self_forms import rules
from shiming.core import files
from shiming.core.actor import Actor
from shiming.core.privacy import Secret
from shiming.dictionaries import queries as dictionaries
from shiming.idcard.names import normalise
from shiming.people import rules as people_rules
from shiming.people.models import Person
from shiming.projects.chain import BUILDERS
from shiming.projects.models import Participation

# What the phone form asks besides name, number and phone, in its order; the codes of these stand in dictionaries.
ASKED = ("ethnicity", "native_place", "residence", "residence_detail", "household_type", "household_place")
SHOWN = (*ASKED, "political_status")
CODED = ("ethnicity", "household_type", "political_status")
HIDDEN = ("residence", "residence_detail")


class Line(NamedTuple):
    """One value of a form; `known` is that of the person's record, empty where it has none or the actor sees none."""

    label: str
    typed: object
    known: object = ""

    @property
    def differs(self) -> bool:
        """An empty record is no difference: taking the form fills it."""
        return bool(self.known) and self.typed != self.known


def places(actor: Actor) -> QuerySet[Participation]:
    """The places of the company that may have a poster as far as their kind goes; `has_poster` asks the rest."""
    rows = Participation.objects.filter(company=actor.company_id, kind__in=BUILDERS)
    return rows.select_related("project", "company")


def forms(actor: Actor, place: Participation, status: str = "", text: str = "") -> QuerySet[SelfForm]:
    """The forms of one place that still have their values."""
    rows = SelfForm.objects.filter(rules.visible_to(actor), participation=place, sealed__isnull=False)
    if status:
        rows = rows.filter(status=status)
    if text := text.strip():
        rows = rows.filter(Q(name__contains=normalise(text)) | Q(receipt__contains="".join(text.split())))
    return rows


def person_of(form: SelfForm, actor: Actor) -> Person | None:
    """The person with this number, if the actor sees them; what others know stays with them until the form is taken."""
    return Person.objects.filter(people_rules.visible_to(actor), id_digest=form.id_digest).first()


def lines(form: SelfForm, person: Person | None) -> list[Line]:
    """What was typed, beside what the person's record says."""
    typed = form.values
    found = [Line("姓名", form.name, person.name if person else "")]
    for name in SHOWN:
        known = _printed(name, getattr(person, name) or "") if person else ""
        found.append(Line(_label(name), _printed(name, typed.get(name, "")), known))
    return found


def portrait(form: SelfForm) -> str:
    stored = form.portrait
    return f"data:image/jpeg;base64,{b64encode(files.read(stored)).decode()}" if stored else ""


def _printed(name: str, value):
    if name in HIDDEN:
        return value if isinstance(value, Secret) else Secret(value)
    return dictionaries.label(name, value) if name in CODED else value


def _label(name: str) -> str:
    return str(Person._meta.get_field(name).verbose_name)
