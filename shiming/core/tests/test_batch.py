"""Many rows at once: each row is decided alone and listed in the result."""

import pytest
from django.db import IntegrityError

from shiming.core.batch import each
from shiming.core.errors import Conflict, Refused
from shiming.dictionaries.models import DictionaryEntry
from shiming.projects.models import Participation, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast) -> list[Team]:
    """Ordered by key, the order in which they are decided."""
    pks = sorted(cast.team(str(number)).pk for number in range(3))
    for pk, name in zip(pks, ("甲组", "乙组", "丙组"), strict=True):
        Team.objects.filter(pk=pk).update(name=name)
    return list(Team.objects.order_by("pk"))


def closes_all_but(refused: str):
    def decide(team):
        team.trade = "木工"
        team.save()
        if team.name == refused:
            raise Refused("R-68", count=2)
        return team.name

    return decide


def test_refused_row_does_not_stop_others(three):
    result = each(three, closes_all_but("乙组"))

    assert result.done == ["甲组", "丙组"]
    assert [(label, error.codes) for label, error in result.refused] == [("乙组", ["R-68"])]


def test_refused_row_is_rolled_back_alone(three):
    each(three, closes_all_but("乙组"))

    kept = dict(Team.objects.values_list("name", "trade"))
    assert kept == {"甲组": "木工", "乙组": "", "丙组": "木工"}


def test_rows_are_decided_in_key_order(three):
    pks = [team.pk for team in three]
    orders = [each(rows, lambda team: team.pk).done for rows in (three, three[::-1])]
    assert orders == [pks, pks]


def test_empty_selection_is_refused():
    with pytest.raises(Refused) as refused:
        each([], lambda row: row)
    assert (refused.value.codes, str(refused.value)) == (["R-44"], "请至少选择一人")


def test_refusal_names_its_row(three):
    result = each(three, closes_all_but("丙组"), label=lambda team: f"班组{team.name}")
    [(label, error)] = result.refused

    assert (label, error.row) == ("班组丙组", three[2].pk)
    assert [(name, [item.code for item in refusals]) for name, refusals in result.rows] == [("班组丙组", ["R-68"])]


def test_rows_refused_for_the_same_reason_are_named_together(three):
    def decide(team):
        raise Refused("R-68", count=3) if team.name == "乙组" else Refused("R-44")

    reasons = each(three, decide).reasons
    assert [(names, [item.sentence for item in refusals]) for names, refusals in reasons] == [
        (["甲组", "丙组"], ["请至少选择一人"]),
        (["乙组"], ["班组还有 3 人，不能撤销"]),
    ]


def test_a_row_that_changed_meanwhile_is_refused_like_any_other(three):
    def decide(team):
        raise Conflict("班组已撤销")

    assert [str(error) for _, error in each(three, decide).refused] == ["班组已撤销"] * 3


def test_constraint_race_is_refused_by_code(cast):
    place, races = cast.gc_place, {"one_place_per_company_and_project": "R-04"}

    def decide(company):
        return Participation.objects.create(project=place.project, company=company, kind="specialist", parent=place)

    result = each([cast.hongji, cast.hengli], decide, races=races)
    assert [row.company for row in result.done] == [cast.hengli]
    assert [(label, error.codes) for label, error in result.refused] == [("宏基总包", ["R-04"])]


def test_other_constraint_error_is_raised(three):
    def decide(team):
        return DictionaryEntry.objects.create(table="once", code="1", label=team.name)

    with pytest.raises(IntegrityError, match="one_entry_per_code"):
        each(three, decide, races={"one_place_per_company_and_project": "R-04"})


def test_on_refusal_work_survives_row_rollback(three):
    noted = []

    def note(team, error):
        noted.append((team.name, error.codes))
        DictionaryEntry.objects.create(table="refused", code=team.name, label=team.name)

    each(three, closes_all_but("甲组"), on_refusal=note)
    assert noted == [("甲组", ["R-68"])]
    assert DictionaryEntry.objects.filter(table="refused").count() == 1
