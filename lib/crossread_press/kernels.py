"""Kernels that are ready at once: forked from a process that has imported what every notebook imports.

Where the system cannot fork, and where another Python is asked for, a kernel starts as it always does.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_client import AsyncKernelManager

LIBRARY = Path(__file__).resolve().parents[1]
CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"  # a Mac's own libraries do not survive a fork
IMPORTED = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline", "crossread.study",
    "crossread.charts", "crossread.topics", "scipy.stats", "sklearn.decomposition",
)  # fmt: skip
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONPATH": str(LIBRARY),  # the library that runs the notebook is the one that runs here
}


def kernel_manager_class() -> type[AsyncKernelManager]:
    """Return the class with which nbclient starts kernels: forked ones where that can be done."""
    from jupyter_client import AsyncKernelManager

    if not CAN_FORK:
        return AsyncKernelManager

    class ForkingKernelManager(AsyncKernelManager):
        async def _async_launch_kernel(self, kernel_cmd, **options):
            module, *arguments = kernel_cmd[kernel_cmd.index("-m") + 1 :] if "-m" in kernel_cmd else [""]
            if module != "ipykernel_launcher" or Path(kernel_cmd[0]).absolute() != Path(sys.executable).absolute():
                await super()._async_launch_kernel(kernel_cmd, **options)
                return
            place = self.provisioner
            place.process = _parent().fork(arguments, str(options["cwd"]), options["env"])
            place.pid = place.pgid = place.process.pid
            place.cwd = options["cwd"]
            self._reconcile_connection_info(place.connection_info)

    return ForkingKernelManager


class ForkedKernel:
    """What is asked of a process that somebody else started: whether it runs, and to end."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(0.01)
        return 0

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Parent:
    """The process from which kernels are forked. It ends when its input does, and its kernels with it."""

    def __init__(self):
        self._lock, self._asked = threading.Lock(), False
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | ENVIRONMENT,
            cwd=LIBRARY,
            start_new_session=True,  # Ctrl-C is for the process that runs the notebooks
        )
        atexit.register(self.close)

    def fork(self, arguments: list[str], folder: str, environment: dict[str, str]) -> ForkedKernel:
        """Start a kernel with these arguments, in this folder, with these variables."""
        with self._lock:
            self._asked = True
            json.dump({"arguments": arguments, "folder": folder, "environment": dict(environment)}, self._process.stdin)
            self._process.stdin.write("\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the process that starts kernels has ended")
        return ForkedKernel(int(answer))

    def close(self) -> None:
        """Let the process end; where it was asked for no kernel, nobody waits until it has imported what they need."""
        if not self._asked:
            self._process.terminate()
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()

    @property
    def runs(self) -> bool:
        return self._process.poll() is None


_PARENTS: list[Parent] = []  # one, which lives as long as this process


def _parent() -> Parent:
    if not _PARENTS or not _PARENTS[0].runs:
        _PARENTS[:] = [Parent()]
    return _PARENTS[0]


def warm_up() -> None:
    """Start the process from which kernels are forked, without waiting until it has imported what they need."""
    if CAN_FORK:
        _parent()


def serve() -> None:
    """Import what notebooks import; then fork a kernel for each line that comes in, and answer with its number.

    Whoever asks may be stopped at any moment: then the lines end, perhaps in the middle of one, and the kernels too.
    """
    asked = os.getppid()
    for module in IMPORTED:
        if os.getppid() != asked:  # it takes seconds, and whoever asked has ended
            return
        import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a kernel that ended is gone at once
    parent, kernels = os.getpid(), []
    with contextlib.suppress(BrokenPipeError):
        for line in iter(sys.stdin.readline, ""):
            if not line.endswith("\n"):
                break
            pid = os.fork()
            if pid == 0:
                _become_kernel(json.loads(line), parent)
            kernels.append(pid)
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
    for pid in kernels:
        with contextlib.suppress(ChildProcessError, ProcessLookupError):  # its number may be another's by now
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                os.kill(pid, signal.SIGKILL)
    os._exit(0)  # what could not be written is not tried again


def _become_kernel(order: dict, parent: int) -> None:
    from ipykernel.kernelapp import IPKernelApp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    os.environ.clear()
    os.environ.update(order["environment"] | {"JPY_PARENT_PID": str(parent)})
    os.chdir(order["folder"])
    sys.argv = ["ipykernel_launcher", *order["arguments"]]
    code = 1
    try:
        IPKernelApp.launch_instance(order["arguments"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
