"""State changes: only along the arrows of NEXT, on a locked row."""

from typing import TypeVar

from django.db import models

from shiming.core.errors import Conflict
from shiming.core.ids import uuid7

T = TypeVar("T", bound=models.Model)


class Record(models.Model):
    """A row with a random public id. Every field is listed in PLAIN or PRIVATE, or is a SecretField."""

    PLAIN: tuple[str, ...] = ()
    PRIVATE: tuple[str, ...] = ()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        abstract = True


class Versioned(Record):
    """A row that counts its saves, so that `lock(seen=…)` finds a change made meanwhile (R-43)."""

    version = models.PositiveIntegerField("版本", default=0)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.version += 1
        if (fields := kwargs.get("update_fields")) is not None:
            # Else a partial save would leave the version that lock(seen=…) compares.
            kwargs["update_fields"] = {*fields, "version"}
        super().save(*args, **kwargs)


class Lifecycle(Versioned):
    """A row with states. NEXT maps each state to the states that may follow; STATUS_FIELD names the column."""

    NEXT: dict = {}
    STATUS_FIELD = "status"

    class Meta:
        abstract = True

    def can_become(self, status) -> bool:
        return status in self.NEXT[getattr(self, self.STATUS_FIELD)]

    def become(self, status) -> None:
        """Move along an arrow, or raise Conflict in words. The caller saves."""
        self.require_arrow(status)
        setattr(self, self.STATUS_FIELD, status)

    def require_arrow(self, status) -> None:
        """Raise Conflict in words unless an arrow leads there."""
        now = getattr(self, self.STATUS_FIELD)
        if not self.can_become(status):
            choices = dict(self._meta.get_field(self.STATUS_FIELD).choices)
            why = "无需再办" if status == now else f"不能改为{choices[status]}"
            raise Conflict(f"{self._meta.verbose_name}{choices[now]}，{why}")


def lock(row: T, *, seen: int | None = None) -> T:
    """Re-read the row and lock it until the transaction ends; Conflict (R-43) if it changed since version `seen`."""
    held = row._meta.model._base_manager.select_for_update().get(pk=row.pk)
    if seen is not None and held.version != seen:
        raise Conflict()
    return held
