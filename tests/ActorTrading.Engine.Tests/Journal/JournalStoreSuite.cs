using System.Text;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Tests.Journal;

/// <summary>Requirements of every store of events and snapshots, for any database.</summary>
public abstract class JournalStoreSuite
{
    private protected ManualClock Clock { get; } = new();

    /// <summary>The address to open: the same database throughout a test, and a new one for each test.</summary>
    protected abstract string Address { get; }

    /// <summary>Executes statements outside of the store, like another program.</summary>
    protected abstract void Execute(string sql);

    /// <summary>Rows of a query outside of the store, each value as text in the invariant culture; "" for NULL.</summary>
    protected abstract List<string[]> Query(string sql);

    /// <summary>The SQL literal of false.</summary>
    protected abstract string False { get; }

    protected IJournalStore Open() =>
        JournalStore.Open(Address, new JournalOptions { Clock = Clock, LockTimeout = TimeSpan.FromSeconds(30) });

    protected static JournalEntry Event(string id, long number, string text = "", string manifest = EventManifests.TicksAccepted) =>
        new(id, number, manifest, Encoding.UTF8.GetBytes(text.Length == 0 ? $"{id}/{number}" : text));

    protected static JournalEntry Snapshot(string id, long number, string text = "") => Event(id, number, text, EventManifests.Snapshot);

    /// <summary>A copy of a row that outlives the call that read it.</summary>
    protected sealed record Kept(long Ordering, string Id, long Number, string Manifest, int Serializer, long Created, string Text);

    protected static Kept Keep(in JournalRow row) =>
        new(
            row.Ordering, row.PersistenceId, row.SequenceNumber, row.Manifest, row.SerializerId, row.CreatedTicks,
            Encoding.UTF8.GetString(row.Payload));

    protected static List<Kept> All(IJournalStore store, long after = 0)
    {
        var rows = new List<Kept>();
        store.ReadAll(after, (in JournalRow row) => { rows.Add(Keep(row)); return true; });
        return rows;
    }

    protected static List<Kept> Of(IJournalStore store, string id, long first = 1, long last = long.MaxValue)
    {
        var rows = new List<Kept>();
        store.Read(id, first, last, (in JournalRow row) => { rows.Add(Keep(row)); return true; });
        return rows;
    }

    protected static Kept? SnapshotOf(IJournalStore store, string id, long maxNumber = long.MaxValue, DateTime? writtenBy = null)
    {
        Kept? found = null;
        bool any = store.ReadSnapshot(id, maxNumber, (in JournalRow row) => { found = Keep(row); return true; }, writtenBy);
        Assert.Equal(any, found is not null);
        return found;
    }

    protected static List<Kept> Snapshots(IJournalStore store)
    {
        var rows = new List<Kept>();
        store.ReadLatestSnapshots((in JournalRow row) => { rows.Add(Keep(row)); return true; });
        return rows;
    }

    [SkippableFact]
    public void NewJournal_IsEmptyAndAlive()
    {
        using var store = Open();
        store.CheckAlive();
        Assert.Empty(All(store));
        Assert.Empty(Snapshots(store));
        Assert.Empty(store.Heads());
        Assert.Equal(0, store.HighestSequenceNumber("symbol-AAPL"));
        Assert.Null(SnapshotOf(store, "symbol-AAPL"));
        Assert.Equal(7, store.ReadAll(7, (in JournalRow row) => true));
    }

