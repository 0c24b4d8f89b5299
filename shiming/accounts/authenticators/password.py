"""User name and password: the first of two factors at the company, oversight and administrator doors."""

from django.contrib.auth.hashers import make_password

from shiming.accounts import captcha, throttle
from shiming.accounts.authenticators.proof import Proof, tell_failure
from shiming.accounts.hats import offers
from shiming.accounts.models import User
from shiming.core.actor import Door
from shiming.core.errors import Refused


def prove(request, *, door: Door, username: str, password: str, picture_code: str = "") -> Proof:
    """R-01 for a wrong name, a wrong password, a closed account, and an account without a role at this door."""
    account = throttle.account_key("staff", username)
    counter = throttle.counter(request, account)
    if throttle.wants_picture(counter) and not captcha.matches(request.session, picture_code):
        raise Refused("L-04" if picture_code else "L-10", field="picture_code")
    attempt = throttle.begin(counter)
    user = User.objects.filter(username=username.strip().lower(), is_active=True).first()
    if not _right(user, password) or not _belongs(user, door):
        tell_failure(door, attempt, user)
        raise Refused("R-01")
    throttle.succeeded(counter)
    return Proof(user, account)


def _right(user: User | None, password: str) -> bool:
    """Hash also for an unknown name, so that the response time does not reveal which names exist."""
    if user is None or not user.has_password:
        make_password(password)
        return False
    return user.check_password(password)


def _belongs(user: User, door: Door) -> bool:
    return any(hat.actor.door == door for hat in offers(user))
