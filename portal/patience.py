"""A server process whose threads never wait for a slow phone: they get whole requests only.

Gunicorn hands a connection to a thread as soon as its first bytes are there, and a client that sends
a byte a second keeps that thread. Here the process's one loop gathers each request first, as a
proxy does; gathering costs no thread. What is not whole within 20 seconds is let go.
"""

import re
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

WHOLE_WITHIN = 20.0
# How long a thread may try to hand its answer over; most answers fit into the kernel's buffer at once.
TAKEN_WITHIN = 20.0
SEND_BUFFER = 512 * 1024
# Longer than any page takes: the app refuses by the length announced, the parser a head without end.
LONGEST_HEAD = 64 * 1024
LONGEST_BODY = 512 * 1024
AT_ONCE = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_LAST_CHUNK = b"0\r\n\r\n"
UNKNOWN = -1


def length_of_request(arrived: bytes | bytearray) -> int | None:
    """How many of the bytes that arrived make the first request; None while it is not whole.

    ``UNKNOWN`` for what will never be one that we read: the parser shall say what is wrong with it.
    """
    head = arrived.find(b"\r\n\r\n")
    if head < 0:
        return UNKNOWN if len(arrived) > LONGEST_HEAD else None
    body = head + 4
    fields = bytes(arrived[: head + 2])
    if _CHUNKED.search(fields):
        end = arrived.find(_LAST_CHUNK, body)
        too_long = len(arrived) - body > LONGEST_BODY
        return end + len(_LAST_CHUNK) if end >= 0 else UNKNOWN if too_long else None
    announced = _LENGTH.search(fields)
    length = int(announced[1]) if announced else 0
    if length > LONGEST_BODY:
        return UNKNOWN
    return body + length if len(arrived) >= body + length else None


class Conversation(TConn):
    """A connection, with what has arrived of its next request."""

    def __init__(self, *details: Any) -> None:
        super().__init__(*details)
        self.arrived = bytearray()

    def begin(self, length: int) -> None:
        """Give the parser the first ``length`` bytes, as one request; a thread may then answer it."""
        self.init()
        self.parser.unreader.unread(bytes(self.arrived[:length]))
        del self.arrived[:length]

    def close(self, graceful: bool = False) -> None:
        """Close at once: the loop waits for nobody, and of a request that was read whole nothing is left to read."""
        with suppress(OSError):
            self.sock.setblocking(False)
            if graceful:
                self.sock.shutdown(socket.SHUT_WR)
                self.sock.recv(LONGEST_BODY)
        with suppress(OSError):
            self.sock.close()


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker, which gathers requests in its loop."""

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its request."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.nr_conns += 1
        self._gather(Conversation(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Conversation, client: socket.socket) -> None:
        """A kept connection's next request begins."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._gather(conn)

    def on_pending_socket_readable(self, conn: Conversation, client: socket.socket) -> None:
        """More of a request has arrived."""
        try:
            arrived = client.recv(AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            arrived = b""
        conn.arrived += arrived
        length = length_of_request(conn.arrived) if arrived else UNKNOWN
        if length is None:
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if arrived:
            self._answer(conn, length)
        else:
            self._let_go(conn)

    def handle_request(self, req: Any, conn: Conversation) -> Any:
        """Answer, and give up a client that does not take it: counted in all, so that a byte a second is no way."""
        conn.sock.settimeout(TAKEN_WITHIN)
        return super().handle_request(req, conn)

    def finish_request(self, conn: Conversation, answered: Any) -> None:
        """Keep the connection for its next request, which may have arrived with this one."""
        super().finish_request(conn, answered)
        if conn.arrived and conn in self.keepalived_conns:
            self.on_client_socket_readable(conn, conn.sock)

    def murder_pending(self) -> None:
        """Let go what takes too long; when stopping, also who has asked nothing yet."""
        if not self.alive:
            for conn in [conn for conn in self.pending_conns if not conn.arrived]:
                conn.timeout = 0
                self.pending_conns.remove(conn)
                self.pending_conns.appendleft(conn)
        super().murder_pending()

    def _gather(self, conn: Conversation) -> None:
        length = length_of_request(conn.arrived) if conn.arrived else None
        if length is not None:
            self._answer(conn, length)
            return
        conn.sock.setblocking(False)
        # The same patience with everybody keeps the queue in the order in which it ends.
        conn.timeout = time.monotonic() + WHOLE_WITHIN
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, 1, readable)

    def _answer(self, conn: Conversation, length: int) -> None:
        conn.begin(len(conn.arrived) if length == UNKNOWN else length)
        if length == UNKNOWN:
            # No next request can be told from the rest of this one.
            conn.sock.shutdown(socket.SHUT_RD)
        self.enqueue_req(conn)

    def _let_go(self, conn: Conversation) -> None:
        self.nr_conns -= 1
        conn.close()
