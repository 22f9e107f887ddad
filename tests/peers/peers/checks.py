"""One line per check, a closing line, an exit code, and a limit on the time of the whole."""

import os
import sys
import threading
import time
import traceback
from contextlib import contextmanager

from . import processes

LIMIT_S = 150


class Failed(Exception):
    """A check does not hold; the text says why."""


class Report:
    """Counts checks and prints them."""

    def __init__(self) -> None:
        self.passed = self.failed = 0
        self.started = time.monotonic()

    @contextmanager
    def check(self, name: str):
        """A check: the block may add figures to the list that it gets, and fails by any exception."""
        figures: list[str] = []
        began = time.monotonic()
        try:
            yield figures
        except Exception as error:  # noqa: BLE001 a failed check must not hide the others
            self.failed += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            why = str(error) if isinstance(error, Failed) else f"{type(error).__name__}: {error}"
            self._line("FAILED", name, [*figures, f"{why} [{os.path.basename(where.filename)}:{where.lineno}]"], began)
        else:
            self.passed += 1
            self._line("ok", name, figures, began)

    def _line(self, verdict: str, name: str, figures: list[str], began: float) -> None:
        tail = f": {'; '.join(figures)}" if figures else ""
        print(f"{verdict:6} {name}{tail} ({time.monotonic() - began:.1f} s)", flush=True)


def expect(holds: object, why: str) -> None:
    """Fails the check unless `holds`."""
    if not holds:
        raise Failed(why)


def equal(found: object, wanted: object, what: str = "value") -> None:
    """Fails the check unless both are equal; shows the beginning of each."""
    if found != wanted:
        raise Failed(f"{what}: found {found!r:.300}, wanted {wanted!r:.300}")


def eventually(condition, what: str, within: float = 5.0):
    """Waits until `condition()` is true and returns what it gave."""
    until = time.monotonic() + within
    while True:
        if value := condition():
            return value
        expect(time.monotonic() < until, f"{what}: not within {within} s")
        time.sleep(0.02)


def run(main, limit_s: float = LIMIT_S) -> None:
    """Runs `main(report)` to its end, or to the limit; ends the process with the right code."""
    report = Report()

    def over() -> None:
        print(f"FAILED the whole: longer than {limit_s} s", flush=True)
        processes.clean_up()
        close(report, 1)

    watchdog = threading.Timer(limit_s, over)
    watchdog.daemon = True
    watchdog.start()
    try:
        main(report)
    except BaseException:
        traceback.print_exc()
        report.failed += 1
    finally:
        processes.clean_up()
    close(report)


def close(report: Report, more: int = 0) -> None:
    """The last line. `_exit`, because threads of gRPC must not keep us."""
    failed = report.failed + more
    print(f"{report.passed} passed, {failed} failed (took {time.monotonic() - report.started:.0f} s)", flush=True)
    sys.stderr.flush()
    os._exit(1 if failed else 0)
