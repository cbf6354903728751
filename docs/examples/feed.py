#!/usr/bin/env python3
"""Sends lines of NDJSON to ActorTrading's TCP ingest, so that none is lost and none counts twice.

    feed.py FILE SOURCE [HOST [PORT [EPOCH]]]

Each line must be one JSON object (one record); a line without "seq" gets its line number. What is not
acknowledged is kept and sent again when the connection breaks. The token, where the server asks for one, comes from the environment
variable ACTORTRADING_TOKEN. Standard library only.
"""
import collections
import json
import os
import socket
import sys
import threading
import time

WINDOW = 10_000  # records that may wait for their ack


class Refused(Exception):
    """The server will not have this client, however often it comes."""


class Feed:
    def __init__(self, source, host="127.0.0.1", port=9999, epoch=0):
        hello = {"hello": source, "epoch": epoch}
        if os.environ.get("ACTORTRADING_TOKEN"):
            hello["token"] = os.environ["ACTORTRADING_TOKEN"]
        self.hello = json.dumps(hello).encode() + b"\n"
        self.address = (host, port)
        self.waiting = collections.deque()  # not acknowledged, oldest first
        self.rejected = []
        self.handled = 0  # acknowledged on this connection
        self.sent = 0  # sent on this connection
        self.lock = threading.Lock()

    def run(self, lines):
        """Sends all lines; returns when all are acknowledged."""
        lines = iter(lines)
        pause, more = 0.1, True
        while more or self.waiting:
            try:
                with socket.create_connection(self.address, timeout=20) as connection:
                    more = self.serve(connection, lines)
                pause = 0.1
            except OSError as error:
                print(f"again in {pause:g} s: {error}", file=sys.stderr)
                time.sleep(pause)
                pause = min(pause * 2, 10)

    def serve(self, connection, lines):
        self.handled, self.sent = 0, 0
        connection.sendall(self.hello)
        failure = []
        reader = threading.Thread(target=self.read, args=(connection, failure), daemon=True)
        reader.start()
        more = True
        try:
            while more or self.waiting:
                if failure:
                    raise failure[0]
                with self.lock:
                    if more and self.sent == len(self.waiting) + self.handled and len(self.waiting) < WINDOW:
                        more = self.take(lines)
                    # What the last connection left unacknowledged goes first: it stands first in the queue.
                    first = self.sent - self.handled
                    chunk = [self.waiting[i] for i in range(first, min(len(self.waiting), first + 500))]
                    self.sent += len(chunk)
                if chunk:
                    connection.sendall(b"".join(chunk))
                else:
                    time.sleep(0.002)
        except OSError:
            reader.join(1)  # the server's last line may say why
            raise failure[0] if failure else ConnectionError("the connection broke")
        return more

    def take(self, lines):
        while len(self.waiting) < WINDOW:
            line = next(lines, None)
            if line is None:
                return False
            self.waiting.append(line)
        return True

    def read(self, connection, failure):
        try:
            with connection.makefile("rb") as answers:
                for line in answers:
                    self.hear(json.loads(line))
            failure.append(ConnectionError("the server closed the connection"))
        except (OSError, ValueError, Refused) as error:  # ValueError: no JSON, or the socket was closed under it
            failure.append(error if isinstance(error, (OSError, Refused)) else ConnectionError(str(error)))

    def hear(self, answer):
        if "handled" in answer:
            with self.lock:
                while self.handled < answer["handled"]:
                    self.waiting.popleft()
                    self.handled += 1
        elif "reject" in answer:
            self.rejected.append(answer["reject"])
            print("refused:", json.dumps(answer["reject"]), file=sys.stderr)
        elif "error" in answer:
            error = answer["error"]
            refused = error["code"] in ("bad_hello", "hello_required", "not_allowed")
            raise (Refused if refused else ConnectionError)(f"{error['code']}: {error['message']}")


def numbered(file):
    for number, line in enumerate(file, 1):
        record = json.loads(line)
        record.setdefault("seq", number)
        yield json.dumps(record).encode() + b"\n"


if __name__ == "__main__":
    name, source, *rest = sys.argv[1:]
    feed = Feed(source, *([rest[0]] if rest else []), **({"port": int(rest[1])} if len(rest) > 1 else {}),
                **({"epoch": int(rest[2])} if len(rest) > 2 else {}))
    with open(name, encoding="utf-8") as file:
        feed.run(numbered(file))
    print("all acknowledged")
