"""个人码, 建设卡 and 工地码 (domain.md §7.8): signed with a key of the server, and none contains the ID number.

A personal code is `P` person step signature and changes every 30 seconds. A card is `C` card signature, printed, valid
until another card is issued. A site code is `G` project version signature, printed, valid until it is renewed. All use
the alphanumeric mode of QR codes: fewer modules stay readable on a scratched screen or a wet poster.
"""

import hmac
import time
from base64 import b32decode, b32encode, b64encode
from datetime import datetime
from io import BytesIO
from typing import NamedTuple
from uuid import UUID

import segno

from shiming.core import keys
from shiming.core.errors import Refused
from shiming.projects.models import Project

STEP = 30  # seconds
LATE_STEPS = 2  # besides the current one, two earlier ones are valid
AHEAD = 20  # steps a phone fetches ahead for a lost signal: ten minutes
SIGNED = 10  # bytes of the signature kept: 80 bits, which only online guessing could attack


class PersonalCode(NamedTuple):
    person_id: UUID


class CardCode(NamedTuple):
    card_id: UUID


def personal_code(person_id: UUID, at: float | None = None) -> str:
    """The code of a person for the step in which `at` lies."""
    return _personal(person_id, _step(at))


def codes_ahead(person_id: UUID, at: float | None = None, count: int = AHEAD) -> list[tuple[int, str]]:
    """(step, code) of this step and those after it, for a phone that may lose its signal."""
    first = _step(at)
    return [(step, _personal(person_id, step)) for step in range(first, first + count)]


def card_code(card_id: UUID) -> str:
    return _signed(f"C{_letters(card_id.bytes)}")


def site_code(project: Project) -> str:
    return _signed(f"G{_letters(project.pk.bytes)}{project.site_code_version:04d}")


def read(text: str, at: datetime | None = None) -> PersonalCode | CardCode:
    """The person or card a scanned code names. Raises Refused R-30 when it is not genuine or had expired at the
    scan."""
    text = text.strip().upper()
    if text[:1] == "C":
        return CardCode(_uuid(_genuine(text, 27)[1:27]))
    if text[:1] != "P":
        raise _false()
    body = _genuine(text, 35)
    now = _step(at.timestamp() if at else None)
    if not now - LATE_STEPS <= int(body[27:35]) <= now:
        raise Refused("R-30", problem="已过期，请刷新")
    return PersonalCode(_uuid(body[1:27]))


def read_site_code(text: str) -> UUID:
    """The project a scanned site code names. Raises Refused R-30 for a code that is not genuine or was renewed."""
    text = text.strip().upper()
    if text[:1] != "G":
        raise _false()
    body = _genuine(text, 31)
    project_id = _uuid(body[1:27])
    if not Project.objects.filter(pk=project_id, site_code_version=int(body[27:31])).exists():
        raise Refused("R-30", problem="已过期，请刷新")
    return project_id


def picture(code: str) -> bytes:
    """The code as a plain SVG without classes, styles or scripts."""
    out = BytesIO()
    plain = {"xmldecl": False, "svgclass": None, "lineclass": None}
    segno.make(code, error="m", boost_error=False).save(out, kind="svg", border=2, light="#fff", **plain)
    return out.getvalue()


def image(code: str) -> str:
    """The picture as a data URL for the src of an <img>."""
    return f"data:image/svg+xml;base64,{b64encode(picture(code)).decode()}"


def _personal(person_id: UUID, step: int) -> str:
    return _signed(f"P{_letters(person_id.bytes)}{step:08d}")


def _step(at: float | None) -> int:
    return int((time.time() if at is None else at) // STEP)


def _signed(body: str) -> str:
    return body + _signature(body)


def _signature(body: str) -> str:
    return _letters(keys.digest("codes", body)[:SIGNED])


def _genuine(text: str, length: int) -> str:
    """The body of a code with a valid signature; raises Refused R-30 otherwise."""
    body, signature = text[:length], text[length:]
    if len(body) < length or not hmac.compare_digest(signature.encode(), _signature(body).encode()):
        raise _false()
    return body


def _letters(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=")


def _uuid(letters: str) -> UUID:
    return UUID(bytes=b32decode(letters + "======"))


def _false() -> Refused:
    return Refused("R-30", problem="无效")
