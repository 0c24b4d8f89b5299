"""shiming verify-trail: recompute the seals, compare them with the anchors, and the business rows with the trail."""

from collections.abc import Callable, Iterator

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, transaction
from django.db.models import Sum

from shiming.core import keys
from shiming.core.models import Seal
from shiming.core.seals import CHAINS
from shiming.evidence import anchor_check, business, seals
from shiming.evidence.findings import Finding


class Command(BaseCommand):
    help = "核对痕迹与考勤的封存、锚点和业务数据：改过、少了、多了、截了尾的，都指出来。"

    def add_arguments(self, parser):
        parser.add_argument("--no-rows", action="store_false", dest="rows", help="不与业务数据比较")

    def handle(self, *, rows: bool = True, **options):
        keys.forget()
        findings = []
        for chain in CHAINS.values():
            found = _all(chain.name, lambda chain=chain: seals.verify(chain))
            batches = Seal.objects.filter(chain=chain.name)
            sealed = batches.aggregate(rows=Sum("count"))["rows"] or 0
            self.stdout.write(f"{chain.name}: {batches.count()} 批，{sealed} 行，{len(found)} 处不符")
            findings += found
        others = [("anchors", "锚点", anchor_check.verify), ("business", "业务数据", business.verify)]
        for name, label, check in others if rows else others[:1]:
            found = _all(name, check)
            self.stdout.write(f"{label}: {len(found)} 处不符")
            findings += found
        for finding in findings:
            self.stdout.write(f"  {finding}")
        if findings:
            raise CommandError("痕迹核对不通过。请保留现场，与备份和锚点文件对照。")
        self.stdout.write("痕迹完整。")


def _all(name: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """All findings of one check. One that breaks off is a finding itself, and the others go on."""
    found = []
    try:
        with transaction.atomic():
            for finding in check():
                found.append(finding)
    except (Error, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        found.append(Finding(name, 0, f"核对在此中断（{type(error).__name__}：{error}），其后的内容没有核对"))
    return found
