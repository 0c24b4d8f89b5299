"""Passkeys (WebAuthn): options for the browser and the check of its answer. Challenges stay in the session."""

import ipaddress
import json
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shiming.accounts.models import Passkey, User
from shiming.core.errors import Refused

CHALLENGE = "passkey_challenge"


def usable(request) -> bool:
    """Whether this host can use passkeys: browsers need a host name, not an address, and https except on localhost."""
    host = _host(request)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return request.is_secure() or host == "localhost" or host.endswith(".localhost")
    return False


def creation_options(request, user: User) -> str:
    options = generate_registration_options(
        rp_id=_host(request),
        rp_name="实名",
        user_id=user.pk.bytes,
        user_name=user.username,
        user_display_name=user.name,
        exclude_credentials=_known(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    request.session[CHALLENGE] = bytes_to_base64url(options.challenge)
    return options_to_json(options)


def created(request, credential: str) -> dict:
    """The new key, or L-05."""
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=_challenge(request),
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
        )
    except (WebAuthnException, ValueError, KeyError) as error:
        raise Refused("L-05") from error
    return {
        "credential_id": verified.credential_id,
        "public_key": verified.credential_public_key,
        "sign_count": verified.sign_count,
    }


def request_options(request, user: User) -> str:
    options = generate_authentication_options(rp_id=_host(request), allow_credentials=_known(user))
    request.session[CHALLENGE] = bytes_to_base64url(options.challenge)
    return options_to_json(options)


def answered(request, user: User, credential: str) -> tuple[Passkey, int]:
    """The key that answered and its new counter, or L-05."""
    try:
        raw_id = base64url_to_bytes(json.loads(credential)["rawId"])
        passkey = user.passkeys.get(credential_id=raw_id)
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=_challenge(request),
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, Passkey.DoesNotExist, ValueError, KeyError, TypeError) as error:
        raise Refused("L-05") from error
    return passkey, verified.new_sign_count


def _known(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(row.credential_id)) for row in user.passkeys.all()]


def _challenge(request) -> bytes:
    """Each challenge is valid for one answer."""
    return base64url_to_bytes(request.session.pop(CHALLENGE))


def _host(request) -> str:
    return urlsplit(f"//{request.get_host()}").hostname or ""


def _origin(request) -> str:
    return f"{request.scheme}://{request.get_host()}"
