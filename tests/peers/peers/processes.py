"""Child processes: started here, ended here by their own id, and none left behind."""

import os
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

_children: list[subprocess.Popen] = []


class Child:
    """A running process whose output is kept."""

    def __init__(self, command: list, cwd: Path | str | None = None, env: dict | None = None) -> None:
        self.lines: list[str] = []
        self.changed = threading.Condition()
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env=env or clean_env(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )
        _children.append(self.process)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for_line(self, part: str, within: float = 60) -> str:
        """The first line of output with `part` in it."""
        found: list[str] = []

        def there() -> bool:
            found[:] = [line for line in self.lines if part in line][:1]
            return bool(found) or not self.reader.is_alive()

        with self.changed:
            self.changed.wait_for(there, within)
        if not found:
            raise RuntimeError(f"no line with {part!r} from process {self.pid}:\n{self.output}")
        return found[0]

    def exit_code(self, within: float = 30) -> int:
        code = self.process.wait(within)
        self.reader.join(5)
        return code

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


def kill_all() -> None:
    """Ends every child that still runs."""
    for process in _children:
        if process.poll() is None:
            process.kill()
    for process in _children:
        process.wait(10)
    _children.clear()


def clean_env() -> dict:
    """Our environment without settings of the gateway."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SESERAGI_")}


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def folder(name: str) -> Path:
    """A temporary folder that lives as long as the script."""
    holder = tempfile.TemporaryDirectory(prefix=f"seseragi-{name}-", ignore_cleanup_errors=True)
    _folders.append(holder)
    return Path(holder.name)


def clean_up() -> None:
    """Ends every child and removes every folder."""
    kill_all()
    for holder in _folders:
        holder.cleanup()


_folders: list[tempfile.TemporaryDirectory] = []
