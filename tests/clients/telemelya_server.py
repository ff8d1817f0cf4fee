"""telemelya, a Telegram of other authors, with the Redis and the S3 that it wants.

Run on its own: python telemelya_server.py. Prints its URL, and serves until its input ends.
It imports nothing of this project.
"""

# mypy: disable-error-code="import-not-found"
# telemelya lives in an environment of its own: its Starlette need not agree with ours.

import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import uvicorn
from fakeredis import TcpFakeServer
from telemelya.server.app import app
from telemelya.server.config import settings

HOST = "127.0.0.1"


class Shelf(BaseHTTPRequestHandler):
    """As much of an S3 as is asked for: what is put under a path is got there."""

    protocol_version = "HTTP/1.1"
    kept: ClassVar[dict[str, bytes]] = {}

    def do_PUT(self) -> None:
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self._answer(HTTPStatus.OK)

    def do_GET(self) -> None:
        content = self.kept.get(self.path)
        self._answer(HTTPStatus.NOT_FOUND if content is None else HTTPStatus.OK, content or b"")

    def do_HEAD(self) -> None:  # of the bucket
        self._answer(HTTPStatus.OK)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, status: HTTPStatus, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    redis, shelf = TcpFakeServer((HOST, 0)), ThreadingHTTPServer((HOST, 0), Shelf)
    for each in (redis, shelf):
        each.daemon_threads = True  # nobody waits for them at the end
        Thread(target=each.serve_forever, daemon=True).start()
    settings.redis_url = f"redis://{HOST}:{redis.server_address[1]}/0"
    settings.minio_endpoint = f"{HOST}:{shelf.server_address[1]}"
    settings.strict_edit = True  # it says no to what is not there
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server((HOST, 0)) as listener:
        print(f"http://{HOST}:{listener.getsockname()[1]}", flush=True)  # noqa: T201
        Thread(target=stop_at_end_of_input, args=[server], daemon=True).start()
        server.run(sockets=[listener])


def stop_at_end_of_input(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main()
