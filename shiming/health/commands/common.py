"""What all commands on health records ask first, and warnings that a user may confirm."""

from uuid import UUID

from shiming.core.errors import Conflict, RefusedAll
from shiming.health import queries


class Unsure(RefusedAll):
    """Warnings only (W-…): the same command with `sure=True` saves."""


def require_overlay(project_id: UUID) -> None:
    """Records are written while the check is in force or has a first day ahead; afterwards they are read only."""
    if not queries.is_kept(project_id):
        raise Conflict("本项目没有启用防疫准入，记录只能查看")
