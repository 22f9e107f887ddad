"""gRPC-Web and Connect over HTTP/1.1, by hand: what is on the wire, not what a library makes of it."""

import base64
import json
import socket
import struct
import urllib.parse
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse

GRPC_WEB, CONNECT = "application/grpc-web+proto", "application/connect+proto"
NAMES = [
    "ok", "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists",
    "permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range", "unimplemented",
    "internal", "unavailable", "data_loss", "unauthenticated",
]


@dataclass
class Reply:
    """A response as it was read."""

    http: int = 0
    headers: dict = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    code: str | None = None  # Connect's name of the status, on both wires
    message: str = ""


class Call:
    """A call that is being read, on a connection of its own."""

    def __init__(self, address: str, path: str, message: bytes, token: str | None, wire: str, **headers: str) -> None:
        host, port = address.rsplit(":", 1)
        self.wire, self.reply = wire, Reply()
        self.connection = HTTPConnection(host, int(port), timeout=30)
        head = {"content-type": wire, "x-grpc-web": "1"} | {k.replace("_", "-"): v for k, v in headers.items()}
        if wire.startswith("application/connect"):
            head["connect-protocol-version"] = "1"
        if token is not None:
            head["authorization"] = f"Bearer {token}"
        bare = wire == "application/proto"
        body = message if bare else struct.pack(">BI", 0, len(message)) + message
        self.connection.request("POST", path, body, head)
        self.response: HTTPResponse = self.connection.getresponse()
        self.reply.http = self.response.status
        self.reply.headers = {name.lower(): value for name, value in self.response.getheaders()}

    def next(self) -> bytes | None:
        """The next message, or None at the end of the call."""
        head = self.response.read(5)
        if len(head) < 5:
            return None
        flags, length = struct.unpack(">BI", head)
        payload = self.response.read(length)
        if flags & 0x80:
            self._trailers(payload.decode())
        elif flags & 0x02 and self.wire == CONNECT:
            self._end(json.loads(payload))
        else:
            self.reply.messages.append(payload)
            return payload
        return None

    def read(self) -> Reply:
        """All of it."""
        if "json" in self.reply.headers.get("content-type", ""):
            self._end({"error": json.loads(self.response.read())})
        elif self.wire == "application/proto":
            self.reply.messages.append(self.response.read())
        else:
            while self.next() is not None:
                pass
        self.connection.close()
        return self.reply

    def cut(self) -> None:
        """Closes the socket in the middle."""
        # The response has taken the socket over; shutting it down ends both.
        self.connection.sock and self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.response.close()
        self.connection.close()

    def _trailers(self, block: str) -> None:
        pairs = dict(line.split(": ", 1) for line in block.split("\r\n") if line)
        self.reply.code = NAMES[int(pairs["grpc-status"])]
        self.reply.message = urllib.parse.unquote(pairs.get("grpc-message", ""))

    def _end(self, end: dict) -> None:
        error = end.get("error")
        self.reply.code = error["code"] if error else "ok"
        self.reply.message = (error or {}).get("message", "")


def details_of(value: str) -> bytes:
    """A `-bin` header."""
    return base64.b64decode(value + "=" * (-len(value) % 4))
