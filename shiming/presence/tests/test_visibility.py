"""Visibility of stays."""

import pytest

from shiming.presence import rules
from shiming.presence.models import Stay


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("gc_pm", True),
        ("specialist_pm", True),
        ("labour_pm", True),
        ("supervision_pm", True),
        ("hr", True),
        ("gc_hr", True),
        ("stranger_pm", False),
        ("stranger_hr", False),
    ],
)
def test_stay_is_visible_by_role(cast, who, sees):
    cast.stay()
    assert Stay.objects.filter(rules.visible_to(getattr(cast, who))).exists() is sees


def test_person_station_and_administrator_see_stay(cast):
    cast.stay()
    seeing = [cast.himself(), cast.regulator(), cast.admin]
    blind = [cast.himself(cast.person("李四")), cast.regulator("孔监督", "西区监督站")]
    assert all(Stay.objects.filter(rules.visible_to(actor)).exists() for actor in seeing)
    assert not any(Stay.objects.filter(rules.visible_to(actor)).exists() for actor in blind)
