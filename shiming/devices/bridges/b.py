"""Bridge B (port 24010): GET /ZKIDROnline/ScanReadIdCardInfo. Its JSON leaves backslashes unescaped; so does ours."""

import json

from shiming.devices.bridges import Shown, Source
from shiming.devices.bridges.words import dotted, nation, portrait, sex

PORT = 24010
NO_CARD = 11


def answer(method: str, path: str, query: dict, source: Source) -> str | None:
    match path:
        case "/ZKIDROnline/info":
            return _unescaped({"ret": 0, "version": source.version(), "path": "C:\\Program Files\\IDReader"})
        case "/ZKIDROnline/ScanReadIdCardInfo":
            shown = source.read(0)
            return _unescaped(_card(shown) if shown else {"ret": NO_CARD, "msg": source.trouble or "未放卡"})
    return None


def _unescaped(values: dict) -> str:
    return json.dumps(values, ensure_ascii=False).replace("\\\\", "\\")


def _card(shown: Shown) -> dict:
    card = shown.card
    return {
        "ret": 0,
        "Certificate": {
            "Name": card.name,
            "Sex": sex(shown),
            "Nation": nation(shown),
            "Birthday": dotted(card.birth),
            "Address": card.address,
            "IDNumber": card.number,
            "IDIssued": card.issuer,
            "IssuedData": dotted(card.valid_from),
            "ValidDate": dotted(card.valid_to),
            "Base64Photo": portrait(shown),
        },
        "SavePath": "C:\\IDReader\\temp\\zp.bmp",
    }
