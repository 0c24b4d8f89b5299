"""后台任务: every scheduled job with its time in Shanghai, and the jobs that failed."""

import re
from datetime import UTC, datetime, time

from django.shortcuts import render
from django.utils import timezone

from shiming.administration import scheduled_jobs
from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table

# task without "shiming." and ".jobs" → what the administrator reads; tests ask for every task
LABELS = {
    "core.seal_trails": "封存痕迹与考勤",
    "evidence.anchor_trails": "写痕迹锚点",
    "core.take_up_stranded": "接手中断的任务",
    "core.remove_orphans": "清理无主文件",
    "administration.forget_failed_jobs": "清理失败任务的记录",
    "imports.forget_imports": "清理导入文件",
    "imports.run_import": "导入表格",
    "outbox.deliver_waiting": "重发未送达的消息",
    "outbox.deliver_message": "发送消息",
    "outbox.forget_old_messages": "清理旧消息",
    "people.nightly_identity_batch": "身份核验批次",
    "people.discard_old_drafts": "清理未完成的个人登记",
    "projects.tell_expiring_grants": "提醒授权到期",
    "projects.withdraw_expired_filed_people": "撤下到期的报送人员",
    "employment.expire_invitations": "邀请到期",
    "employment.flag_overdue_leaves": "离职申请超时",
    "employment.discard_old_manager_drafts": "清理登记草稿",
    "attachments.tidy_up": "清理未完成的上传",
    "admission.announce_checks": "通知将要开始的准入检查",
    "safety.remind_of_trainings": "提醒培训到期",
    "credentials.remind_of_credentials": "提醒证书到期",
    "restrictions.forget_ended_restrictions": "删除到期的限制进场记录",
    "binding.sync_filed_people": "同步报送人员",
    "binding.forget_old_self_forms": "清理扫码登记表",
    "health.remind_of_due_dispositions": "提醒隔离到期",
    "health.forget_ended_sites": "删除到期的健康数据",
    "health.make_feed_files": "生成预登记报送文件",
    "health.deliver_feed_files": "送出预登记报送文件",
    "attendance.close_forgotten_shifts": "关闭忘记打卡的班次",
    "faces.forget_after_exit": "删除到期的人脸模板",
    "oversight.count_troubles": "统计问题项目",
    "oversight.count_slow_troubles": "统计问题项目（每小时）",
    "oversight.count_past_days": "统计从前的日子",
    "accounts.forget_what_has_ended": "清理结束的会话与验证码",
    "api.forget_old_answers": "清理接口的旧应答",
    "api.forget_old_received": "清理来件原文",
}
EVERY = (
    (r"^\* \* \* \* \* \*/(\d+)$", "每 {} 秒"),
    (r"^\* \* \* \* \*$", "每分钟"),
    (r"^\*/(\d+) \* \* \* \*$", "每 {} 分钟"),
    (r"^(\d+) \* \* \* \*$", "每小时第 {} 分"),
)
DAILY = re.compile(r"^(\d+) (\d+) \* \* \*$")

SCHEDULED = [
    Column("任务", render=lambda row: label(row.task)),
    Column("时间（上海）", render=lambda row: in_words(row.cron)),
    Column("上次", "last", kind="time"),
    Column("下次", "next", kind="time"),
]
FAILED = [
    Column("任务", render=lambda job: label(job.task_name)),
    Column("编号", kind="number", render=lambda job: str(job.pk)),
    Column("排定时间", "scheduled_at", kind="time"),
    Column("试过", render=lambda job: f"{job.attempts} 次"),
]


@console(Role.SYS_ADMIN, methods=("GET",))
def index(request):
    scheduled = Table(SCHEDULED, scheduled_jobs.scheduled(), caption="定时任务")
    return render(request, "administration/jobs.html", {"scheduled": scheduled, "failed": _failed(request)})


@register_list("job-list")
def _failed(request) -> Table:
    rows = Paged(scheduled_jobs.failed(), request, order=("-id",))
    empty = Empty("没有失败的任务", "失败的任务会列在这里三十天，原因在日志里。", icon="circle-check")
    return Table(FAILED, rows, caption="失败的任务", empty=empty)


def label(task: str) -> str:
    return LABELS.get(task.removeprefix("shiming.").replace(".jobs.", "."), task)


def in_words(cron: str) -> str:
    """When a job runs, in Shanghai's time; a rhythm that has no words yet is returned as it is."""
    for pattern, words in EVERY:
        if found := re.match(pattern, cron):
            return words.format(*found.groups())
    if found := DAILY.match(cron):
        minute, hour = map(int, found.groups())
        at = datetime.combine(timezone.localdate(), time(hour, minute, tzinfo=UTC))
        return f"每天 {timezone.localtime(at):%H:%M}"
    return cron