    [SkippableFact]
    public void Events_ComeBackAsTheyWereWritten_AlsoAfterTheNodeWasRestarted()
    {
        var huge = new byte[3_000_000];
        new Random(1).NextBytes(huge);
        string longest = new('x', JournalEntry.MaxIdLength);
        using (var store = Open())
        {
            store.Commit(
                [Event("symbol-AAPL", 1, "ticks"), new("symbol-AAPL", 2, EventManifests.ClockAdvanced, ReadOnlyMemory<byte>.Empty)]);
            store.Commit([new("symbol-Ωmega/€ 価格", 1, EventManifests.RecordsAccepted, huge), Event(longest, long.MaxValue, "last")]);
        }

        using var again = Open();
        var rows = All(again);
        Assert.Equal(
            [("symbol-AAPL", 1, "ta1"), ("symbol-AAPL", 2, "ca1"), ("symbol-Ωmega/€ 価格", 1, "ra1"), (longest, long.MaxValue, "ta1")],
            rows.Select(row => (row.Id, row.Number, row.Manifest)));
        Assert.All(rows, row => Assert.Equal((EventManifests.SerializerId, Clock.Now.Ticks), (row.Serializer, row.Created)));
        Assert.Equal(["ticks", ""], rows.Take(2).Select(row => row.Text));
        Assert.Equal(long.MaxValue, Assert.Single(Of(again, longest)).Number);
        bool same = false;
        again.Read("symbol-Ωmega/€ 価格", 1, 1, (in JournalRow row) => same = row.Payload.SequenceEqual(huge));
        Assert.True(same);
    }

