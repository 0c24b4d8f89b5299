"""The cast itself: every member can be made."""

from shiming.people.models import Person


def test_cast_makes_everyone_and_finds_张三_by_number(cast):
    stay = cast.stay()
    actors = [
        *(cast.hr, cast.stranger_hr, cast.gc_pm, cast.specialist_pm, cast.labour_pm, cast.supervision_pm),
        *(cast.stranger_pm, cast.operator(), cast.regulator(), cast.admin, cast.himself()),
    ]
    assert len({actor.user_id for actor in actors}) == len(actors)
    assert Person.by_id_number(cast.zhang.id_number.plain) == stay.person == cast.zhang
