"""`banmian serve` as a process of its own, started, watched and ended from outside."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from banmian.data.errors import BanmianError

_COMMAND = "import sys; from banmian.data.command import main; sys.exit(main(sys.argv[1:]))"
_MB = 1024


class ServerProcess:
    """A server on a free port of 127.0.0.1, ready when the constructor returns.

    Args:
        home: its home folder: published models, corrections and keys.
        options: more options of `banmian serve`.
        patience_s: how long it may take to get ready.

    Raises:
        BanmianError: it ended, or was not ready in time; with the last line of its log.
    """

    def __init__(self, home: Path, options: tuple[str, ...] = (), patience_s: float = 120.0) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._log = home / "server.log"
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, "serve", "--port", "0", *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | {"BANMIAN_HOME": str(home)},
                start_new_session=True,
            )
        self.url = self._first_word(began + patience_s)
        self.ready_s = time.perf_counter() - began

    def _first_word(self, end: float) -> str:
        """The URL on the line that says the server is ready."""
        assert self.process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            line = (
                self.process.stdout.readline() if selector.select(max(0.0, end - time.perf_counter())) else ""
            )
        if not line.startswith("banmian is ready: "):
            self.kill()
            log = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
            raise BanmianError("a server that gets ready", log[-1] if log else "none", "banmian serve")
        return line.split()[3]

    def memory_mb(self, peak: bool = False) -> float:
        """Resident memory of the process now, or the most it has been."""
        name = "VmHWM:" if peak else "VmRSS:"
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii", errors="replace")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / _MB

    def terminate(self) -> None:
        """SIGTERM: an end in good order."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: an end like a power cut's."""
        self.process.kill()
        self.process.wait()

    def wait(self, patience_s: float = 60.0) -> int:
        """The exit code."""
        return self.process.wait(patience_s)

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()
        if self.process.stdout:
            self.process.stdout.close()
