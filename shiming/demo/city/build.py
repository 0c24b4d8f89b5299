"""Builds the city into an empty database."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import chain, islice, repeat
from multiprocessing import get_context

from django.db import connection, connections, transaction
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.companies.models import Company
from shiming.core import seals
from shiming.core.actor import Role
from shiming.core.events import Event
from shiming.demo import invented
from shiming.demo.city import accounts, authority, bindings, punches, today
from shiming.demo.city.fates import BY_NAME, FATES
from shiming.demo.city.life import Life
from shiming.demo.city.lives import live, live_as_official
from shiming.demo.city.pictures import Faces, give_own
from shiming.demo.city.plan import SITES, Plan, lay_out
from shiming.demo.city.rows import Ledger
from shiming.evidence import anchors
from shiming.oversight.commands import count_everything
from shiming.people.models import IdentityBatch, Person

DETAILED = 4000  # people with punches, an account and a line of the trail for each step
CHUNK = 4000
PROCESSES = 2
OWN_FACES = 40

Say = Callable[[str], None]


def build(*, people: int, seed: int, detailed: int, say: Say) -> None:
    """Build the city and report progress to `say`; an interrupted build leaves no demo-accounts.json and starts
    over."""
    now = timezone.localtime()
    _take_your_time()
    crowd = invented.people(seed, people + 5000, on=now.date())
    with transaction.atomic():
        plan, lives = _first_part(crowd, people, min(people, detailed), seed, now, say)
    _others(plan, crowd, people - detailed, seed, say)
    refused = today.happen(plan, lives, now=now, seed=seed)
    say(f"几天之内的事由命令办完{'' if not refused else '；未办成：' + '；'.join(refused)}")
    _note_batches()
    count_everything()
    authority.happen(plan)
    _seal(say)
    written = accounts.write(plan, lives)
    say(f"演示账号 {written} 个")


def _first_part(crowd, people: int, count: int, seed: int, now: datetime, say: Say) -> tuple[Plan, list[Life]]:
    started, ledger, rng = time.monotonic(), Ledger(), random.Random(f"lives {seed}")
    plan = lay_out(ledger, people=people, seed=seed, crowd=crowd, today=now.date())
    say(f"{len(plan.firms)} 家企业、{len(plan.sites)} 个项目、{len(plan.officials)} 名项目经理、操作用户与班组长")
    lives = list(_officials(ledger, plan, rng))
    others = islice(crowd, max(0, count - len(plan.officials)))
    # Each fate twice before chance decides, so that a small city has a person in every state as well.
    fates = chain(FATES, FATES, repeat(BY_NAME["to_be_bound"], bindings.PEOPLE), repeat(None))
    lives += [
        live(ledger, plan, someone, rng, sites=plan.sites[:SITES], fate=fate)
        for someone, fate in zip(others, fates, strict=False)
    ]
    faces = Faces()
    for life in lives:
        faces.give(life.citizen, rng)
    for life in accounts.met_often(plan, lives, OWN_FACES):
        give_own(life.citizen, plan.today)
    rows = ledger.write()
    say(f"{len(lives)} 人的经历，{rows} 行，{_pace(len(lives), started)}")
    started = time.monotonic()
    events = punches.write(lives, seed=seed, now=now)
    say(f"{events} 条打卡，{_pace(events, started)}")
    return plan, lives


def _officials(ledger: Ledger, plan: Plan, rng) -> Iterator[Life]:
    for site in plan.sites:
        for place in site.places:
            if place.filing is None or place.filing.status == "draft":
                continue
            role = "总监" if place.row.kind == Company.Kind.SUPERVISION else "项目经理"
            yield live_as_official(ledger, plan, place, place.manager, role, rng)
            for operator, _, _ in place.operators:
                yield live_as_official(ledger, plan, place, operator, "劳务员", rng)
    by_person = {citizen.person.pk: citizen for citizen in plan.officials}
    for firm in plan.firms:
        places = [place for site in plan.sites for place in site.labour if place.firm is firm]
        for crew in (crew for crew in firm.crews if crew.leader_id and places):
            place = rng.choice(places)
            leader = live_as_official(ledger, plan, place, by_person[crew.leader_id], Assignment.WORKER, rng)
            leader.employment.is_leader = True
            for row in (leader.employment, leader.assignment, *leader.stays):
                row.team, row.trade = crew, crew.trade
            yield leader


# All other people, by two processes with connections of their own.

_plan: Plan | None = None


def _others(plan: Plan, crowd, count: int, seed: int, say: Say) -> None:
    if count <= 0:
        return
    global _plan
    _plan, started, done, waiting = plan, time.monotonic(), 0, []
    connections.close_all()
    with ProcessPoolExecutor(PROCESSES, get_context("fork")) as pool:
        for number in range(0, count, CHUNK):
            chunk = list(islice(crowd, min(CHUNK, count - number)))
            waiting.append(pool.submit(_write_chunk, chunk, f"{seed} {number}"))
            while len(waiting) > PROCESSES * 2:
                done += waiting.pop(0).result()
                if done % (CHUNK * 10) == 0:
                    say(f"{done} / {count} 人，{_pace(done, started)}")
        done += sum(each.result() for each in waiting)
    say(f"{done} 人，{_pace(done, started)}")


def _write_chunk(chunk: list[invented.Person], seed: str) -> int:
    rng, ledger = random.Random(seed), Ledger(with_accounts=False, with_trail=False)
    for someone in chunk:
        live(ledger, _plan, someone, rng, sites=_plan.sites)
    _take_your_time()
    with transaction.atomic():
        ledger.write()
    return len(chunk)


# The end.


def _note_batches() -> None:
    """Add one batch of identity checks for each night, counted from the trail."""
    from shiming.core.models import AuditEntry

    nights = {}
    answers = {Event.PERSON_VERIFIED: "passed", Event.PERSON_FAILED: "failed"}
    by_night = AuditEntry.objects.filter(event__in=answers, role=Role.SYSTEM)  # without people verified by their card
    for event, at in by_night.values_list("event", "at"):
        nights.setdefault(timezone.localdate(at), Counter())[answers[event]] += 1
    waiting = Person.objects.filter(identity_status=Person.Status.PENDING).count()
    batches = [
        IdentityBatch(checked=counts.total() + waiting % 7, left=waiting % 7, **counts) for counts in nights.values()
    ]
    rows = sorted(zip(nights, batches, strict=True), key=lambda pair: pair[0])[-40:]
    ledger = Ledger(with_trail=False)
    for night, batch in rows:
        at = timezone.make_aware(datetime(night.year, night.month, night.day, 2, 10))
        batch.finished_at = at
        ledger.add(batch, at)
    with transaction.atomic():
        ledger.write()


def _seal(say: Say) -> None:
    started, sealed = time.monotonic(), 0
    for each in seals.CHAINS.values():
        sealed += seals.seal(each, seals.mark(each).number)
    anchors.anchor()
    say(f"痕迹与考勤封存 {sealed} 行，{_pace(sealed, started)}")


def _take_your_time() -> None:
    """Lift the time limits of web requests for the build."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")


def _pace(count: int, started: float) -> str:
    seconds = max(0.001, time.monotonic() - started)
    return f"{seconds:.1f} 秒，每秒 {count / seconds:,.0f}"
