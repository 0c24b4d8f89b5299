"""The paper of 项目二维码 [004] 4-25: its words, for the print page and the PDF alike."""

from pathlib import Path

from shiming.binding.sealed_codes import svg
from shiming.projects.models import Participation
from shiming.web import icons, press

POSTER = Path(__file__).with_name("paper") / "poster.typ"
STEPS = [
    ("scan", "1　扫一扫", "用手机对准上面的码"),
    ("pencil", "2　填一填", "照着身份证填，点提交"),
    ("id-badge-2", "3　报号码", "带身份证，到办公室报凭证号"),
]


def words(place: Participation, version: int) -> dict:
    return words_of(place, "扫码登记", STEPS, f"不会用手机的，请到工地办公室当面登记 · 第 {version} 版")


def words_of(place: Participation, heading: str, steps: list, foot: str) -> dict:
    """The words of a poster of any kind; a step is (icon, title, text)."""
    facts = [
        ("报建编号", place.project.filing_code),
        ("项目名称", place.project.name),
        ("企业名称", place.company.name),
    ]
    return {"heading": heading, "facts": facts, "steps": steps, "foot": foot}


def pdf(place: Participation, version: int, address: str) -> bytes:
    """The poster on one page of A4; raises press.NotPrinted."""
    return pdf_of(words(place, version), address)


def printed(place: Participation, version: int, address: str) -> dict:
    return printed_of(words(place, version), address)


def pdf_of(printed_words: dict, address: str) -> bytes:
    """A poster of any kind with the words of `words_of`; raises press.NotPrinted."""
    return press.print_pdf(POSTER, printed_of(printed_words, address))


def printed_of(printed_words: dict, address: str) -> dict:
    pictures = {"code": svg(address).decode(), "icons": [icons.svg(name) for name, *_ in printed_words["steps"]]}
    return printed_words | pictures
