"""Ways to prove who one is, all through one interface: `prove(request, **typed) -> Proof`, or a refusal.

Which door takes which is this table. A door may take several; a way that says `second_factor` is only half the proof.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shiming.accounts.authenticators import certificate, password, person, site
from shiming.accounts.authenticators.proof import Proof
from shiming.core.actor import Door


@dataclass(frozen=True)
class Authenticator:
    method: str
    doors: frozenset[Door]
    prove: Callable[..., Proof]
    second_factor: bool = False


AUTHENTICATORS = {
    each.method: each
    for each in (
        Authenticator(
            "password", frozenset({Door.COMPANY, Door.OVERSIGHT, Door.ADMIN}), password.prove, second_factor=True
        ),
        Authenticator("certificate", frozenset({Door.COMPANY}), certificate.prove),
        Authenticator("site", frozenset({Door.SITE}), site.prove),
        Authenticator("person", frozenset({Door.PERSON}), person.prove),
    )
}


def prove(method: str, door: Door, request, **typed) -> Proof:
    """Ask one authenticator at one door."""
    authenticator = AUTHENTICATORS[method]
    if door not in authenticator.doors:
        raise ValueError(f"{door} does not take {method}")
    return authenticator.prove(request, door=door, **typed)
