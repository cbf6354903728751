"""The client beside real nodes, one of which is killed."""

import asyncio
import itertools
import json
import socket
import threading
import unittest
from decimal import Decimal

from running import RunningNode, program

import actortrading
from actortrading import AsyncFeed, Bar, Feed, FeedClosed, FeedRefused, Node, NodeUnreachable, NotFound, RequestFailed

OPEN = 1_720_530_000  # 2024-07-09T13:00:00Z

try:
    import pandas
except ImportError:
    pandas = None


def tick(number, symbol="AAPL"):
    return {"symbol": symbol, "ts": OPEN + number, "price": 100 + number % 50, "size": 1 + number % 7}


@unittest.skipUnless(program(), "needs dotnet and a build of the node")
class ClientTests(unittest.TestCase):
    def setUp(self):
        self.running = RunningNode()
        self.addCleanup(self.running.close)
        self.node = Node(self.running.url)

    def feed(self, source, **settings):
        return Feed(source, "127.0.0.1", self.running.port, **settings)

    def test_node_killed_while_a_feed_sends_loses_nothing_and_doubles_nothing(self):
        with self.feed("a", window=2_000) as feed:
            for number in range(30_000):
                feed.send(tick(number))
                if number in (7_000, 19_000):
                    self.running.kill()
                    self.running.start()
        self.assertEqual((30_000, 0, 0), (feed.acknowledged, feed.rejected, feed.pending))
        other = RunningNode()
        self.addCleanup(other.close)
        expected = Node(other.url).ingest((dict(tick(number), seq=number) for number in range(30_000)), source="a", epoch=feed.epoch)
        self.assertEqual(30_000, expected.applied)
        self.assertEqual(Node(other.url).state_hash(), self.node.state_hash())

    def test_feeds_of_asyncio_and_of_threads_lose_nothing(self):
        async def run():
            async with AsyncFeed("a", "127.0.0.1", self.running.port, epoch=1, window=100) as feed:
                for number in range(2_000):
                    await feed.send(tick(number, "X"))
            return feed.acknowledged

        self.assertEqual(2_000, asyncio.run(run()))
        with self.feed("b", epoch=1) as feed:
            threads = [threading.Thread(target=lambda: [feed.send(tick(number, "Y")) for number in range(100)]) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(400, feed.acknowledged)
        lines = {line["source"]: line for line in self.node.get("/ledger")["sources"]}
        self.assertEqual({"a": 2_000, "b": 400}, {source: line["applied"] + line["late"] for source, line in lines.items()})
        self.assertEqual([0, 0], [line["duplicate"] + line["rejected"] for line in lines.values()])

    def test_rejects_are_heard_and_stop_nothing(self):
        heard = []
        with self.feed("a", on_reject=heard.append) as feed:
            feed.send({"symbol": "AAPL", "ts": OPEN, "price": -1})
            feed.send("no JSON")
            feed.send(tick(1))
        self.assertEqual([("price_not_positive", 0), ("malformed", None)], [(reject.reason, reject.seq) for reject in heard])
        self.assertEqual((3, 2), (feed.acknowledged, feed.rejected))

    def test_second_feed_of_a_source_ends_the_first(self):
        with self.feed("a", epoch=5) as first:
            first.send(tick(0))
            first.flush(30)
            with self.feed("a", epoch=5) as second:
                second.send(dict(tick(1), seq=1))
            with self.assertRaises(FeedRefused) as refused:
                for _ in range(1_000):
                    first.send(tick(2), timeout=30)
                    first.flush(30)
            self.assertEqual("superseded", refused.exception.code)
            first.abort()

    def test_closed_feed_takes_nothing(self):
        feed = self.feed("a")
        feed.close()
        with self.assertRaises(FeedClosed):
            feed.send(tick(0))

    def test_what_cannot_be_written_is_refused_at_once(self):
        with self.feed("a") as feed:
            for record in ({"symbol": "A", "price": object()}, {"symbol": "A", "price": float("nan")}, "two\nlines", ""):
                with self.assertRaises((TypeError, ValueError)):
                    feed.send(record)
            feed.send(tick(1))
        self.assertEqual((1, 0), (feed.acknowledged, feed.rejected))

    def test_signals_go_on_after_a_kill_each_once(self):
        with self.feed("a") as feed:
            for number in range(0, 7_200, 10):
                feed.send(tick(number))
        every = self.node.get("/signals", limit=1000)
        self.assertGreater(every["last"], 3)
        got = []
        for signal in self.node.signals():
            got.append(signal.position)
            if len(got) == 2:
                self.running.kill()
                self.running.start()
            if signal.position == every["last"]:
                break
        self.assertEqual([signal["position"] for signal in every["signals"]], got)
        self.assertEqual(got[3:], [signal.position for signal in itertools.islice(self.node.signals(after=got[2]), len(got) - 3)])

    def test_bars_go_on_from_a_time_over_a_kill_and_live(self):
        with self.feed("a", epoch=1) as feed:
            for number in range(0, 1_200):
                feed.send(tick(number))
            feed.flush(30)
            bars = self.node.bars(["AAPL"], "1min", after="2024-07-09T13:04:00Z")
            got = [next(bars) for _ in range(5)]
            self.running.kill()
            self.running.start()
            for number in range(1_200, 2_400):
                feed.send(tick(number))
            feed.flush(30)
            got += [next(bars) for _ in range(25)]
        expected = [bar for bar in self.node.bars_between("AAPL", "1min") if bar.open_time.minute > 4]
        self.assertEqual(expected[:30], got)
        self.assertIsInstance(got[0], Bar)
        self.assertEqual((Decimal(100), 60), (got[0].open - got[0].open % 50, got[0].ticks))

    def test_errors_of_requests_are_typed(self):
        with self.assertRaises(NotFound) as unknown:
            self.node.state("NOBODY")
        self.assertEqual((404, "unknown_symbol"), (unknown.exception.status, unknown.exception.code))
        with self.assertRaises(RequestFailed) as bad:
            self.node.get("/symbols/A/bars", frame="weekly")
        self.assertEqual("bad_parameter", bad.exception.code)
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            port = nobody.getsockname()[1]
        with self.assertRaises(NodeUnreachable):
            Node(f"http://127.0.0.1:{port}").symbols()

    def test_request_whose_records_are_all_refused_is_a_result(self):
        result = self.node.ingest([{"symbol": "AAPL", "ts": OPEN, "price": -1}])
        self.assertEqual((1, 0, 1), (result.received, result.applied, result.rejected))
        self.assertEqual("price_not_positive", result.rejections[0]["reason"])

    @unittest.skipUnless(pandas, "needs pandas")
    def test_frame_goes_out_and_comes_back(self):
        bars = [
            {"symbol": "A", "ts": f"2024-07-09T13:{minute:02}:00Z", "frame": "1min", "open": 10.5, "high": 12.25, "low": 9.125 + minute / 1000,
             "close": 11, "volume": 100 + minute} for minute in range(30)]
        self.assertEqual(30, self.node.ingest(bars, source="a").applied)
        out = self.node.history("A", "1min")
        again = self.node.ingest(actortrading.bar_records(out, "B", "1min"), source="b")
        self.assertEqual(len(out), again.applied)
        back = self.node.history("B", "1min")
        pandas.testing.assert_frame_equal(out.iloc[:len(back)], back)
        self.assertEqual("open_time", out.index.name)
        self.assertTrue(self.node.history("A", "1min", start="2030-01-01T00:00:00Z").empty)


class RecordTests(unittest.TestCase):
    def test_time_of_nanoseconds_is_cut_to_microseconds(self):
        self.assertEqual(123456, actortrading.records.time_of("2024-07-09T13:00:00.123456789Z").microsecond)
        self.assertEqual(500000, actortrading.records.time_of("2024-07-09T13:00:00.5Z").microsecond)

    def test_lines_are_json_with_exact_decimals(self):
        line = actortrading._window.encode({"symbol": "A", "price": Decimal("1.10")}, 7)
        self.assertEqual({"symbol": "A", "price": "1.10", "seq": 7}, json.loads(line))


if __name__ == "__main__":
    unittest.main()
