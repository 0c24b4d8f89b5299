"""The password profile of 等级保护 level 3: three kinds of characters, a new one every 90 days; off by default."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from shiming.accounts.commands import users
from shiming.accounts.models import User
from shiming.accounts.passwords import LASTS
from shiming.accounts.tests.conftest import PASSWORD, code_of, with_password
from tests.doors import client_of

pytestmark = pytest.mark.django_db
STRICT = "Blau-Kran 7391"


@pytest.fixture
def dengbao3(settings):
    settings.PASSWORD_PROFILE = "dengbao3"


def set_long_ago(user: User, days: int) -> User:
    user.password_set_at = timezone.now() - timedelta(days=days)
    user.save()
    return user


def logs_in(visitor, user, secret):
    """Log in; returns the page after the second factor."""
    visitor.post("/login/company/", {"username": user.username, "password": PASSWORD})
    return visitor.post("/login/second-factor/", {"code": code_of(secret)})


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        (STRICT, True),
        ("blau-kran 7391", True),  # lower case, digits and a symbol
        ("blaukran7391", False),
        ("一句足够长的好记的话", False),
        ("blau kran im hafen", False),
    ],
)
def test_three_kinds_of_characters_are_required(cast, dengbao3, password, taken):
    user = with_password(cast.hr)
    if taken:
        users.change_password(user, old=PASSWORD, new=password, by=cast.hr)
        assert User.objects.get(pk=user.pk).check_password(password)
    else:
        with pytest.raises(ValidationError):
            users.change_password(user, old=PASSWORD, new=password, by=cast.hr)


def test_new_password_differs_from_the_old(cast, dengbao3):
    user = with_password(cast.hr)
    users.change_password(user, old=PASSWORD, new=STRICT, by=cast.hr)

    with pytest.raises(ValidationError, match="不能与现在的密码相同"):
        users.change_password(user, old=STRICT, new=STRICT, by=cast.hr)


def test_expired_password_blocks_until_changed(cast, dengbao3, visitor, app_secret):
    user = set_long_ago(with_password(cast.hr, app_secret), LASTS.days + 1)

    assert logs_in(visitor, user, app_secret).url == "/account/password/"
    assert "密码已用满 90 天" in visitor.get("/account/password/").content.decode()
    assert visitor.get("/company/").url == "/hats/"
    assert visitor.get("/hats/").url == "/account/password/"
    assert visitor.post("/hats/", {"hat": "anything"}).url == "/account/password/"

    changed = visitor.post("/account/password/", {"old": PASSWORD, "password": STRICT, "again": STRICT})

    assert changed.url == "/company/"
    assert visitor.get("/company/").status_code == 200


@pytest.mark.parametrize(("profile", "days"), [("dengbao3", 89), ("standard", 1000)])
def test_other_accounts_need_no_change(cast, settings, visitor, app_secret, profile, days):
    settings.PASSWORD_PROFILE = profile
    user = set_long_ago(with_password(cast.hr, app_secret), days)

    assert logs_in(visitor, user, app_secret).url == "/company/"


def test_page_shows_the_requirements(cast, settings):
    client = client_of(cast.hr)
    assert "三类" not in client.get("/account/password/").content.decode()

    settings.PASSWORD_PROFILE = "dengbao3"
    assert "至少三类，每 90 天更换一次" in client.get("/account/password/").content.decode()
