"""The stored counts of troubles per project."""

from django.db import models

from shiming.projects.models import Project


class TroublesCounted(models.Model):
    """一个在建项目各类问题有多少，隔几分钟数一遍（jobs.py）。"""

    PLAIN = ("project", "late", "expired", "forgotten", "counted_at")
    PRIVATE = ()

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="troubles_counted")
    late = models.PositiveIntegerField("逾期未确认")
    expired = models.PositiveIntegerField("授权过期")
    forgotten = models.PositiveIntegerField("疑似漏办退场")
    counted_at = models.DateTimeField("核对时间")

    class Meta:
        verbose_name = "项目问题数"

    def __str__(self):
        return f"{self.project}：{self.late}、{self.expired}、{self.forgotten}"
