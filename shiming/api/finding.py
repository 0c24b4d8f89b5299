"""Rows by id within the visibility of the key; lists by cursor, page by page; batches row by row."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.db.models import Model, QuerySet

from shiming.api.problems import NotFound
from shiming.core.batch import BatchResult
from shiming.core.errors import Invalid
from shiming.web import paging


def one(rows: QuerySet, pk: UUID) -> Model:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def several(rows: QuerySet, ids: Sequence[UUID]) -> list[Model]:
    """All rows with these ids; raises NotFound when one is missing or not visible."""
    found = list(rows.filter(pk__in=ids))
    if len(found) != len(set(ids)):
        raise NotFound()
    return found


def listed(rows: QuerySet, request, order: tuple[str, ...] = ("-created_at", "pk")) -> dict:
    page = paging.page(rows, request, order=order)
    if page.lost_place:
        raise Invalid("cursor 无效", next_step="从第一页重新开始", field="cursor")
    return {
        "items": page.rows,
        "next": _cursor(page.next_url),
        "total": page.total,
        "total_is_capped": page.total_is_capped,
    }


def batch(result: BatchResult) -> dict:
    refused = [
        {"id": error.row, "label": label, "refusals": [item.as_dict() for item in error.refusals]}
        for label, error in result.refused
    ]
    return {"done": result.done, "refused": refused}


def _cursor(url: str | None) -> str | None:
    return parse_qs(urlsplit(url).query)["cursor"][0] if url else None
