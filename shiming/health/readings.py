"""Symptoms and temperatures: what is accepted, and when the two contradict each other (W-01, R-39)."""

import unicodedata
from decimal import Decimal, InvalidOperation

from shiming.core.errors import Invalid, Refused, missing

FEVER, NOTHING = "发热", "无上述异常症状"
SYMPTOMS = ("发热", "咳嗽", "流涕", "咽痛", "咳痰", "胸痛", "肌肉酸痛/关节痛", "气促", "腹泻", NOTHING)
HOT = Decimal("37.3")
LOWEST, HIGHEST = Decimal("34.0"), Decimal("43.0")


def temperature(text: str) -> Decimal:
    """Degrees with one decimal between 34.0 and 43.0; full-width digits, a unit and a comma are forgiven."""
    plain = unicodedata.normalize("NFKC", text or "").replace("°C", "").replace("度", "").replace(",", ".").strip()
    plain = plain.removesuffix("℃").replace("。", ".").strip()
    if not plain:
        raise missing("体温", "temperature")
    try:
        value = Decimal(plain)
        shortened = value.quantize(Decimal("0.1"))
    except InvalidOperation:
        value = shortened = None
    if value is None or value != shortened or not LOWEST <= value <= HIGHEST:
        raise Invalid(
            f"体温应在 {LOWEST} 到 {HIGHEST} 之间，最多一位小数", next_step="核对体温，如 36.5", field="temperature"
        )
    return shortened


def symptoms(ticked: list[str]) -> list[str]:
    """The ticked symptoms in printed order: one at least, and 无上述异常症状 alone (R-39)."""
    found = [each for each in SYMPTOMS if each in ticked]
    if not found:
        raise missing("健康状态", "symptoms")
    if NOTHING in found and len(found) > 1:
        raise Refused("R-39", field="symptoms")
    return found


def doubtful(ticked: list[str], degrees: str) -> bool:
    """W-01 for values that `symptoms` and `temperature` have accepted."""
    return contradict(ticked, Decimal(degrees))


def contradict(ticked: list[str], degrees: Decimal) -> bool:
    """W-01: 发热 below 37.3 °C, or 37.3 °C and more without 发热."""
    return (FEVER in ticked) != (degrees >= HOT)
