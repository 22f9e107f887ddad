"""A raw HTTP/2 client: windows, reads and closing are in the hand of the test. One thread per connection."""

import socket
import struct
import time
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings

DEFAULT_WINDOW = 65_535
WIDE = 2**31 - 1 - DEFAULT_WINDOW


@dataclass
class Stream:
    """One request and what came back."""

    id: int
    headers: dict = field(default_factory=dict)
    trailers: dict = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    received: int = 0
    ended: bool = False
    reset: int | None = None
    buffer: bytearray = field(default_factory=bytearray)

    @property
    def status(self) -> str | None:
        """The gRPC status; in the head where a call ended before it began."""
        return self.trailers.get("grpc-status", self.headers.get("grpc-status"))

    @property
    def message(self) -> str:
        return self.trailers.get("grpc-message", self.headers.get("grpc-message", ""))

    @property
    def over(self) -> bool:
        return self.ended or self.reset is not None

    def feed(self, data: bytes) -> None:
        self.received += len(data)
        self.buffer += data
        while len(self.buffer) >= 5:
            length = int.from_bytes(self.buffer[1:5], "big")
            if len(self.buffer) < 5 + length:
                break
            self.messages.append(bytes(self.buffer[5 : 5 + length]))
            del self.buffer[: 5 + length]


class Connection:
    """A connection with one stream window for all of its streams; the connection's own window is wide open."""

    def __init__(self, address: str, window: int = DEFAULT_WINDOW, receive_buffer: int | None = None) -> None:
        host, port = address.rsplit(":", 1)
        self.authority = address
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(30)
        self.socket.connect((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        self.h2.local_settings = h2.settings.Settings(
            client=True, initial_values={h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window}
        )
        self.h2.initiate_connection()
        self.h2.increment_flow_control_window(WIDE)
        self.streams: dict[int, Stream] = {}
        self.went_away = False
        self.closed = False
        self.flush()

    def flush(self) -> None:
        self.socket.sendall(self.h2.data_to_send())

    def call(self, path: str, message: bytes, headers: dict | None = None, envelope: bool = True) -> Stream:
        """Sends one gRPC request. `envelope=False`: the body is sent as it is."""
        number = self.h2.get_next_available_stream_id()
        head = {
            ":method": "POST", ":scheme": "http", ":authority": self.authority, ":path": path,
            "content-type": "application/grpc", "te": "trailers",
        } | (headers or {})
        self.h2.send_headers(number, list(head.items()))
        self.streams[number] = stream = Stream(number)
        body = struct.pack(">BI", 0, len(message)) + message if envelope else message
        self._send(number, body)
        return stream

    def _send(self, number: int, body: bytes) -> None:
        while body:
            room = min(self.h2.local_flow_control_window(number), self.h2.max_outbound_frame_size)
            if room <= 0:
                self.flush()
                self.pump(5)
                if self.streams[number].over:
                    return
                continue
            self.h2.send_data(number, body[:room])
            body = body[room:]
        self.h2.end_stream(number)
        self.flush()

    def pump(self, timeout: float = 30, grant: bool = True) -> bool:
        """One read from the socket. `grant`: what came may be sent again. False once the connection is closed."""
        self.socket.settimeout(timeout)
        data = self.socket.recv(65_536)
        if not data:
            self.closed = True
            return False
        for event in self.h2.receive_data(data):
            self._take(event, grant)
        self.flush()
        return True

    def _take(self, event, grant: bool) -> None:
        stream = self.streams.get(getattr(event, "stream_id", 0) or 0)
        match event:
            case h2.events.ResponseReceived():
                stream.headers = dict(event.headers)
            case h2.events.TrailersReceived():
                stream.trailers = dict(event.headers)
            case h2.events.DataReceived():
                stream.feed(event.data)
                if grant and event.flow_controlled_length:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                stream.ended = True
            case h2.events.StreamReset():
                stream.reset = event.error_code
            case h2.events.ConnectionTerminated():
                self.went_away = True

    def finish(self, stream: Stream, within: float = 30) -> Stream:
        """Reads until the stream is over."""
        self.until(lambda: stream.over, within)
        return stream

    def until(self, condition, within: float = 30) -> None:
        """Reads until `condition()`; fails on a closed connection or after `within` seconds."""
        until = time.monotonic() + within
        while not condition():
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not within {within} s")
            if not self.pump(left):
                raise ConnectionError("the gateway closed the connection")

    def cancel(self, stream: Stream) -> None:
        """RST_STREAM, as a client sends it when a user leaves."""
        self.h2.reset_stream(stream.id, h2.errors.ErrorCodes.CANCEL)
        self.flush()

    def cut(self, hard: bool = True) -> None:
        """Closes the socket without a word of HTTP/2; `hard`: by a TCP reset."""
        if hard:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
