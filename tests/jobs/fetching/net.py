"""Names and addresses of the internet, all led to one server on this machine."""

from collections.abc import Iterable, Sequence

import httpcore

PUBLIC = "93.184.215.14"


class Network(httpcore.AsyncNetworkBackend):
    """Leads every address to one server here, and remembers which were asked for."""

    def __init__(self, port: int, *, closed: Iterable[str] = ()) -> None:
        self.port = port
        self.closed = frozenset(closed)
        self.connected: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,  # noqa: ARG002 - httpcore's
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        if host in self.closed:
            raise httpcore.ConnectError
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port, timeout)


class Names:
    """Answers each question with the next list of addresses, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
