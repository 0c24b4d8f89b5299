"""Commands on a person's record."""

from shiming.people.commands.batch import run_identity_batch
from shiming.people.commands.checks import BadNumber, checked_number, checked_phone
from shiming.people.commands.drafts import (
    discard_draft,
    keep_draft,
    keep_draft_photo,
    read_draft,
    start_draft,
    take_photo,
)
from shiming.people.commands.guessing import limited
from shiming.people.commands.history import agree_to_history, withdraw_history
from shiming.people.commands.identity import fail, leave_to_administrator, open_card, verify
from shiming.people.commands.importing import register_many
from shiming.people.commands.items import differing, keep_items
from shiming.people.commands.new_phone import Ask, ask_new_phone, take_new_phone
from shiming.people.commands.own_data import export_own
from shiming.people.commands.profile import PROFILE, change_phone, keep_photos, set_portrait, update_profile
from shiming.people.commands.proof import forget_face, note_face, note_hand_check
from shiming.people.commands.reading import CardContent, take_card
from shiming.people.commands.reveal import REVEALABLE, count_reveal, reveal
from shiming.people.commands.submission import (
    check_identity,
    correct_submission,
    correct_typed_name,
    person_typed,
    register_typed,
    submit,
)

__all__ = [
    "PROFILE",
    "REVEALABLE",
    "Ask",
    "BadNumber",
    "CardContent",
    "agree_to_history",
    "ask_new_phone",
    "change_phone",
    "check_identity",
    "checked_number",
    "checked_phone",
    "correct_submission",
    "correct_typed_name",
    "count_reveal",
    "differing",
    "discard_draft",
    "export_own",
    "fail",
    "forget_face",
    "keep_draft",
    "keep_draft_photo",
    "keep_items",
    "keep_photos",
    "leave_to_administrator",
    "limited",
    "note_face",
    "note_hand_check",
    "open_card",
    "person_typed",
    "read_draft",
    "register_many",
    "register_typed",
    "reveal",
    "run_identity_batch",
    "set_portrait",
    "start_draft",
    "submit",
    "take_card",
    "take_new_phone",
    "take_photo",
    "update_profile",
    "verify",
    "withdraw_history",
]
