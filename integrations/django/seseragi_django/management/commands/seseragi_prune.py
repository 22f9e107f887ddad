"""`manage.py seseragi_prune`: deletes refresh tokens whose time is over. Run it daily, like `clearsessions`."""

from django.core.management.base import BaseCommand

from ...refresh import prune


class Command(BaseCommand):
    help = "Deletes refresh tokens and families whose time is over."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"deleted {prune()} rows")
