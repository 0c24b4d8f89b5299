"""Excel import of teams."""

from shiming.core.models import AuditEntry
from shiming.projects.models import Team
from tests.cast import invented_id
from tests.tables import commit, problems, tally, upload

HEADS = ["劳务队名称", "主要工种", "劳务队长", "身份证号", "非现场作业人员"]


def test_teams_import_twice_changes_once(cast):
    leader = cast.person("韩班长")
    lines = [HEADS, ["一班", "木工", "韩班长", leader.id_number.plain, "是"], ["二班", "", "", "", ""]]
    for expected in ((2, 0, 0, []), (0, 0, 2, [])):
        assert tally(commit(upload("teams", cast.hr, *lines), cast.hr)) == expected

    team = Team.objects.get(name="一班")
    assert (team.company, team.trade, team.leader, team.off_site_leader) == (cast.antai, "木工", leader, True)
    assert str(AuditEntry.objects.filter(event="team.created").first()) == "陈人事建立班组一班"


def test_empty_cells_keep_their_values(cast):
    commit(upload("teams", cast.hr, ["班组", "工种"], ["一班", "木工"]), cast.hr)
    assert tally(commit(upload("teams", cast.hr, ["班组"], ["一班"]), cast.hr)) == (0, 0, 1, [])
    assert tally(commit(upload("teams", cast.hr, ["班组", "工种"], ["一班", "架子工"]), cast.hr)) == (0, 1, 0, [])


def test_unknown_or_unreachable_leader_is_refused(cast):
    unreachable = cast.person("无电话")
    unreachable.phone, unreachable.phone_digest = None, ""
    unreachable.save()
    lines = [
        HEADS,
        ["一班", "", "韩班长", invented_id(711), ""],
        ["二班", "", "无电话", unreachable.id_number.plain, ""],
        ["三班", "", "另一个名字", cast.zhang.id_number.plain, ""],
        ["三班", "", "", "", ""],
    ]
    by_row = {number: "".join(found.values()) for number, found in problems(upload("teams", cast.hr, *lines)).items()}

    assert "R-06" in by_row[2] and "R-12" in by_row[3] and "R-07" in by_row[4] and by_row[5] == "与第 4 行重复"
