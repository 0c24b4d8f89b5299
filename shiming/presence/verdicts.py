"""The answer of the gate to one scan: a tone (colour, shape and sound), the person, and the reasons of a refusal."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from shiming.core.errors import DomainError
from shiming.core.refusals import Refusal
from shiming.presence.eligibility import EntryFacts, warnings


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok` opens the gate, `warn` asks the scanner to check, `stop` keeps it shut."""

    tone: str
    title: str
    facts: EntryFacts | None = None
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = ()  # shown beside an entry that was allowed
    stay_id: UUID | None = None
    repeated: bool = False
    asks_portrait: bool = False
    at: datetime | None = None  # of the punch

    @property
    def name(self) -> str:
        return self.facts.name if self.facts else ""

    @property
    def note(self) -> str:
        """Firm, team and trade, without those that are unknown."""
        if not self.facts:
            return ""
        return " · ".join(part for part in (self.facts.company, self.facts.team, self.facts.trade) if part)

    @property
    def portrait(self) -> str:
        return portrait_address(self.facts.person_id, self.facts.portrait_id) if self.facts else ""

    @property
    def shown(self) -> tuple[Refusal, ...]:
        """The sentences below the verdict: why it is shut, or what to look after although it is open."""
        return self.refusals or self.warnings

    def as_dict(self) -> dict:
        """The JSON of the API."""
        return {
            "tone": self.tone,
            "title": self.title,
            "name": self.name,
            "note": self.note,
            "portrait": self.portrait,
            "stay_id": self.stay_id,
            "repeated": self.repeated,
            "asks_portrait": self.asks_portrait,
            "at": self.at,
            "refusals": [item.as_dict() for item in self.refusals],
            "warnings": [item.as_dict() for item in self.warnings],
        }


def entered(facts: EntryFacts, stay_id: UUID, *, on: date, repeated: bool = False) -> Verdict:
    shown = tuple(warnings(facts, on))
    return Verdict("ok", _("已进场"), facts, warnings=shown, stay_id=stay_id, repeated=repeated)


def look_at_portrait(facts: EntryFacts) -> Verdict:
    """A printed card can be lent, so the scanner compares the face first."""
    return Verdict("warn", _("请核对照片"), facts, asks_portrait=True)


def refused(refusals, facts: EntryFacts | None = None) -> Verdict:
    """R-22 is a warning, not an alarm: the person is already on site."""
    harmless = [item.code for item in refusals] == ["R-22"]
    return Verdict("warn" if harmless else "stop", _("已在场") if harmless else _("不能进场"), facts, tuple(refusals))


def refused_by(error: DomainError) -> Verdict:
    return refused(error.refusals)


def portrait_address(person_id: UUID | None, portrait_id: UUID | None) -> str:
    """URL of the portrait that `people` serves, which checks each request; empty without a portrait."""
    return reverse("person-photo", args=[person_id, "portrait"]) if portrait_id else ""
