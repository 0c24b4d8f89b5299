"""What can be done about sites, the firms on them, their contracts, crews and grants."""

from shiming.projects.commands.contracts import change_contract, close_contract, file_contract, save_draft_contract
from shiming.projects.commands.filed_people import (
    sync_filed_people,
    take_over_filed_person,
    withdraw_expired,
)
from shiming.projects.commands.grants import extend_grant, grant, note_expiring, note_use, revoke_grant
from shiming.projects.commands.importing import (
    take_over_contract,
    take_over_participation,
    take_over_project,
)
from shiming.projects.commands.participations import add_participation, leave
from shiming.projects.commands.registering import (
    change_project,
    register_project,
    renew_site_code,
    set_policy,
    set_status,
)
from shiming.projects.commands.stations import add_station, post_regulator, remove_regulator
from shiming.projects.commands.taking_part import give_up_place, project_to_add, restore_place, take_part
from shiming.projects.commands.teams import change_team, close_team, create_team

__all__ = [
    "add_participation",
    "add_station",
    "change_contract",
    "change_project",
    "change_team",
    "close_contract",
    "close_team",
    "create_team",
    "extend_grant",
    "file_contract",
    "give_up_place",
    "grant",
    "leave",
    "note_expiring",
    "note_use",
    "post_regulator",
    "project_to_add",
    "register_project",
    "remove_regulator",
    "renew_site_code",
    "restore_place",
    "revoke_grant",
    "save_draft_contract",
    "set_policy",
    "set_status",
    "sync_filed_people",
    "take_over_contract",
    "take_over_filed_person",
    "take_over_participation",
    "take_over_project",
    "take_part",
    "withdraw_expired",
]
