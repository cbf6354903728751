#!/usr/bin/env python3
"""Prints the signals of a node as they come, and goes on where it left off when the connection breaks. Standard library only.

    python3 signals.py [--node http://127.0.0.1:5000] [--from POSITION] [--symbols A,B] [--count N]
    python3 signals.py --send ticks.ndjson [--source NAME]      sends a file of ticks first

The token, where the node asks for one, comes from the environment variable ACTORTRADING_TOKEN; SSL_CERT_FILE names the authority of an https node.
With --count it ends after so many signals. A program of yours would keep `position` together with what it did about the signal.
"""

import argparse
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def headers():
    token = os.environ.get("ACTORTRADING_TOKEN")
    return {"Authorization": "Bearer " + token} if token else {}


def send(node, path, source):
    """Posts a file; the answer comes when what was taken is durable."""
    with open(path, "rb") as ticks:
        url = f"{node}/ingest?" + urllib.parse.urlencode({"source": source})
        request = urllib.request.Request(url, data=ticks.read(), headers=headers(), method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        result = json.load(answer)
    print(f"sent {result['received']}: {result['applied']} applied, {result['rejected']} rejected", file=sys.stderr)


def events(node, position, symbols):
    """Yields (name, data) of a stream until it ends."""
    query = {"topics": "signals", "from": position}
    if symbols:
        query["symbols"] = symbols
    request = urllib.request.Request(f"{node}/events?" + urllib.parse.urlencode(query), headers=headers())
    with urllib.request.urlopen(request, timeout=20) as stream:  # a heartbeat comes every 5 s
        name = None
        for line in stream:
            line = line.decode("utf-8").rstrip("\n")
            if line.startswith("event: "):
                name = line[len("event: "):]
            elif line.startswith("data: "):
                yield name, json.loads(line[len("data: "):])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--node", default="http://127.0.0.1:5000")
    options.add_argument("--from", dest="position", type=int, default=0)
    options.add_argument("--symbols")
    options.add_argument("--count", type=int)
    options.add_argument("--send")
    options.add_argument("--source", default="signals.py")
    given = options.parse_args()
    if given.send:
        send(given.node, given.send, given.source)

    position, seen, pause = given.position, 0, 0.1
    while given.count is None or seen < given.count:
        try:
            for name, data in events(given.node, position, given.symbols):
                pause = 0.1
                if name != "signal":
                    continue
                position, seen = data["position"], seen + 1
                print(position, data["time"], data["symbol"], data["action"], data["price"], data["name"], flush=True)
                if seen == given.count:
                    return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                sys.exit(f"{given.node}: {error.code} {error.read().decode('utf-8', 'replace')}")
        except (OSError, http.client.HTTPException) as error:
            print(f"{given.node}: {error}; coming back", file=sys.stderr)
        time.sleep(pause)
        pause = min(pause * 2, 5)


if __name__ == "__main__":
    main()
