"""Tests of seseragi_django, by Django's own runner: `python -m django test --settings tests.settings tests`."""
