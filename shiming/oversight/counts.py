"""Columns of 实名制作业人员信息查询 that later modules count.

    @register("preregistered")
    def preregistered(when):
        return <an expression annotated to each Project: the number at that moment>

A column that no module counts is 0.
"""

from collections.abc import Callable

from django.db.models import Value

from shiming.oversight.moments import Moment

NAMES = ("preregistered",)
_counts: dict[str, Callable[[Moment], object]] = {}


def register(name: str) -> Callable:
    if name not in NAMES:
        raise ValueError(f"no column is called {name}")

    def keep(count):
        _counts[name] = count
        return count

    return keep


def annotations(when: Moment) -> dict:
    return {name: _counts[name](when) if name in _counts else Value(0) for name in NAMES}
