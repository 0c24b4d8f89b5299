"""Breadcrumbs link only to pages that the reader may open."""

from types import SimpleNamespace

import pytest
from django.template import engines

from shiming.core.actor import Role

WAY = '{% crumbs "聘用管理" "employment-list" "张三" %}'


@pytest.mark.parametrize(("role", "led"), [(Role.HR_OFFICER, True), (Role.REGULATOR, False)])
def test_crumb_links_for_allowed_roles_only(role, led):
    html = engines["django"].from_string(WAY).render({"actor": SimpleNamespace(role=role)})
    assert ('href="/employments/"' in html) is led
    assert "聘用管理" in html and "张三" in html
