"""The facts of all checks in force on a project, as one column of a statement, and the reasons that follow."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shiming.admission.checks import CHECKS, Answer, Check, Effect

IN_FORCE = """
admission_projectcheck k
 WHERE k.project_id = r.id AND k.from_date <= %(on)s AND (k.until IS NULL OR k.until > %(on)s)"""
ANSWERS = """(
SELECT jsonb_object_agg(k.code, jsonb_build_object('effect', k.effect, 'settings', k.settings, 'facts', {facts}))
  FROM {source})"""
ASSUMED = "(SELECT %(check)s::text AS code, %(effect)s::text AS effect, %(settings)s::jsonb AS settings) k"


@dataclass(frozen=True)
class Reason:
    """A failed check: its code and blanks, what it does, and the fixed reason that it stands before."""

    code: str
    blanks: dict
    effect: str
    before: str


def column(source: str = IN_FORCE, *, on_site: bool = False) -> str:
    """SQL of a jsonb object {check: {effect, settings, facts}}, NULL where no check is in force.

    The statement around it names p (person), r (project) and a (allocation). With ASSUMED it answers for one check as
    if it were in force; with `on_site` only for the checks that are asked at a punch as well.
    """
    asked = [check for check in CHECKS.values() if check.while_on_site or not on_site]
    branches = " ".join(f"WHEN '{check.code}' THEN ({check.facts})" for check in asked)
    facts = f"CASE k.code {branches} END" if branches else "NULL::jsonb"
    return ANSWERS.format(facts=facts, source=source)


def answers(column_value: str | None) -> dict[str, dict]:
    """The column as Python values: Django's connections hand jsonb on as text."""
    return json.loads(column_value) if column_value else {}


def expected_place(given: dict[str, dict]) -> str | None:
    """The participation that a check names as `place`: an entry at the desk takes it over."""
    return next((answer["facts"]["place"] for answer in given.values() if (answer["facts"] or {}).get("place")), None)


def reasons(
    given: dict[str, dict], on: date, birth_date: date, effect: Effect = Effect.REFUSE, *, on_site: bool = False
) -> Iterator[Reason]:
    """The failed checks with this effect."""
    for code, answer in given.items():
        if answer["facts"] is not None and code in CHECKS:
            found = _failures(CHECKS[code], answer, on, birth_date, on_site)
            yield from (reason for reason in found if reason.effect == effect)


def _failures(check: Check, given: dict, on: date, birth_date: date, on_site: bool) -> Iterator[Reason]:
    answer = Answer(given["facts"], given["settings"], given["effect"], on, birth_date, on_site)
    for failure in check.judge(answer):
        yield Reason(failure.code, failure.blanks, failure.effect or given["effect"], check.before)
