"""The last steps of a process before it becomes a student's program, one way and in order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from grader.containment import landlock, process, seccomp, user, view
from grader.containment.job import Job
from grader.containment.landlock import Rule
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
    *("/proc/version", "/proc/filesystems", "/proc/sys"),
)
_WRITE = ("/dev/null", "/dev/zero", "/dev/full")
_PROC = ("/proc",)
#: The out-of-memory killer takes these first (proc_pid_oom_score_adj(5)).
_FIRST_TO_GO = b"1000"


@dataclass(frozen=True)
class Outfit:
    """What every job of a run has, made once.

    Args:
        layers: what contains programs.
        filter: the filter of system calls, if there is that layer.
        rules: what every program may reach, if there is Landlock.
        ignored: signals that the launcher and supervisors ignore.
    """

    layers: Layers
    filter: bytes
    rules: list[Rule]
    ignored: list[int]

    @classmethod
    def of(cls, layers: Layers) -> Outfit:
        """Make what some layers need."""
        rules: list[Rule] = []
        if layers.landlock:
            alone_in_proc = layers.view and layers.user
            rules += landlock.rules([*_RUN, *interpreter()], landlock.RUN)
            rules += landlock.rules([*_READ, *(_PROC if alone_in_proc else ())], landlock.READ)
            rules += landlock.rules(_WRITE, landlock.WRITE)
            if layers.view:
                rules += landlock.rules([view.SHARED_MEMORY], landlock.OWN)
        calls = seccomp.build(os.uname().machine) if layers.seccomp else b""
        numbers = signal.valid_signals()
        ignored = [int(n) for n in numbers if signal.getsignal(n) is signal.SIG_IGN]
        return cls(layers, calls, rules, ignored)


@dataclass(frozen=True)
class Cell:
    """What a job's process is put into.

    Args:
        outfit: what every job of the run has.
        scratch: its scratch folder.
        uid: the user that it becomes; None if it stays what it is.
    """

    outfit: Outfit
    scratch: str
    uid: int | None


def become(job: Job, stdio: list[int], cell: Cell) -> None:
    """Turn this process into the job's program; returns only by raising."""
    layers = cell.outfit.layers
    os.setpgid(0, 0)  # as a shell does; the leader of a session could not do it itself
    _reset_signals(cell.outfit.ignored)
    for target, fd in enumerate(stdio):
        os.dup2(fd, target)
    process.close_on_exec(first=3)
    _volunteer_for_oom()
    if cell.uid is not None:
        user.become(cell.uid)
    elif layers.root:
        user.drop_capabilities()
    os.chdir(job.folder)
    os.umask(0o077)
    process.give_up_new_privileges()
    if layers.landlock:
        rules = [*cell.outfit.rules, *_own_rules(job, cell)]
        landlock.confine(layers.landlock, rules, job.bind, job.connect)
    job.limits.apply(alone=cell.uid is not None)  # after Landlock, which needs a few descriptors
    if layers.seccomp:
        seccomp.install(cell.outfit.filter)
    scratch = {"HOME": cell.scratch, "TMPDIR": cell.scratch}
    os.execve(job.argv[0], job.argv, {**job.environment, **scratch})


def interpreter() -> list[str]:
    """Give the folders of the Python that runs this, less what others may have put beside them."""
    prefixes = {sys.base_prefix, sys.base_exec_prefix}
    folders = [f"{prefix}/{name}" for prefix in prefixes for name in ("bin", "lib", "lib64")]
    return [os.path.realpath(folder) for folder in folders if os.path.isdir(folder)]


def _own_rules(job: Job, cell: Cell) -> list[Rule]:
    return [
        *landlock.rules(_virtual_environment(job), landlock.RUN),
        *landlock.rules([job.folder, "/proc/self"], landlock.READ),
        *landlock.rules([cell.scratch], landlock.OWN),
    ]


def _virtual_environment(job: Job) -> list[str]:
    """Give the folder of the Python that a job names, if it is a virtual environment's."""
    home = os.path.dirname(os.path.dirname(job.argv[0]))
    return [home] if os.path.exists(f"{home}/pyvenv.cfg") else []


def _reset_signals(ignored: Iterable[int]) -> None:
    signal.set_wakeup_fd(-1)
    for number in ignored:  # exec resets those that have a handler
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _volunteer_for_oom() -> None:
    with suppress(OSError), open("/proc/self/oom_score_adj", "wb", buffering=0) as file:
        file.write(_FIRST_TO_GO)
