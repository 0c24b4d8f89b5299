"""A month laid out in weeks, Monday first."""

import calendar
import datetime
from dataclasses import dataclass

from django.utils import timezone

WORDS = {
    "ok": "完整",
    "wait": "待处理",
    "alarm": "有缺卡",
    "stop": "不通过",
    "idle": "无考勤",
    "info": "进行中",
}


@dataclass(frozen=True)
class Day:
    date: datetime.date
    in_month: bool
    today: bool
    tone: str
    word: str
    href: str

    @property
    def spoken(self):
        """The day's name for a screen reader."""
        label = self.word or WORDS.get(self.tone, "")
        return f"{self.date.month}月{self.date.day}日" + (f"，{label}" if label else "")


def weeks(year: int, month: int, days: dict) -> list[list[Day]]:
    """`days` maps a date to (tone, short word, address); other days are plain."""
    today = timezone.localdate()
    grid = calendar.Calendar().monthdatescalendar(year, month)
    return [[_day(date, month, today, days.get(date, ("", "", ""))) for date in week] for week in grid]


def _day(date, month, today, cell):
    tone, word, href = cell
    return Day(date, date.month == month, date == today, tone, word, href)
