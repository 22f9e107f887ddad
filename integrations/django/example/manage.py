#!/usr/bin/env python
"""Django's command line for the example. The variant is the settings module: see README.md."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example.settings.package")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
