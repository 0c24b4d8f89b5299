"""The feed of pre-registrations to a third authority (manual row 2-02)."""

from ninja import Router

from shiming.api.bodies import FeedDay
from shiming.api.schemas import FeedOut, answers
from shiming.core.actor import Role
from shiming.core.doors import api
from shiming.health.feed import commands

router = Router(tags=["预登记报送"])


@router.post("/feed/takings", response=answers(FeedOut), summary="取一天的预登记与签名")
@api(Role.SITE_OPERATOR)
def take(request, body: FeedDay):
    """施工总包项目经理开启报送的，用其有预登记权限的密钥取昨天及以前的一天；号码不加掩码，每次取走都有记录。"""
    return commands.take(body.day, by=request.actor)
