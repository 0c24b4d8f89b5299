"""One person on the way through a fate, with the trail of each step."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime

from shiming.assignment.models import Assignment
from shiming.assignment.positions import WORKER_LABEL
from shiming.core.actor import Actor, Right
from shiming.core.events import Event
from shiming.demo import invented
from shiming.demo.city.citizens import Citizen
from shiming.demo.city.fates import Fate
from shiming.demo.city.plan import Place, Plan, Site
from shiming.demo.city.rows import Ledger
from shiming.employment.models import Employment
from shiming.presence.models import Stay


@dataclass
class Life:
    """One person on the way through a fate; `at` is the hour of the latest step."""

    ledger: Ledger
    plan: Plan
    rng: random.Random
    someone: invented.Person
    fate: Fate
    place: Place
    at: datetime
    role: str = Assignment.WORKER
    citizen: Citizen | None = None
    employment: Employment | None = None
    assignment: Assignment | None = None
    stays: list[Stay] = field(default_factory=list)
    gone_since: date | None = None  # absent since, without an exit

    @property
    def name(self) -> str:
        return self.citizen.name

    @property
    def role_label(self) -> str:
        """The label of the role; a position's code is its label, so no step queries the dictionary."""
        return WORKER_LABEL if self.role == Assignment.WORKER else self.role

    @property
    def site(self) -> Site:
        return self.place.site

    @property
    def himself(self) -> Actor:
        return self.citizen.himself

    def tell(self, event: Event, subject, by: Actor, **details) -> None:
        details.setdefault("person_id", self.citizen.person.pk)
        self.ledger.tell(self.at, event, subject, by, person=self.name, **details)

    def of_firm(self, event: Event, by: Actor, **details) -> None:
        self.tell(event, self.employment, by, company=self.place.firm.company.name, **details)

    def of_site(self, event: Event, by: Actor, **details) -> None:
        scope = {"company_id": self.place.firm.company.pk, "project_id": self.site.project.pk}
        details = scope | {"project": self.site.project.name, "role": self.role_label} | details
        self.tell(event, self.assignment, by, **details)

    def of_stay(self, event: Event, by: Actor, **details) -> None:
        details = {"company_id": self.place.firm.company.pk, "project": self.site.project.name} | details
        self.tell(event, self.stays[-1], by, **details)

    def gatekeeper(self, right: Right) -> Actor:
        """The PM of the general contractor or an operator with this right."""
        top = self.site.contractor
        able = [actor for _, actor, grant in top.operators if actor.has(right) and grant.ends_on >= self.at.date()]
        return self.rng.choice([top.pm, *able])
