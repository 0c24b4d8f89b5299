"""The signs of days in a calendar: attendance, and what became of a request for correction."""

from collections.abc import Callable, Iterable
from datetime import date

from shiming.attendance.days import AttendanceDay, DayStatus
from shiming.attendance.models import Correction

# status → (tone, word); 正常 shows hours in a sheet and only its tone in a calendar
SIGNS = {
    DayStatus.NORMAL: ("ok", ""),
    DayStatus.ONGOING: ("info", "在岗"),
    DayStatus.REVIEW: ("alarm", "待核"),
    DayStatus.MISSING_IN: ("alarm", "缺进"),
    DayStatus.MISSING_OUT: ("alarm", "缺出"),
    DayStatus.AUTO_CLOSED: ("wait", "自动"),
    DayStatus.CORRECTING: ("wait", "更正"),
}
CORRECTED = {
    Correction.Status.OPEN: ("wait", "更正中"),
    Correction.Status.APPROVED: ("ok", "已更正"),
    Correction.Status.DENIED: ("stop", "未同意"),
}


def signs_of(
    days: Iterable[AttendanceDay],
    corrections: Iterable[Correction],
    *,
    on_site: Iterable[date] = (),
    href: Callable[[date], str] = lambda day: "",
) -> dict[date, tuple[str, str, str]]:
    """(tone, word, address) by date; days on site without a punch have an address and no tone."""
    signs = {day: ("", "", href(day)) for day in on_site}
    signs |= {day.day: (*SIGNS[day.status], href(day.day)) for day in days}
    for correction in sorted(corrections, key=lambda row: row.created_at):
        tone, word = CORRECTED[correction.status]
        kept, _, _ = signs.get(correction.day, (tone, "", ""))
        approved = correction.status == Correction.Status.APPROVED
        signs[correction.day] = (kept if approved and kept else tone, word, href(correction.day))
    return signs
