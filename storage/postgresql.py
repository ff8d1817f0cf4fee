"""How a process uses a PostgreSQL server: its connections, and how it notices that one is dead."""

import socket
from datetime import timedelta
from typing import Any

from sqlalchemy import URL
from sqlalchemy.exc import ArgumentError, InvalidatePoolError

# At most 15 of the server's connections a process; postgresql.org's default is 100 for all.
_CONNECTIONS = 10
_MORE_IN_A_RUSH = 5
_WAIT_FOR_ONE_SECONDS = 30
_CONNECT_SECONDS = 10

# who holds rows and says nothing more was paused or cut off: the others go on without him
_IDLE_IN_TRANSACTION = timedelta(seconds=15)
# Both ends give a silent network up after about this, however long a statement may take.
_SILENT = timedelta(seconds=15)
_PROBE = timedelta(seconds=5)

# what may stand behind the ?, magicstack.github.io/asyncpg/current/api/#connection
_PARAMETERS = frozenset({"host", "port", "ssl", "passfile", "target_session_attrs"})
_MOST_PORT = 65_535


def options(address: URL, patience: timedelta | None) -> dict[str, Any]:
    """For SQLAlchemy's engine. Raises ArgumentError for an address that cannot be."""
    if not address.query.keys() <= _PARAMETERS or not _is_port(address.port):
        raise ArgumentError("no address of a PostgreSQL server")
    idle = _IDLE_IN_TRANSACTION if patience is not None else timedelta(0)  # 0: for ever
    return {
        "pool_size": _CONNECTIONS,
        "max_overflow": _MORE_IN_A_RUSH,
        "pool_timeout": _WAIT_FOR_ONE_SECONDS,
        "connect_args": {
            "timeout": _CONNECT_SECONDS if patience is None else _shorter(patience),
            "command_timeout": patience.total_seconds() if patience is not None else None,
            "server_settings": {
                "application_name": "bantin",
                "timezone": "UTC",
                "jit": "off",
                "idle_in_transaction_session_timeout": _milliseconds(idle),
                "tcp_keepalives_idle": _seconds(_PROBE),
                "tcp_keepalives_interval": _seconds(_PROBE),
                "tcp_keepalives_count": str(_SILENT // _PROBE),
                "tcp_user_timeout": _milliseconds(_SILENT),
            },
        },
    }


def for_its_own_tools(address: URL) -> str:
    """As pg_dump and psql take it, without the password: they ask, or find it in ~/.pgpass."""
    query = {
        ("sslmode" if name == "ssl" else name): value for name, value in address.query.items()
    }
    shown = URL.create(
        "postgresql",
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=query,
    )
    return shown.render_as_string()


def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's own
    """Our end of a TCP line probes it; the server's end was told to in `options`."""
    transport = connection.driver_connection._transport  # noqa: SLF001 - nothing else has it
    line = transport.get_extra_info("socket")
    if line.family not in (socket.AF_INET, socket.AF_INET6):
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    wanted = {  # as far as this system knows them
        "TCP_KEEPIDLE": int(_PROBE.total_seconds()),
        "TCP_KEEPINTVL": int(_PROBE.total_seconds()),
        "TCP_KEEPCNT": _SILENT // _PROBE,
        "TCP_USER_TIMEOUT": int(_SILENT.total_seconds() * 1000),
    }
    for name, value in wanted.items():
        if (option := getattr(socket, name, None)) is not None:
            line.setsockopt(socket.IPPROTO_TCP, option, value)


def must_be_open(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - SQLAlchemy's own
    """After a restart of the server all connections are closed: new ones are made at once."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


def _is_port(port: int | None) -> bool:
    return port is None or 0 < port <= _MOST_PORT


def _shorter(patience: timedelta) -> float:
    return min(float(_CONNECT_SECONDS), patience.total_seconds())


def _seconds(time: timedelta) -> str:
    return str(int(time.total_seconds()))


def _milliseconds(time: timedelta) -> str:
    return str(int(time.total_seconds() * 1000))
