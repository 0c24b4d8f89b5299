"""Check of a second factor: at the door after the password, and again before a critical action."""

from shiming.accounts import passkeys, throttle
from shiming.accounts.authenticators.proof import tell_failure
from shiming.accounts.commands import factors
from shiming.accounts.models import Totp, User
from shiming.core.actor import Door
from shiming.core.errors import Refused


def enrolled(user: User) -> bool:
    return Totp.objects.filter(user=user).exists() or user.passkeys.exists()


def show(request, user: User, door: Door, *, code: str = "", recovery_code: str = "", credential: str = "") -> None:
    """Check one of the three; a wrong one counts like a wrong password."""
    account = throttle.account_key("factor", str(user.pk))
    attempt = throttle.begin(account)
    try:
        _check(request, user, code, recovery_code, credential)
    except Refused:
        tell_failure(door, attempt, user)
        raise
    throttle.succeeded(account)


def _check(request, user, code, recovery_code, credential) -> None:
    if credential:
        factors.use_passkey(*passkeys.answered(request, user, credential))
    elif recovery_code and not factors.use_recovery_code(user, recovery_code):
        raise Refused("L-05", field="recovery_code")
    elif not recovery_code and not factors.check_totp(user, code):
        raise Refused("L-05", field="code")
