"""The sealed code of a poster [004] 4-25: place, version, signature with a key of its own.

It dies when the poster is renewed or stopped, when the company leaves the project, when the project is finished, and
when the project no longer follows a flow in which the implementing unit audits.
"""

import hmac
from base64 import b32decode, b32encode, b64encode
from io import BytesIO
from uuid import UUID

import segno
from django.urls import reverse

from shiming.binding.models import Poster
from shiming.companies.models import Company
from shiming.core import keys
from shiming.core.environment import environment
from shiming.projects.chain import BUILDERS
from shiming.projects.flows import implementer_audits
from shiming.projects.models import Participation, Project
from shiming.projects.queries import policy_of

PLACE, VERSION = 26, 4  # letters of a UUID, digits of the version
SIGNED = 10  # bytes of the signature kept: 80 bits, guessed online or not at all


class Forged(Exception):
    """The code was not made here."""


class Outdated(Exception):
    """The code was genuine once; its poster has been renewed or stopped, or its place has ended."""


def has_poster(place: Participation) -> bool:
    """Whether this place may have a poster now: only the builders have workers and a poster (domain.md §11.1)."""
    if place.kind not in BUILDERS or place.left_on is not None or place.company.status == Company.Status.CLOSED:
        return False
    return place.project.status != Project.Status.FINISHED and implementer_audits(policy_of(place.project))


def code_of(place: Participation) -> str:
    return _signed(f"{_letters(place.pk.bytes)}{version_of(place):0{VERSION}d}")


def version_of(place: Participation) -> int:
    poster = poster_of(place)
    return poster.version if poster else 1


def poster_of(place: Participation) -> Poster | None:
    return Poster.objects.filter(participation=place).first()


def read(code: str) -> Participation:
    """The living place of a scanned code; raises Forged or Outdated."""
    body, signature = code[: PLACE + VERSION], code[PLACE + VERSION :]
    if not hmac.compare_digest(signature.encode(), _signature(body).encode()):
        raise Forged
    rows = Participation.objects.select_related("project", "company", "poster")
    place = rows.get(pk=UUID(bytes=b32decode(f"{body[:PLACE]}======")))
    poster = getattr(place, "poster", None)
    current = (1, None) if poster is None else (poster.version, poster.stopped_at)
    if current != (int(body[PLACE:]), None) or not has_poster(place):
        raise Outdated
    return place


def link(code: str, request) -> str:
    """The address in the picture: of the configured host, else of the one that was asked."""
    path = reverse("self-form", args=[code])
    base = environment().public_url.rstrip("/")
    return base + path if base else request.build_absolute_uri(path)


def svg(text: str) -> bytes:
    """The picture; it still reads with a corner torn off or wet."""
    out = BytesIO()
    plain = {"xmldecl": False, "svgclass": None, "lineclass": None}
    segno.make(text, error="q", boost_error=False).save(out, kind="svg", border=2, light="#fff", **plain)
    return out.getvalue()


def image(text: str) -> str:
    """The picture as an address an <img> can carry."""
    return f"data:image/svg+xml;base64,{b64encode(svg(text)).decode()}"


def _signed(body: str) -> str:
    return body + _signature(body)


def _signature(body: str) -> str:
    return _letters(keys.digest("posters", body)[:SIGNED])


def _letters(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=")
