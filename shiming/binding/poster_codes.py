"""The code of a poster [004] 4-25 (sealed_codes.py).

It dies when the poster is renewed or stopped, when the company leaves the project, when the project is finished, and
when the project no longer follows a flow in which the implementing unit audits.
"""

from django.urls import reverse

from shiming.binding import sealed_codes
from shiming.binding.models import Poster
from shiming.binding.sealed_codes import Outdated
from shiming.companies.models import Company
from shiming.projects.chain import BUILDERS
from shiming.projects.flows import implementer_audits
from shiming.projects.models import Participation, Project
from shiming.projects.queries import policy_of


def stands(place: Participation) -> bool:
    """Whether this place may have any poster: a builder that is still on a project that goes on."""
    if place.kind not in BUILDERS or place.left_on is not None or place.company.status == Company.Status.CLOSED:
        return False
    return place.project.status != Project.Status.FINISHED


def has_poster(place: Participation) -> bool:
    """Whether this place may have a poster now: only the builders have workers and a poster (domain.md §11.1)."""
    return stands(place) and implementer_audits(policy_of(place.project))


def code_of(place: Participation) -> str:
    return sealed_codes.sealed(place.pk, version_of(place))


def version_of(place: Participation) -> int:
    poster = poster_of(place)
    return poster.version if poster else 1


def poster_of(place: Participation) -> Poster | None:
    return Poster.objects.filter(participation=place).first()


def read(code: str) -> Participation:
    """The living place of a scanned code; raises sealed_codes.Forged or Outdated."""
    pk, version = sealed_codes.opened(code)
    place = Participation.objects.select_related("project", "company", "poster").get(pk=pk)
    poster = getattr(place, "poster", None)
    current = (1, None) if poster is None else (poster.version, poster.stopped_at)
    if current != (version, None) or not has_poster(place):
        raise Outdated
    return place


def link(code: str, request) -> str:
    return sealed_codes.address(reverse("self-form", args=[code]), request)
