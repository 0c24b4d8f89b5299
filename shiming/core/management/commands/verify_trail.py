"""shiming verify-trail: recompute the seals and compare them with the anchors."""

from django.core.management.base import BaseCommand, CommandError

from shiming.core import seals
from shiming.core.models import Seal


class Command(BaseCommand):
    help = "核对痕迹与考勤的封存：改过、少了、多了、截了尾的，都指出来。"

    def handle(self, **options):
        findings = []
        for chain in seals.CHAINS.values():
            found = list(seals.verify(chain))
            batches = Seal.objects.filter(chain=chain.name)
            rows = sum(batches.values_list("count", flat=True))
            self.stdout.write(f"{chain.name}: {batches.count()} 批，{rows} 行，{len(found)} 处不符")
            findings += found
        for finding in findings:
            self.stdout.write(f"  {finding.chain} 第 {finding.seal} 批：{finding.sentence}")
        for finding in (unreadable := list(seals.unreadable_anchors())):
            self.stdout.write(f"  {finding.chain}第 {finding.seal} 行：{finding.sentence}")
        if Seal.objects.exists() and not seals.has_anchors():
            self.stdout.write("没有锚点文件可以对照：尾部若被截去，这里看不出来。")
        if findings or unreadable:
            raise CommandError("痕迹核对不通过。请保留现场，与备份和锚点文件对照。")
        self.stdout.write("痕迹完整。")
