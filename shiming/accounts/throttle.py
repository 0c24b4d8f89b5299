"""How often somebody may guess: five failures in a quarter of an hour lock an account for a quarter (security.md 27).

An attempt is written down before it is checked and crossed out when it succeeds, so a hundred at once are counted too.
Failures belong to what was typed, whether or not such an account exists. A browser that logged in before counts for
itself: strangers who guess cannot lock its owner out. There is no pause between tries beyond what Argon2id takes: the
picture code asked from the third failure on slows a machine more, and a person not at all.
"""

import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from shiming.accounts.models import Attempt
from shiming.core.audit import origin
from shiming.core.errors import Refused
from shiming.core.privacy import blind_index
from shiming.web.sealing import seal, unseal

MOST = 5
MOST_PER_ADDRESS = 60
PICTURE_AFTER = 3
WINDOW = timedelta(minutes=15)
DEVICE_COOKIE, DEVICE_DAYS = "device", 180


def account_key(door: str, typed: str) -> str:
    """The account as typed, as a keyed digest."""
    return blind_index("account", f"{door}:{typed.strip().lower()}")


def counter(request, account: str) -> str:
    """Under which key failures count: the account's, or that of a browser that has logged in to it before."""
    known = unseal(request.COOKIES.get(DEVICE_COOKIE, ""), purpose="device")
    return blind_index("device", f"{account}:{known['nonce']}") if known and account in known["accounts"] else account


def begin(account: str, now: datetime | None = None) -> Attempt:
    """Write the attempt down, then refuse it (L-02) if there were too many before."""
    now = now or timezone.now()
    attempt = Attempt.objects.create(at=now, account=account, address=_address())
    if minutes := _locked_for(attempt, now):
        attempt.delete()
        raise Refused("L-02", minutes=minutes)
    return attempt


def succeeded(account: str) -> None:
    Attempt.objects.filter(account=account).delete()


def wants_picture(account: str) -> bool:
    """After three failures a picture code is asked as well."""
    return failures(account) >= PICTURE_AFTER


def failures(account: str) -> int:
    return Attempt.objects.filter(account=account, at__gt=timezone.now() - WINDOW).count()


def trust(request, response, account: str) -> None:
    """Remember in this browser that this account logged in here; the cookie names nobody."""
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
    """Minutes to wait, 0 if none. The attempt itself does not count against its owner."""
    earlier = Attempt.objects.exclude(pk=attempt.pk).filter(pk__lt=attempt.pk)
    own = list(earlier.filter(account=attempt.account).order_by("-pk").values_list("at", flat=True)[:MOST])
    if len(own) == MOST and own[0] - own[-1] <= WINDOW and now < own[0] + WINDOW:
        return _minutes(own[0] + WINDOW - now)
    near = earlier.filter(address=attempt.address, at__gt=now - WINDOW).order_by("-pk").values_list("at", flat=True)
    crowd = list(near[:MOST_PER_ADDRESS]) if attempt.address else []
    return _minutes(crowd[-1] + WINDOW - now) if len(crowd) == MOST_PER_ADDRESS else 0


def _minutes(wait: timedelta) -> int:
    return max(-(-int(wait.total_seconds()) // 60), 1)


def _address() -> str:
    address = origin.get().address
    return blind_index("address", address) if address else ""
