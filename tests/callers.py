"""Callers of the API: a firm or a site, with a key made by its legal representative or its PM."""

from dataclasses import dataclass

from django.test import Client
from django.utils import timezone

from shiming.accounts.commands.keys import create_key
from shiming.core.actor import Actor, Right, Role
from tests.cast import Cast

ROOT = "/api/v1"


@dataclass
class Caller:
    """`caller.post("/employments", name="张三", number=…)`; answers are plain responses with `.json()`."""

    key: str

    def get(self, path: str, **query):
        return Client().get(ROOT + path, query, headers=self._headers())

    def post(self, path: str, once: str = "", **body):
        headers = self._headers() | ({"Idempotency-Key": once} if once else {})
        return Client().post(ROOT + path, body, content_type="application/json", headers=headers)

    def put(self, path: str, **body):
        return Client().put(ROOT + path, body, content_type="application/json", headers=self._headers())

    def _headers(self) -> dict:
        return {"Authorization": f"Bearer {self.key}"}


def calling(actor: Actor, rights=tuple(Right)) -> Caller:
    _, text = create_key(name=f"{actor.name}的接口", days=30, by=actor, rights=list(rights))
    return Caller(text)


def firm(cast: Cast, company) -> Caller:
    """A caller with the key of a firm, made by its legal representative."""
    return calling(cast.staff(f"{company}法人", company, Role.LEGAL_REP))


def site(pm: Actor, rights=tuple(Right)) -> Caller:
    return calling(pm, rights)


def codes(response) -> list[str]:
    """Every refusal code of an answer: of the whole, of the verdict, of each row."""
    body = response.json()
    found = list(body.get("refusals", []))
    for row in (*body.get("refused", []), *body.get("rows", [])):
        found += row["refusals"]
    return [item["code"] for item in found]


def today() -> str:
    return timezone.localdate().isoformat()
