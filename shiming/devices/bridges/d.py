"""Bridge D (port 33666): WebSocket; one word in, one JSON text out."""

from shiming.devices.bridges import Shown, Source
from shiming.devices.bridges.words import nation, portrait, sex

PORT = 33666


def answer(word: str, source: Source) -> dict:
    function = word.strip().removesuffix("#")
    match function:
        case "EST_GetVersion":
            return {"fun": function, "rCode": "0", "version": source.version()}
        case "EST_Reader_ReadIDCard":
            shown = source.read(0)
            values = _card(shown) if shown else {"rCode": "-2", "errMsg": source.trouble or "未放卡"}
            return {"fun": function} | values
    return {"fun": function, "rCode": "-1", "errMsg": "不支持"}


def _card(shown: Shown) -> dict:
    card = shown.card
    return {
        "rCode": "0",
        "name": card.name or card.english_name,
        "sex": sex(shown),
        "nation": nation(shown),
        "birth": card.birth,
        "address": card.address,
        "certNo": card.number,
        "department": card.issuer,
        "effectData": card.valid_from,
        "expire": card.valid_to,
        "base64Data": portrait(shown),
    }
