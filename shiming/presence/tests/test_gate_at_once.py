"""Two project managers scan at the same moment through the real server: each gets only their own answers."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx

from shiming.presence import codes
from shiming.presence.models import Stay

PEOPLE = 40
PHONES = 2  # for each of the two managers


class Phone:
    """A logged-in phone with the requests that a scan needs."""

    def __init__(self, live, actor):
        cookie = live.cookie(actor)
        self.client = httpx.Client(base_url=live.url, cookies={cookie["name"]: cookie["value"]}, timeout=60)
        page = self.client.get("/site/scan/").text
        self.token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]

    def scan(self, person) -> tuple:
        form = {"csrfmiddlewaretoken": self.token, "code": codes.personal_code(person.pk), "event_id": str(uuid4())}
        verdict = self.client.post("/site/scan/entry/", data=form, headers={"Accept": "application/json"}).json()
        return verdict["name"], verdict["tone"], "R-21" in [each["code"] for each in verdict["refusals"]]


def test_parallel_scans_keep_their_own_verdicts(live):
    cast = live.cast
    people = [cast.person(f"工人{number}") for number in range(PEOPLE)]
    for person in people:
        cast.assignment(cast.employment(person))
    contractors = [Phone(live, cast.gc_pm) for _ in range(PHONES)]
    subcontractors = [Phone(live, cast.labour_pm) for _ in range(PHONES)]

    with ThreadPoolExecutor(2 * PHONES) as at_the_gate:
        scans = [
            (person, actor, at_the_gate.submit(phone.scan, person))
            for number, person in enumerate(people)
            for actor, phone in (
                *(("subcontractor", each) for each in subcontractors),
                ("contractor", contractors[number % PHONES]),
                *(("subcontractor", each) for each in subcontractors),
            )
        ]

    answered = [(actor, scan.result()) for _, actor, scan in scans]
    expected = {"contractor": ("ok", False), "subcontractor": ("stop", True)}
    assert answered == [(actor, (person.name, *expected[actor])) for person, actor, _ in scans]
    assert set(Stay.objects.values_list("entered_by_id")) == {(cast.gc_pm.user_id,)}
