"""Bridge C (port 18889): POST /api/connect, then POST /api/readCard."""

from shiming.devices.bridges import Shown, Source
from shiming.devices.bridges.words import nation, portrait
from shiming.devices.reader.text import Kind

PORT = 18889
GENDERS = {"1": "1", "2": "0"}


def answer(method: str, path: str, query: dict, source: Source) -> dict | None:
    match (method, path):
        case (_, "/api/getStatus") | ("POST", "/api/connect"):
            return {"resultFlag": 0, "errorMsg": "", "resultContent": {"version": source.version()}}
        case ("POST", "/api/readCard"):
            shown = source.read(0)
            return _card(shown) if shown else {"resultFlag": -1, "errorMsg": source.trouble or "未放卡"}
    return None


def _card(shown: Shown) -> dict:
    card = shown.card
    content = {
        "partyName": card.name or card.english_name,
        "gender": GENDERS.get(card.sex, ""),
        "nation": nation(shown),
        "bornDay": card.birth,
        "certAddress": card.address,
        "certNumber": card.number,
        "certOrg": card.issuer,
        "effDate": card.valid_from,
        "expDate": card.valid_to,
        "identityPic": portrait(shown),
        "certType": "" if card.kind is Kind.RESIDENT else card.kind.label,
    }
    return {"resultFlag": 0, "errorMsg": "", "resultContent": content}
