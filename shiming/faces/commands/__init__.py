"""What can be done about faces: consent, session, comparison, check by hand, alert."""

from shiming.faces.commands.alerts import raise_alerts, settle
from shiming.faces.commands.attendance import (
    Claim,
    Sighting,
    claim_by_code,
    claim_by_name,
    punch,
    punch_if_alike,
    recognise,
)
from shiming.faces.commands.checks import ask_check, confirm_check, decline_check, note_card
from shiming.faces.commands.comparisons import compare
from shiming.faces.commands.consents import agree, decline, drop_portrait, withdraw
from shiming.faces.commands.sessions import judge, preview, start

__all__ = [
    "Claim",
    "Sighting",
    "agree",
    "ask_check",
    "claim_by_code",
    "claim_by_name",
    "compare",
    "confirm_check",
    "decline",
    "decline_check",
    "drop_portrait",
    "judge",
    "note_card",
    "preview",
    "punch",
    "punch_if_alike",
    "raise_alerts",
    "recognise",
    "settle",
    "start",
    "withdraw",
]
