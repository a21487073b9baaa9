"""The last steps of a process before it becomes a student's program, one way and in order."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass

from grader.containment import landlock, process, seccomp, user, view
from grader.containment.job import Job
from grader.containment.landlock import Reach
from grader.containment.layers import Layers

#: What dynamic linking, Python and its standard library run. Not all of /usr: a checkout of this
#: project may be below it.
_RUN = (
    *("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr/bin", "/usr/sbin", "/usr/lib"),
    *("/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/libexec", "/usr/local/bin"),
    *("/usr/local/lib", "/usr/local/lib64"),
)
_READ = (
    *("/usr/share", "/dev/random", "/dev/urandom", "/sys/devices/system/cpu"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/alternatives"),
    *("/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/hosts", "/etc/host.conf"),
    *("/etc/gai.conf", "/etc/resolv.conf", "/etc/hostname", "/etc/protocols", "/etc/services"),
    *("/etc/mime.types", "/etc/locale.alias", "/etc/ssl", "/etc/pki", "/etc/ca-certificates"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/uptime"),
    *("/proc/version", "/proc/filesystems", "/proc/sys", "/proc/self"),
)
_WRITE = ("/dev/null", "/dev/zero", "/dev/full")
#: The out-of-memory killer takes these first (proc_pid_oom_score_adj(5)).
_FIRST_TO_GO = b"1000"


@dataclass(frozen=True)
class Cell:
    """What a job's process is put into.

    Args:
        layers: what contains it.
        scratch: its scratch folder.
        uid: the user that it becomes; None if it stays what it is.
        filter: the filter of system calls, if `layers` has one.
    """

    layers: Layers
    scratch: str
    uid: int | None
    filter: bytes


def become(job: Job, stdio: list[int], cell: Cell) -> None:
    """Turn this process into the job's program; returns only by raising."""
    os.setsid()
    _reset_signals()
    for target, fd in enumerate(stdio):
        os.dup2(fd, target)
    process.close_on_exec(first=3)
    _volunteer_for_oom()
    job.limits.apply(alone=cell.uid is not None)
    if cell.uid is not None:
        user.become(cell.uid)
    elif cell.layers.root:
        user.drop_capabilities()
    os.chdir(job.folder)
    os.umask(0o077)
    process.give_up_new_privileges()
    if cell.layers.landlock:
        landlock.confine(cell.layers.landlock, _reach(job, cell))
    if cell.layers.seccomp:
        seccomp.install(cell.filter)
    scratch = {"HOME": cell.scratch, "TMPDIR": cell.scratch}
    os.execve(job.argv[0], job.argv, {**job.environment, **scratch})


def filter_of_calls(layers: Layers) -> bytes:
    """Build the filter that every job gets."""
    return seccomp.build(os.uname().machine) if layers.seccomp else b""


def interpreter() -> list[str]:
    """Give the folders of the Python that runs this, less what others may have put beside them."""
    prefixes = {sys.base_prefix, sys.base_exec_prefix}
    folders = [f"{prefix}/{name}" for prefix in prefixes for name in ("bin", "lib", "lib64")]
    return [os.path.realpath(folder) for folder in folders if os.path.isdir(folder)]


def _reach(job: Job, cell: Cell) -> Reach:
    alone_in_proc = cell.layers.view and cell.layers.user
    return Reach(
        run=[*_RUN, *interpreter(), *_virtual_environment(job)],
        read=[*_READ, job.folder, *(["/proc"] if alone_in_proc else [])],
        write=_WRITE,
        own=[cell.scratch, *([view.SHARED_MEMORY] if cell.layers.view else [])],
        bind=job.bind,
        connect=job.connect,
    )


def _virtual_environment(job: Job) -> list[str]:
    """Give the folder of the Python that a job names, if it is a virtual environment's."""
    home = os.path.dirname(os.path.dirname(job.argv[0]))
    return [home] if os.path.exists(f"{home}/pyvenv.cfg") else []


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _volunteer_for_oom() -> None:
    with suppress(OSError), open("/proc/self/oom_score_adj", "wb", buffering=0) as file:
        file.write(_FIRST_TO_GO)
