"""Limits of failed logins: five failures in 15 minutes lock an account for 15 minutes (security.md 27).

An attempt is stored before it is checked and deleted when it succeeds, so a hundred parallel requests are counted too.
Failures are counted for the typed name, whether or not such an account exists. A browser that logged in before has its
own count: guesses of a stranger do not lock its user out. The only delay between tries is Argon2id: the picture code,
asked from the third failure on, slows a script more, and a user not at all.
"""

import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shiming.accounts.models import Attempt
from shiming.core.audit import origin
from shiming.core.errors import Refused
from shiming.core.limits import Limit
from shiming.core.privacy import blind_index
from shiming.web.sealing import seal, unseal

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = Limit(5, WINDOW)
PER_ADDRESS = Limit(60, WINDOW)
WITHOUT_PICTURE = Limit(3, WINDOW)
DEVICE_COOKIE, DEVICE_DAYS = "device", 180


def account_key(door: str, typed: str) -> str:
    """The key of the typed account, as a keyed digest."""
    return blind_index("account", f"{door}:{typed.strip().lower()}")


def counter(request, account: str) -> str:
    """The key under which failures count: the account's, or that of a browser that has logged in to it before."""
    known = unseal(request.COOKIES.get(DEVICE_COOKIE, ""), purpose="device")
    return blind_index("device", f"{account}:{known['nonce']}") if known and account in known["accounts"] else account


def begin(account: str, now: datetime | None = None) -> Attempt:
    """Store the attempt; raises L-02 after too many earlier ones."""
    now = now or timezone.now()
    attempt = Attempt.objects.create(at=now, account=account, address=_address())
    if minutes := _locked_for(attempt, now):
        attempt.delete()
        raise Refused("L-02", minutes=minutes)
    return attempt


def succeeded(account: str) -> None:
    Attempt.objects.filter(account=account).delete()


def wants_picture(account: str) -> bool:
    """After three failures a picture code is required as well."""
    return WITHOUT_PICTURE.is_reached(Attempt.objects.filter(account=account))


def trust(request, response, account: str) -> None:
    """Remember in this browser that this account logged in here; the cookie holds no name."""
    known = unseal(request.COOKIES.get(DEVICE_COOKIE, ""), purpose="device") or {"accounts": []}
    accounts = [*(each for each in known["accounts"] if each != account), account][-5:]
    nonce = known.get("nonce") or secrets.token_urlsafe(12)
    value = seal({"nonce": nonce, "accounts": accounts}, purpose="device")
    response.set_cookie(
        DEVICE_COOKIE,
        value,
        max_age=DEVICE_DAYS * 86400,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def forget_old() -> int:
    return Attempt.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def _locked_for(attempt: Attempt, now: datetime) -> int:
    """Minutes to wait, 0 if none. Only earlier attempts count, which puts parallel ones in order."""
    earlier = Attempt.objects.filter(pk__lt=attempt.pk)
    until = _account_free_at(earlier.filter(account=attempt.account), now)
    if until is None and attempt.address:
        until = PER_ADDRESS.free_at(earlier.filter(address=attempt.address), now)
    return max(-(-int((until - now).total_seconds()) // 60), 1) if until else 0


def _account_free_at(failures: QuerySet, now: datetime) -> datetime | None:
    """A lock, not only a window: failures close together lock for the whole window after the last one."""
    times = list(failures.order_by("-pk").values_list("at", flat=True)[: PER_ACCOUNT.most])
    locked = len(times) == PER_ACCOUNT.most and times[0] - times[-1] <= PER_ACCOUNT.within
    until = times[0] + PER_ACCOUNT.within if locked else None
    return until if until and now < until else None


def _address() -> str:
    address = origin.get().address
    return blind_index("address", address) if address else ""
