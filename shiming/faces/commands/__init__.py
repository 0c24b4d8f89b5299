"""What can be done about faces: consent, session, comparison, check by hand, alert."""

from shiming.faces.commands.alerts import raise_alerts, settle
from shiming.faces.commands.attendance import Sighting, punch, recognise
from shiming.faces.commands.checks import ask_check, confirm_check, decline_check, note_card
from shiming.faces.commands.comparisons import compare
from shiming.faces.commands.consents import agree, decline, withdraw
from shiming.faces.commands.sessions import judge, preview, start

__all__ = [
    "Sighting",
    "agree",
    "ask_check",
    "compare",
    "confirm_check",
    "decline",
    "decline_check",
    "judge",
    "note_card",
    "preview",
    "punch",
    "raise_alerts",
    "recognise",
    "settle",
    "start",
    "withdraw",
]
