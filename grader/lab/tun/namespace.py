"""A network namespace with a TUN device in it, made by a process that lives just long enough for that.

What it leaves are descriptors: a namespace exists as long as a socket in it does (namespaces(7)).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from typing import NoReturn

from grader.lab.kernel import tcp

#: The kernel's address, and the one that its packets to a student's endpoint go to.
KERNEL, STUDENT = "10.0.0.1", "10.0.0.2"
_NETMASK = "255.255.255.0"

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000  # unshare(2)
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 1, 0x1000  # linux/if_tun.h
_SIOCSIFADDR, _SIOCSIFNETMASK = 0x8916, 0x891C  # netdevice(7)
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_DEVICE = b"tun0"
_SOCKETS = 2


class NoNamespaceError(Exception):
    """There is no network namespace with a TUN device to be had here; the message says why."""


def make() -> tuple[int, socket.socket, list[socket.socket]]:
    """Make a namespace.

    Returns:
        The descriptor of its TUN device, a netlink socket for sock_diag(7), and TCP sockets in it.

    Raises:
        NoNamespaceError: if the machine doesn't allow it.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        _hand_over(theirs)
    theirs.close()
    with ours:
        message, fds, _flags, _address = socket.recv_fds(ours, 1 << 10, 2 + _SOCKETS)
    os.waitpid(pid, 0)
    if len(fds) != 2 + _SOCKETS:
        for fd in fds:
            os.close(fd)
        raise NoNamespaceError(message.decode() or "the process that makes it was ended")
    tun, netlink, *sockets = fds
    return tun, socket.socket(fileno=netlink), [socket.socket(fileno=fd) for fd in sockets]


def _hand_over(to: socket.socket) -> NoReturn:
    """Enter a new namespace, and hand over what is needed of it; then end."""
    try:
        _unshare()
        tun = _open_tun()
        netlink = tcp.diag_socket()
        sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(_SOCKETS)]
        fds = [tun, netlink.fileno(), *(each.fileno() for each in sockets)]
        socket.send_fds(to, [b"made"], fds)
    except BaseException as error:
        to.send(str(error).encode()[: 1 << 10])
    finally:
        os._exit(0)


def _unshare() -> None:
    """Leave the network namespace; without privileges that takes a user namespace as well."""
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWNET | _CLONE_NEWUSER
    if libc.unshare(flags) != 0 and libc.unshare(_CLONE_NEWNET | _CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace")


def _open_tun() -> int:
    """Make a TUN device, and give it the kernel's address."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", _DEVICE, _IFF_TUN | _IFF_NO_PI))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for request, host in ((_SIOCSIFADDR, KERNEL), (_SIOCSIFNETMASK, _NETMASK)):
            address = struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(host))
            fcntl.ioctl(control, request, struct.pack("16s16s8x", _DEVICE, address))
        question = struct.pack("16sH22x", _DEVICE, 0)
        (flags,) = struct.unpack_from("=H", fcntl.ioctl(control, _SIOCGIFFLAGS, question), 16)
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH22x", _DEVICE, flags | _IFF_UP))
    return tun
