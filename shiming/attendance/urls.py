"""Addresses of the attendance pages."""

from datetime import date

from django.urls import path, register_converter

from shiming.attendance import console, mobile
from shiming.attendance.days import checked_day


class DayConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return checked_day(date.fromisoformat(value))

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("attendance/", console.days, name="attendance-list"),
    path("attendance/month/", console.month, name="attendance-month"),
    path("attendance/people/<uuid:pk>/", console.person, name="attendance-person"),
    path("attendance/corrections/", console.corrections, name="attendance-corrections"),
    path("attendance/corrections/<uuid:pk>/decision/", console.decision, name="attendance-decision"),
    path("attendance/shifts/", console.shifts, name="attendance-shifts"),
    path("m/attendance/", mobile.month, name="my-attendance"),
    path("m/attendance/<day:day>/", mobile.day, name="my-day"),
    path("m/attendance/<day:day>/<uuid:project_id>/correction/", mobile.correction, name="my-correction"),
    path("m/team/", mobile.team, name="my-team"),
    path("m/scan/", mobile.scan, name="my-scan"),
    path("site/scan/punch/", mobile.punch, name="site-punch"),
]
