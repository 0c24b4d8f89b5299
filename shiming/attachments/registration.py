"""R-27 when a manager is registered (domain.md §11.6): an attached proof must be recent, a missing one may follow."""

from uuid import UUID

from shiming.attachments import queries
from shiming.core.errors import RefusedAll
from shiming.core.privacy import blind_index
from shiming.employment.guards import before_registration
from shiming.projects.flows import asks_social_proof, policies_of


@before_registration
def attached_proof_is_recent(company_id: UUID, number: str) -> None:
    asked = [policy.social_proof_days for policy in policies_of(company_id) if asks_social_proof(policy)]
    proof = queries.social_proof(company_id, blind_index("id_number", number)) if asked else None
    if proof and (refusal := queries.too_old(proof, min(asked))):
        raise RefusedAll([refusal])
