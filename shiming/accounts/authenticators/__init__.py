"""The authenticators, all with one interface: `prove(request, **typed) -> Proof`, or a refusal.

This table defines which door takes which. A door may take several; after one with `second_factor` a second one follows.
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
    """Prove the user's identity by one authenticator at one door; raises ValueError when the door does not take it."""
    authenticator = AUTHENTICATORS[method]
    if door not in authenticator.doors:
        raise ValueError(f"{door} does not take {method}")
    return authenticator.prove(request, door=door, **typed)
