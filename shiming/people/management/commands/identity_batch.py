"""shiming identity-batch: run the identity batch now."""

from django.core.management.base import BaseCommand

from shiming.core.actor import system
from shiming.people.commands import run_identity_batch


class Command(BaseCommand):
    help = "核验所有待核验人员的身份。可以重复运行，也可以中途停下。"

    def handle(self, *args, **options):
        batch = run_identity_batch(by=system("身份核验"))
        self.stdout.write(f"核验 {batch.checked} 人：通过 {batch.passed}，失败 {batch.failed}，待人工 {batch.left}")
