"""Whose papers a panel shows: a kind of row and its key lead to a company and the fingerprint of an ID number.

    @register("employments")
    def employment(actor, pk): return Holder(company_id, id_digest, label) or None

A module that has a row for a person, or for one about to be registered, says so once; None is 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from shiming.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Holder:
    """`label` is the name of the person, printed by pages and trail; empty while it has not been typed."""

    company_id: UUID
    id_digest: str
    label: str = ""


Find = Callable[[Actor, UUID], Holder | None]
_holders: dict[str, Find] = {}


def register(slug: str) -> Callable[[Find], Find]:
    def keep(find: Find) -> Find:
        _holders[slug] = find
        return find

    return keep


def find(slug: str, actor: Actor, pk: UUID) -> Holder | None:
    """The holder, when the actor keeps its papers."""
    known = _holders.get(slug)
    return known(actor, pk) if known else None
