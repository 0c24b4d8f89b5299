"""Where faces and checks by hand stand in the menus."""

from shiming.core.actor import KEEPERS, SITE_ROLES, Actor, Door, Role
from shiming.faces import queries
from shiming.projects.policies import Policy
from shiming.web import menu


def _asks_for_faces(policy: Policy) -> bool:
    return policy.face_before_submit


def _open_alerts(actor: Actor):
    return queries.alerts(open_only=True)


COMPANY = {"door": Door.COMPANY, "roles": KEEPERS, "group": "人员", "when": _asks_for_faces}
menu.add(**COMPANY, label="人工核验", url_name="face-checks", icon="id", order=34, badge=queries.checks_waiting)
menu.add(
    **COMPANY,
    label="人工比对",
    url_name="face-comparisons",
    icon="face-id",
    order=35,
    badge=queries.comparisons_waiting,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="考勤",
    label="人脸考勤",
    url_name="face-attendance",
    icon="face-id",
    order=63,
    when=_asks_for_faces,
)
ADMIN = {"door": Door.ADMIN, "roles": (Role.SYS_ADMIN,), "group": "人员"}
menu.add(**ADMIN, label="人脸重复提示", url_name="face-alerts", icon="face-id", order=33, badge=_open_alerts)
menu.add(
    **ADMIN, label="人工比对", url_name="face-comparisons", icon="eye", order=34, badge=queries.comparisons_waiting
)
