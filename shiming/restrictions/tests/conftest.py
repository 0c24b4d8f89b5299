"""The site of these tests."""

import pytest

from shiming.admission import commands as admission
from shiming.restrictions.tests.cases import day


@pytest.fixture
def site(cast):
    """张三 allocated to 滨江一期 by the labour company; the site asks for the check."""
    cast.worker = cast.assignment()
    row = admission.draft(cast.binjiang, "restriction", effect="refuse", settings={}, by=cast.admin)
    admission.start(row, on=day(0), by=cast.admin)
    assert cast.gc_pm and cast.supervision_pm and cast.labour_pm
    return cast
