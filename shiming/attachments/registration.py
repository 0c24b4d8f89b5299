"""R-27 when a manager is registered (domain.md §11.6): an attached proof must be recent, a missing one may follow."""

from shiming.attachments import queries
from shiming.core.actor import Actor
from shiming.core.errors import RefusedAll
from shiming.core.privacy import blind_index
from shiming.employment.guards import before_registration
from shiming.projects.flows import asks_social_proof, policies_for


@before_registration
def attached_proof_is_recent(number: str, by: Actor) -> None:
    """Also before the first project of the company, which a clerk adds afterwards."""
    asked = [policy.social_proof_days for policy in policies_for(by) if asks_social_proof(policy)]
    proof = queries.social_proof(by.company_id, blind_index("id_number", number)) if asked else None
    if proof and (refusal := queries.too_old(proof, min(asked))):
        raise RefusedAll([refusal])
