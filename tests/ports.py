"""Ports for programs that a test starts."""

import os
import socket
from itertools import count

# below those that the system gives out by itself, so that nobody takes one meanwhile
_ports = count(20_000 + os.getpid() % 10_000)


def a_free_port() -> int:
    for port in _ports:
        with socket.socket() as found:
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError
