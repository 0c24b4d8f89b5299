"""Commands on health records."""

from shiming.health.commands.declaring import declare
from shiming.health.commands.files import note_opening, remove_file, upload_resumption_form
from shiming.health.commands.forgetting import forget_ended
from shiming.health.commands.looking_up import look_up
from shiming.health.commands.noting import note_daily, set_disposition
from shiming.health.commands.registering import add_family_member, correct, end_with_stay, pre_register
from shiming.health.commands.reminding import remind_due
from shiming.health.commands.site import save_site_info

__all__ = [
    "add_family_member",
    "correct",
    "declare",
    "end_with_stay",
    "forget_ended",
    "look_up",
    "note_daily",
    "note_opening",
    "pre_register",
    "remind_due",
    "remove_file",
    "save_site_info",
    "set_disposition",
    "upload_resumption_form",
]
