"""最新信息 of the administrator, and on the first epidemic site 预登记报送 and 扫码预登记."""

from shiming.bulletins import commands as bulletins
from shiming.core.actor import system
from shiming.demo.city import epidemic
from shiming.demo.city.moments import DAY
from shiming.demo.city.town import Town
from shiming.health import notice
from shiming.health.feed import commands as feed
from shiming.health.proposals import commands as proposals

STARTED = 4  # days ago
PROPOSED = 3  # people
# days ago, category, title, text, pinned, public
NOTICES = (
    (6, "通知公告", "部分工地启用防疫准入", "启用的工地先办进场预登记，再办进场。\n工人可以用手机扫工地的预登记二维码。", True, True),
    (3, "操作说明", "进场预登记怎么办", "一、本人在健康云申报。\n二、工地办预登记，或本人扫码填写。\n三、可进场的，办理进场。", False, True),
    (1, "系统维护", "周日零点停机维护", "周日零点至一点停机。门口的打卡先存在本机，恢复后自动补上。", False, False),
)  # fmt: skip


def notices(town: Town) -> None:
    for days, category, title, body, pinned, public in NOTICES:
        given = {"title": title, "category": category, "body": body, "pinned": pinned, "public": public}
        on = town.plan.today - days * DAY
        town.do(days, 9, bulletins.publish, **given, from_day=on, by=town.plan.admin)


def shared(town: Town) -> None:
    """The files of the last days wait for the worker process, which delivers them."""
    site = epidemic.sites_of(town.plan)[0]
    given = {"receiver": "星河区人口管理支队", "basis": "区防疫办关于建筑工地人员信息报送的通知"}
    town.do(STARTED, 10, feed.start, site.project, **given, by=site.contractor.pm)
    town.do(0, 0.5, feed.prepare_due, by=system("预登记报送"))


def proposed(town: Town) -> None:
    """People at the gate who have only declared fill in the phone form; the hint of the site names the first one."""
    site = epidemic.sites_of(town.plan)[0]
    waiting = [life for life in town.waiting["at_the_gate"] if life.site is site]
    free = [life for life in waiting if not life.citizen.person.preregistrations.exists()]
    for life in free[1 : PROPOSED + 1] or free:
        town.do(0.2, town.hour(), _propose, life)


def _propose(life):
    someone = life.someone
    given = {"name": life.name, "id_number": someone.id_number, "phone": someone.phone, "origin": "安徽省阜阳市"}
    crew = life.place.firm.company.name
    return proposals.propose(life.place.row, **given, firm=crew, notice_version=notice.VERSION)
