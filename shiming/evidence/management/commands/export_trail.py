"""shiming export-trail FILE: the sealed trail as a signed file that can be checked without the product."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from shiming.core.actor import system
from shiming.evidence.commands import export_trail


class Command(BaseCommand):
    help = "导出已封存的痕迹与考勤、封存和锚点，供外部核对（scripts/verify_trail_export.py）。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        try:
            manifest = export_trail(file, by=system())
        except FileExistsError as error:
            raise CommandError(f"{file} 已存在，不会覆盖。请换一个文件名。") from error
        except OSError as error:
            raise CommandError(f"{file} 无法写入（{error.strerror}）。请换一个可写的文件夹。") from error
        self.stdout.write(f"已导出到 {file}：{sum(manifest['rows'].values())} 条记录。文件含姓名，请妥善保管。")
        self.stdout.write(f"公钥（请另行交给核对的人）：{manifest['public_key']}")
