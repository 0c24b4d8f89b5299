"""预登记二维码: the sealed code of a firm on a site, and its paper.

It dies when it is renewed or stopped, when the firm leaves or the project ends, and while no pre-registrations are
kept.
"""

from django.urls import reverse

from shiming.binding import poster_paper, sealed_codes
from shiming.binding.poster_codes import stands
from shiming.binding.sealed_codes import Outdated
from shiming.health.models import PreRegistrationPoster
from shiming.health.queries import is_kept
from shiming.projects.models import Participation

PURPOSE = "preregistration"
STEPS = [
    ("scan", "1　扫一扫", "用手机对准上面的码"),
    ("pencil", "2　填一填", "照着身份证填，点提交"),
    ("id-badge-2", "3　报号码", "到工地办公室报凭证号"),
]


def has_code(place: Participation) -> bool:
    return stands(place) and is_kept(place.project_id)


def poster_of(place: Participation) -> PreRegistrationPoster:
    """The saved one, or the first version."""
    saved = PreRegistrationPoster.objects.filter(participation=place).first()
    return saved or PreRegistrationPoster(participation=place)


def code_of(place: Participation) -> str:
    return sealed_codes.sealed(place.pk, poster_of(place).version, PURPOSE)


def read(code: str) -> Participation:
    """The living place of a scanned code; raises sealed_codes.Forged or Outdated."""
    pk, version = sealed_codes.opened(code, PURPOSE)
    place = Participation.objects.select_related("project", "company").get(pk=pk)
    poster = poster_of(place)
    if (poster.version, poster.stopped_at) != (version, None) or not has_code(place):
        raise Outdated
    return place


def link(place: Participation, request) -> str:
    return sealed_codes.address(reverse("proposal-form", args=[code_of(place)]), request)


def words(place: Participation, version: int) -> dict:
    foot = f"不会用手机的，请到工地办公室当面办理 · 第 {version} 版"
    return poster_paper.words_of(place, "进场预登记", STEPS, foot)