    [SkippableFact]
    public void EventsOfAllSymbols_ComeBackInTheOrderOfWriting_FromAnyPosition()
    {
        const int commits = 250, symbols = 100; // more rows than any store reads at once
        using var store = Open();
        var written = new List<(string, long)>();
        for (int commit = 1; commit <= commits; commit++)
        {
            var batch = Enumerable.Range(0, symbols)
                .Select(symbol => Event($"symbol-{(symbol * 37 + commit) % symbols:000}", commit)).ToArray();
            store.Commit(batch);
            written.AddRange(batch.Select(entry => (entry.PersistenceId, entry.SequenceNumber)));
        }

        var rows = All(store);
        Assert.Equal(written, rows.Select(row => (row.Id, row.Number)));
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.First.Ordering < pair.Second.Ordering));
        Assert.All(rows, row => Assert.Equal($"{row.Id}/{row.Number}", row.Text));
        Assert.True(rows[0].Ordering > 0);

        foreach (int start in (int[])[0, 1, 9_999, 10_000, 10_001, 20_000, rows.Count - 1])
        {
            Assert.Equal(rows.Skip(start + 1), All(store, rows[start].Ordering));
            int handled = 0;
            Assert.Equal(rows[start].Ordering, store.ReadAll(0, (in JournalRow row) => ++handled <= start));
        }
        Assert.Equal(rows[^1].Ordering, store.ReadAll(0, (in JournalRow row) => true));
        Assert.Equal(Enumerable.Range(1, commits).Select(n => (long)n), Of(store, "symbol-042").Select(row => row.Number));
    }

    [SkippableFact]
    public void EventsOfOneSymbol_AreReadBetweenTwoNumbers_AlsoWhenThereAreMany()
    {
        const int events = 25_000;
        using var store = Open();
        store.Commit([.. Enumerable.Range(1, events).SelectMany(n => new[] { Event("symbol-A", n), Event("symbol-B", n) })]);

        Assert.Equal(Enumerable.Range(1, events).Select(n => (long)n), Of(store, "symbol-A").Select(row => row.Number));
        Assert.Equal([5, 6, 7], Of(store, "symbol-B", 5, 7).Select(row => row.Number));
        Assert.Equal([events], Of(store, "symbol-B", events).Select(row => row.Number));
        Assert.Empty(Of(store, "symbol-B", 8, 7));
        Assert.Empty(Of(store, "symbol-", 1));
        Assert.All(Of(store, "symbol-B", 9_990, 20_010), row => Assert.Equal($"symbol-B/{row.Number}", row.Text));
        int handled = 0;
        store.Read("symbol-A", 1, long.MaxValue, (in JournalRow row) => ++handled < 3);
        Assert.Equal(3, handled);
    }

    [SkippableFact]
    public void SecondWriterOfASymbol_IsToldWhichEventIsTaken_AndNothingOfItsCommitIsThere()
    {
        using var first = Open();
        using var second = Open();
        first.Commit([Event("symbol-AAPL", 1), Event("symbol-MSFT", 1)]);

        var conflict = Assert.Throws<JournalConflictException>(() =>
            second.Commit(
                [Event("symbol-IBM", 1), Event("symbol-MSFT", 2), Event("symbol-MSFT", 1), Event("symbol-AAPL", 1)],
                [Snapshot("symbol-IBM", 1)]));
        Assert.Equal((JournalFailure.Conflict, "symbol-MSFT", 1), (conflict.Failure, conflict.PersistenceId, conflict.SequenceNumber));
        Assert.Equal(["symbol-AAPL", "symbol-MSFT"], All(second).Select(row => row.Id));
        Assert.Null(SnapshotOf(second, "symbol-IBM"));

        second.Commit([Event("symbol-MSFT", 2)]);
        Assert.Equal(2, first.HighestSequenceNumber("symbol-MSFT"));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void ConflictAmongManyEvents_IsNamed_AndNothingOfTheCommitIsThere(bool isOfAnEarlierCommit)
    {
        using var store = Open();
        store.Commit([Event("symbol-THERE", 1)]);
        var many = Enumerable.Range(1, 100).Select(number => Event($"symbol-{number:D3}", 1)).ToArray();
        var wrong = many.ToArray();
        wrong[70] = isOfAnEarlierCommit ? Event("symbol-THERE", 1) : many[3];

        var conflict = Assert.Throws<JournalConflictException>(() => store.Commit(wrong, [Snapshot("symbol-001", 1)]));
        Assert.Equal((wrong[70].PersistenceId, 1), (conflict.PersistenceId, conflict.SequenceNumber));
        Assert.Equal(["symbol-THERE"], All(store).Select(row => row.Id));
        Assert.Null(SnapshotOf(store, "symbol-001"));

        store.Commit(many);
        Assert.Equal(["symbol-THERE", .. many.Select(entry => entry.PersistenceId)], All(store).Select(row => row.Id));
    }

    [SkippableFact]
    public void SameEventTwiceInOneCommit_IsAConflict()
    {
        using var store = Open();
        var conflict = Assert.Throws<JournalConflictException>(
            () => store.Commit([Event("symbol-A", 1), Event("symbol-B", 1), Event("symbol-B", 1)]));
        Assert.Equal(("symbol-B", 1), (conflict.PersistenceId, conflict.SequenceNumber));
        Assert.Empty(All(store));
        store.Commit([Event("symbol-B", 1)]);
    }

    [SkippableTheory]
    [InlineData("", 1)]
    [InlineData("symbol-A", 0)]
    [InlineData("symbol-A", -1)]
    [InlineData("symbol\0A", 1)]
    public void EntryThatNoRowCanHold_IsRefusedBeforeAnythingIsWritten(string id, long number)
    {
        using var store = Open();
        Assert.Throws<ArgumentException>(() => store.Commit([Event("symbol-B", 1), Event(id, number)]));
        Assert.Throws<ArgumentException>(() => store.Commit([Event("symbol-B", 1)], [Event(id, number)]));
        Assert.Throws<ArgumentException>(
            () => store.Commit([Event("symbol-B", 1), Event(new string('x', JournalEntry.MaxIdLength + 1), 1)]));
        Assert.Empty(All(store));
    }

    [SkippableFact]
    public void DeletedEvents_AreNotRead_AndTheHighestNumberStaysKnown()
    {
        using (var store = Open())
        {
            store.Commit([.. Enumerable.Range(1, 5).SelectMany(n => new[] { Event("symbol-A", n), Event("symbol-B", n) })]);
            store.Delete([new("symbol-A", 3, 0)]);
            Assert.Equal([4, 5], Of(store, "symbol-A").Select(row => row.Number));
            Assert.Equal(7, All(store).Count);
            Assert.Equal(5, store.HighestSequenceNumber("symbol-A"));

            store.Delete([new("symbol-A", 1, 0)]); // less than before: nothing to do
            Assert.Equal([4, 5], Of(store, "symbol-A").Select(row => row.Number));

            store.Delete([new("symbol-A", long.MaxValue, 0), new("symbol-none", 3, 0)]);
            Assert.Empty(Of(store, "symbol-A"));
            Assert.Equal(5, store.HighestSequenceNumber("symbol-A"));
            Assert.Equal([new("symbol-A", 5), new("symbol-B", 5)], store.Heads());
        }

        using var again = Open();
        Assert.Equal(5, again.HighestSequenceNumber("symbol-A"));
        Assert.Throws<JournalConflictException>(() => again.Commit([Event("symbol-A", 5)]));
        again.Commit([Event("symbol-A", 6)]);
        Assert.Equal([6], Of(again, "symbol-A").Select(row => row.Number));
        Assert.Equal([1, 2, 3, 4, 5], Of(again, "symbol-B").Select(row => row.Number));
        Assert.Equal(6, All(again).Count);
    }

    [SkippableFact]
    public void Deletion_LeavesTheRowsThatAkkaWouldLeave()
    {
        using var store = Open();
        store.Commit([.. Enumerable.Range(1, 5).Select(n => Event("symbol-A", n))]);
        Execute("INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id) SELECT ordering, 'us', sequence_number, persistence_id "
            + "FROM journal");

        store.Delete([new("symbol-A", 3, 0)]);
        Assert.Equal(["3", "4", "5"], Query("SELECT sequence_number FROM journal ORDER BY ordering").Select(row => row[0]));
        Assert.Equal(["3"], Query($"SELECT sequence_number FROM journal WHERE deleted <> {False}").Select(row => row[0]));
        Assert.Equal(["4", "5"], Query("SELECT sequence_nr FROM tags ORDER BY sequence_nr").Select(row => row[0]));

        store.Delete([new("symbol-A", 5, 0)]);
        Assert.Equal(["5"], Query($"SELECT sequence_number FROM journal WHERE deleted <> {False}").Select(row => row[0]));
        Assert.Equal(["1"], Query("SELECT count(*) FROM journal").Select(row => row[0]));
        Assert.Equal(["0"], Query("SELECT count(*) FROM tags").Select(row => row[0]));
    }

    [SkippableFact]
    public void OldEventsOfManySymbols_AreDeletedTogether_WhileOthersAreWritten()
    {
        const int symbols = 6, events = 2500;
        using var store = Open();
        store.Commit(
            [.. Enumerable.Range(1, events).SelectMany(n => Enumerable.Range(0, symbols).Select(symbol => Event($"symbol-{symbol}", n)))]);
        var deletions = Enumerable.Range(0, symbols).Select(symbol => new JournalDeletion($"symbol-{symbol}", symbol * 500, 0)).ToArray();

        var deleting = Task.Run(() => store.Delete(deletions));
        long added = 0;
        do
        {
            added++;
            store.Commit([.. Enumerable.Range(0, symbols).Select(symbol => Event($"symbol-{symbol}", events + added))]);
        }
        while (!deleting.IsCompleted);
        deleting.GetAwaiter().GetResult();

        for (int symbol = 0; symbol < symbols; symbol++)
        {
            var left = Of(store, $"symbol-{symbol}");
            Assert.Equal(
                Enumerable.Range(symbol * 500 + 1, events - symbol * 500 + (int)added).Select(n => (long)n),
                left.Select(row => row.Number));
            Assert.All(left, row => Assert.Equal($"symbol-{symbol}/{row.Number}", row.Text));
            Assert.Equal(events + added, store.HighestSequenceNumber($"symbol-{symbol}"));
        }
        Assert.Equal(
            ["1"],
            Query($"SELECT count(*) FROM journal WHERE deleted <> {False} GROUP BY persistence_id").Select(row => row[0]).Distinct());
    }

    [SkippableFact]
    public void Rows_HoldWhatAkkaWouldWrite()
    {
        for (int opening = 1; opening <= 2; opening++)
        {
            using var store = Open();
            store.Commit(
                [Event("symbol-A", opening * 2 - 1), Event("symbol-A", opening * 2, manifest: "ra1")], [Snapshot("symbol-A", opening * 2)]);
            Clock.Now += TimeSpan.FromMinutes(1);
        }

        string first = new DateTime(2026, 3, 2, 14, 30, 0, DateTimeKind.Utc).Ticks.ToString(),
            second = new DateTime(2026, 3, 2, 14, 31, 0, DateTimeKind.Utc).Ticks.ToString();
        Assert.Equal(
            [[first, "symbol-A", "1", "ta1", "7421"], [first, "symbol-A", "2", "ra1", "7421"], [second, "symbol-A", "3", "ta1", "7421"],
                [second, "symbol-A", "4", "ra1", "7421"]],
            Query($"SELECT created, persistence_id, sequence_number, manifest, identifier FROM journal WHERE deleted = {False} "
                + "ORDER BY ordering"));
        var writers = Query("SELECT writer_uuid FROM journal ORDER BY ordering").Select(row => row[0]).ToArray();
        Assert.All(writers, writer => Assert.Matches("^[0-9a-f]{32}$", writer));
        Assert.Equal([0, 0, 1, 1], writers.Select(writer => writer == writers[0] ? 0 : writer == writers[2] ? 1 : 2));
        Assert.Equal([[first, "symbol-A", "2", "ss1", "7421"], [second, "symbol-A", "4", "ss1", "7421"]],
            Query("SELECT created, persistence_id, sequence_number, manifest, serializer_id FROM snapshot ORDER BY sequence_number"));
        Assert.Equal(["0"], Query("SELECT count(*) FROM tags").Select(row => row[0]));
    }

    [SkippableFact]
    public void RowsOfACluster_AreReadAlso_WithTheIdOfTheirSerializer()
    {
        using var store = Open();
        store.Commit([Event("symbol-A", 1)]);
        Execute("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) "
            + $"SELECT created, {False}, '/system/sharding/symbols', 1, message, 'AB', 13, NULL FROM journal");
        Execute("INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) "
            + "SELECT '/system/sharding/symbols', 1, 0, NULL, NULL, NULL FROM journal WHERE sequence_number = 1 "
            + "AND persistence_id = 'symbol-A'");
        store.Commit([Event("symbol-A", 2)]);

        Assert.Equal(
            [("symbol-A", 7421), ("/system/sharding/symbols", 13), ("symbol-A", 7421)], All(store).Select(row => (row.Id, row.Serializer)));
        var snapshot = Assert.Single(Snapshots(store));
        Assert.Equal(("", 0, ""), (snapshot.Manifest, snapshot.Serializer, snapshot.Text));
    }

    [SkippableFact]
    public void Snapshot_IsChosenByNumberAndTime_AndReplacedByOneOfTheSameNumber()
    {
        using var store = Open();
        var start = Clock.Now;
        foreach (int number in (int[])[10, 20, 30])
        {
            store.Commit([], [Snapshot("symbol-A", number), Snapshot("symbol-AB", number * 10)]);
            Clock.Now += TimeSpan.FromDays(1);
        }

        Assert.Equal("symbol-A/30", SnapshotOf(store, "symbol-A")!.Text);
        Assert.Equal(20, SnapshotOf(store, "symbol-A", 29)!.Number);
        Assert.Equal(20, SnapshotOf(store, "symbol-A", 20)!.Number);
        Assert.Null(SnapshotOf(store, "symbol-A", 9));
        Assert.Equal(20, SnapshotOf(store, "symbol-A", writtenBy: start.AddDays(1))!.Number);
        Assert.Equal(10, SnapshotOf(store, "symbol-A", writtenBy: start.AddDays(1).AddTicks(-1))!.Number);
        Assert.Equal(10, SnapshotOf(store, "symbol-A", 15, start.AddDays(2))!.Number);
        Assert.Null(SnapshotOf(store, "symbol-A", writtenBy: start.AddTicks(-1)));

        store.Commit([], [Snapshot("symbol-A", 20, "better")]);
        Assert.Equal(("better", Clock.Now.Ticks), (SnapshotOf(store, "symbol-A", 29)!.Text, SnapshotOf(store, "symbol-A", 29)!.Created));
        Assert.Equal(
            [("symbol-A", 30, "symbol-A/30"), ("symbol-AB", 300, "symbol-AB/300")],
            Snapshots(store).Select(row => (row.Id, row.Number, row.Text)));
        Assert.All(Snapshots(store), row => Assert.Equal((0, "ss1", 7421), (row.Ordering, row.Manifest, row.Serializer)));

        store.Delete([new("symbol-A", 0, 30), new("symbol-AB", 0, 1)]);
        Assert.Null(SnapshotOf(store, "symbol-A", 29));
        Assert.Equal(30, SnapshotOf(store, "symbol-A")!.Number);
        Assert.Equal(100, SnapshotOf(store, "symbol-AB", 199)!.Number);
        int handled = 0;
        store.ReadLatestSnapshots((in JournalRow row) => ++handled < 1);
        Assert.Equal(1, handled);
    }

    [SkippableFact]
    public void Heads_AreOrderedByTheBytesOfTheId()
    {
        using var store = Open();
        string[] ids = ["Z", "a", "A", "é", "AA", "a-1", "_", "0", "\U0001F4C8", "\uFF21"];
        store.Commit([.. ids.SelectMany((id, place) => new[] { Event(id, 1), Event(id, place + 2) })]);
        Assert.Equal(
            ids.Select((id, place) => new JournalHead(id, place + 2))
                .OrderBy(head => Convert.ToHexString(Encoding.UTF8.GetBytes(head.PersistenceId)), StringComparer.Ordinal),
            store.Heads());
    }

    [SkippableFact]
    public void Reader_NeverSeesHalfACommit_WhileTheWriterGoesOn()
    {
        const int perCommit = 40, commits = 150;
        using var store = Open();
        using var done = new CancellationTokenSource();
        int rounds = 0;
        var reading = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            long seen = 0;
            while (!done.IsCancellationRequested)
            {
                long rows = 0;
                store.ReadAll(0, (in JournalRow row) => { rows++; return true; });
                Assert.Equal(0, rows % perCommit);
                Assert.True(rows >= seen);
                seen = rows;
                Interlocked.Increment(ref rounds);
            }
        })));
        try
        {
            for (int commit = 1; commit <= commits; commit++)
                store.Commit([.. Enumerable.Range(0, perCommit).Select(symbol => Event($"symbol-{symbol}", commit))]);
            SpinWait.SpinUntil(() => Volatile.Read(ref rounds) > 3, TimeSpan.FromSeconds(30));
        }
        finally
        {
            done.Cancel();
        }
        reading.GetAwaiter().GetResult();
        Assert.Equal(commits * perCommit, All(store).Count);
    }

    [SkippableFact]
    public void WritersOnSeveralThreads_TakeTurns()
    {
        const int threads = 4, commits = 40;
        using var store = Open();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            for (int commit = 1; commit <= commits; commit++)
                store.Commit([Event($"symbol-{thread}", commit), Event($"other-{thread}", commit)]);
        });
        Assert.Equal(threads * commits * 2, All(store).Count);
        Assert.All(store.Heads(), head => Assert.Equal(commits, head.HighestSequenceNumber));
    }

    [SkippableFact]
    public void ProcessKilledBetweenAndAmidCommits_HasEveryCommitThatReturned_AndNoneInHalves()
    {
        var random = new Random(20260302);
        for (int round = 0; round < 4; round++)
        {
            long reported;
            using (var writer = new CrashWriter(Address)) reported = writer.KillAfter(random.Next(1, 60));

            using var store = Open();
            var heads = store.Heads();
            Assert.Equal(CrashWriter.Symbols, heads.Count);
            long highest = heads[0].HighestSequenceNumber;
            Assert.All(heads, head => Assert.Equal(highest, head.HighestSequenceNumber));
            // The pending commit may exist as a whole.
            Assert.InRange(highest, reported, reported + 1);

            long rows = 0;
            store.ReadAll(0, (in JournalRow row) =>
            {
                Assert.Equal(rows++ / CrashWriter.Symbols + 1, row.SequenceNumber);
                Assert.Equal(CrashWriter.Payload(int.Parse(row.PersistenceId["symbol-".Length..]), row.SequenceNumber), row.Payload);
                return true;
            });
            Assert.Equal(highest * CrashWriter.Symbols, rows);
            var snapshots = Snapshots(store);
            Assert.Equal(highest >= 16 ? CrashWriter.Symbols : 0, snapshots.Count);
            Assert.All(snapshots, row => Assert.Equal(highest / 16 * 16, row.Number));
        }
    }

    [SkippableFact]
    public void HandlerThatFails_IsHeard_AndTheJournalReadsOn()
    {
        using var store = Open();
        store.Commit([Event("symbol-A", 1), Event("symbol-A", 2)], [Snapshot("symbol-A", 2)]);
        JournalRowHandler failing = (in JournalRow row) => throw new IOException("the archive is full");
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal("the archive is full", Assert.Throws<IOException>(() => store.ReadAll(0, failing)).Message);
            Assert.Throws<IOException>(() => store.Read("symbol-A", 1, 2, failing));
            Assert.Throws<IOException>(() => store.ReadSnapshot("symbol-A", 2, failing));
            Assert.Throws<IOException>(() => store.ReadLatestSnapshots(failing));
            Assert.Equal(2, All(store).Count);
        }
        store.Commit([Event("symbol-A", 3)]);
        Assert.Equal(3, Of(store, "symbol-A").Count);
    }

    [SkippableFact]
    public void ViewOfAQuery_ReadsNoRowMoreOnceItIsCancelled_AndTheJournalReadsOn()
    {
        using var store = Open();
        store.Commit([.. Enumerable.Range(1, 3_000).Select(number => Event("symbol-A", number))], [Snapshot("symbol-A", 2_000)]);
        using var leaving = new CancellationTokenSource();
        var view = store.Until(leaving.Token);
        Assert.Equal(3_000, All(view).Count);
        Assert.Equal((3_000, 3_000L), (Of(view, "symbol-A").Count, view.HighestSequenceNumber("symbol-A")));
        Assert.Equal(2_000, SnapshotOf(view, "symbol-A")!.Number);
        Assert.Throws<NotSupportedException>(() => view.Commit([Event("symbol-A", 3_001)]));
        int rows = 0;
        JournalRowHandler leavingSoon = (in JournalRow row) =>
        {
            if (++rows == 1_500) leaving.Cancel();
            return true;
        };
        Assert.ThrowsAny<OperationCanceledException>(() => view.Read("symbol-A", 1, long.MaxValue, leavingSoon));
        Assert.Equal(1_500, rows);
        Assert.ThrowsAny<OperationCanceledException>(() => view.ReadAll(0, leavingSoon));
        Assert.ThrowsAny<OperationCanceledException>(() => view.Read("symbol-A", 1, 1, leavingSoon));
        Assert.ThrowsAny<OperationCanceledException>(() => view.ReadSnapshot("symbol-A", 2_000, leavingSoon));
        Assert.ThrowsAny<OperationCanceledException>(() => view.HighestSequenceNumber("symbol-A"));
        Assert.ThrowsAny<OperationCanceledException>(() => view.Heads());
        Assert.Equal(1_500, rows);

        using var during = new CancellationTokenSource();
        var scan = store.Until(during.Token);
        rows = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => scan.ReadAll(0, (in JournalRow row) =>
        {
            if (++rows == 10) during.Cancel();
            return true;
        }));
        Assert.Equal(10, rows);
        Assert.Equal(3_000, Of(store, "symbol-A").Count);
        store.Commit([Event("symbol-A", 3_001)]);
        Assert.Equal(3_001, All(store).Count);
    }

    [SkippableFact]
    public void ClosedJournal_SaysSo()
    {
        var store = Open();
        store.Dispose();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Commit([Event("symbol-A", 1)]));
        Assert.Throws<ObjectDisposedException>(() => All(store));
    }
}
