"""The Django application."""

from django.apps import AppConfig


class SeseragiConfig(AppConfig):
    """Connects the checks and the signals."""

    name = "seseragi_django"
    verbose_name = "Seseragi"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, signals  # noqa: F401 importing registers the checks

        signals.connect()
