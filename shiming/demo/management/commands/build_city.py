"""`shiming manage build_city --people 2000 --seed 7`: the invented city, into an empty database."""

import time

from django.core.management.base import BaseCommand, CommandError

from shiming.companies.models import Company
from shiming.core.environment import environment
from shiming.demo.city.build import DETAILED, build


class Command(BaseCommand):
    help = "把一座虚构的城市写进空数据库（只用于演示与测量）"

    def add_arguments(self, parser):
        parser.add_argument("--people", type=int, default=2000, help="人数")
        parser.add_argument("--seed", type=int, default=7, help="同一种子总是同一座城")
        parser.add_argument("--detailed", type=int, default=DETAILED, help="其中多少人有考勤、账号与逐步的痕迹")

    def handle(self, *, people, seed, detailed, **options):
        if environment().mode == "production":
            raise CommandError("只有演示环境可以建虚构的城市。正式数据请不要与虚构的人混在一起。")
        if Company.objects.exists():
            raise CommandError("数据库不是空的：请用 shiming demo --reset 重新开始。")
        started = time.monotonic()
        build(people=people, seed=seed, detailed=detailed, say=self._say)
        self._say(f"{people} 人的城市建成，共 {time.monotonic() - started:.0f} 秒")

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
