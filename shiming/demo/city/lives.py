"""Lives: the workplace of each person, and the steps of a fate in order."""

import random
from datetime import timedelta

from shiming.assignment.models import Assignment
from shiming.demo import invented
from shiming.demo.city import older_steps, steps
from shiming.demo.city.citizens import Citizen
from shiming.demo.city.fates import BY_NAME, COMPLETE, GAPS, Fate, a_fate
from shiming.demo.city.life import Life
from shiming.demo.city.moments import DAY, MINUTE, batch_hour, gate_hour, moment, office_hour
from shiming.demo.city.plan import Place, Plan, Site
from shiming.demo.city.rows import Ledger, chooser
from shiming.projects.models import Project
from shiming.projects.policies import AUDIT_BIND, INVITE_SCAN, SITE_DIRECT, TWO_TIER

MANAGERS = 0.06
a_position = chooser({"安全员": 4, "施工员": 4, "质量员": 3, "劳务员": 3, "资料员": 2, "材料员": 2, "测量员": 1})
HOURS = {"verify": batch_hour, "fail": batch_hour, "enter": gate_hour, "register_entry": gate_hour}
STEPS = steps.STEPS | older_steps.STEPS
HIRED = ("invite", "confirm", "complete")
SCANNED_IN = (*HIRED, "allocate", "accept", "enter")
# flow → fate, steps of a team leader, steps of a manager; sites of [003] register no manager
OFFICIALLY = {
    INVITE_SCAN.code: ("on_site", SCANNED_IN, SCANNED_IN),
    SITE_DIRECT.code: ("desk_on_site", ("register_entry",), HIRED),
    TWO_TIER.code: ("sent_on_site", ("hire", "allocate", "receive"), (*HIRED, "allocate", "receive")),
    AUDIT_BIND.code: ("bound", ("hire", "bind"), ("hire", "bind")),
}


def live(
    ledger: Ledger,
    plan: Plan,
    someone: invented.Person,
    rng: random.Random,
    *,
    sites: list[Site],
    fate: Fate | None = None,
) -> Life:
    """From the first photo of the ID card to the last step of a fate."""
    fate = fate or a_fate(rng)
    place = _place_for(sites, fate, rng)
    may_be_manager = fate.flow == INVITE_SCAN.code and rng.random() < MANAGERS
    role = a_position(rng) if may_be_manager else Assignment.WORKER
    fate, gone = _troubled(place.site, fate, role, rng)
    gaps = [rng.randint(*GAPS[step]) for step in fate.steps[1:]]
    last = plan.today - timedelta(days=rng.randint(*fate.ago))
    first = office_hour(rng, last - timedelta(days=sum(gaps)))
    life = Life(ledger, plan, rng, someone, fate, place, first, role)
    for step, gap in zip(fate.steps, [0, *gaps], strict=True):
        _move_on(life, step, gap)
        STEPS[step](life)
    if gone and life.stays:
        life.gone_since = max(life.stays[-1].entered_on, plan.today - timedelta(days=rng.randint(9, 40)))
    return life


def _place_for(sites: list[Site], fate: Fate, rng) -> Place:
    """A place with a filed contract; finished and suspended sites only get people whose stays are over."""
    of_flow = [site for site in sites if site.flow == fate.flow]
    site = rng.choice([site for site in of_flow if site.project.status == Project.Status.OPEN or fate.name in OVER])
    filed = [place for place in site.places if place.filing and place.filing.status != "draft"]
    share = SENDERS if site.flow == TWO_TIER.code else WEIGHTS
    weights = [share.get(place.row.kind, 0) for place in filed]
    return rng.choices(filed, weights)[0]


OVER = ("between_sites", "left_firm", "dismissed", "complete")
WEIGHTS = {"labour": 10, "specialist": 2, "general": 1}
SENDERS = {"labour": 1}  # only labour companies register workers in this flow


def _troubled(site: Site, fate: Fate, role: str, rng) -> tuple[Fate, bool]:
    """The fate of a person on the two troubled sites: unanswered allocations on one, forgotten exits on the other."""
    if site.trouble == "confirmations" and fate.name in ("on_site", "at_the_gate") and rng.random() < 0.3:
        return Fate("overdue", 0, COMPLETE, (27, 60)), False
    forgotten = site.trouble == "exits" and fate.name == "on_site" and role == Assignment.WORKER
    return fate, forgotten and rng.random() < 0.25


def _move_on(life: Life, step: str, gap: int) -> None:
    hour = HOURS.get(step, office_hour)(life.rng, life.at.date() + timedelta(days=gap))
    if step != life.fate.steps[0]:
        life.at = max(hour, life.at + life.rng.randint(5, 90) * MINUTE)
    life.at = min(life.at, moment(life.plan.today, 0))


def live_as_official(ledger: Ledger, plan: Plan, place: Place, citizen: Citizen, role: str, rng) -> Life:
    """A PM or 班组长, employed and allocated since the start of the site, and on it unless it is finished."""
    at = moment(min(place.site.starts, plan.today - 40 * DAY), 10)
    fate, of_worker, of_manager = OFFICIALLY[place.site.flow]
    life = Life(ledger, plan, rng, citizen.invented, BY_NAME[fate], place, at - 6 * DAY, role, citizen)
    for step in of_worker if role == Assignment.WORKER else of_manager:
        life.at += DAY
        STEPS[step](life)
    if place.site.project.status == Project.Status.FINISHED:
        life.at = moment(place.site.project.finished_on, 17)
        STEPS["exit"](life)
    return life
