using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Nodes;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>
/// What is refused is kept before it is acknowledged, what comes is accounted for, and neither costs those of whom nothing is refused.
/// </summary>
public sealed class IngestPipelineTests : IDisposable
{
    private static readonly Source Feed = Source.Parse("feed-1");
    private static readonly Sender Sender = new("tcp", "127.0.0.1:5", Feed);

    private readonly TemporaryFolder folder = new();
    private readonly List<string> notices = [];
    private readonly ManualTime time = new();

    private string QuarantineFolder => Path.Combine(folder.Path, "quarantine");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryRefusal_IsInTheQuarantine_BeforeItsBatchIsDone()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options);
        var batch = Ticks.Many(100, Feed, epoch: 3, badEvery: 40);
        await (await pipeline.SubmitAsync(batch, [Unreadable(7, Feed), Unreadable(8)], Sender)).Durable;

        var lines = Quarantined();
        Assert.Equal(4, lines.Count);
        var record = lines.Single(line => line.TryGetProperty("seq", out var seq) && seq.GetInt64() == 40);
        Assert.Equal("tcp", record.GetProperty("door").GetString());
        Assert.Equal("127.0.0.1:5", record.GetProperty("peer").GetString());
        Assert.Equal("2024-07-09T00:00:00.000000Z", record.GetProperty("time").GetString());
        Assert.Equal(("feed-1", 3L), (record.GetProperty("source").GetString(), record.GetProperty("epoch").GetInt64()));
        Assert.Equal("MSFT", record.GetProperty("symbol").GetString());
        Assert.Equal(("price_not_positive", "price", "-1"), Cause(record));
        Assert.Contains("\"price\":-1,", record.GetProperty("raw").GetString());
        var unreadable = lines.Single(line => line.GetProperty("source").GetString() == "-");
        Assert.Equal(("malformed", "line", "what came"), Cause(unreadable));
        Assert.Equal((8L, "raw 8"), (unreadable.GetProperty("place").GetInt64(), unreadable.GetProperty("raw").GetString()));
        Assert.Equal(4, pipeline.Rejects.Quarantine!.Kept);
    }

    [Fact]
    public async Task RefusalsOfTheRecentPast_CanBeReadLater_OnceTheyAreDurable()
    {
        await File.WriteAllTextAsync(QuarantineFolder, "in the way"); // no file can be made below it
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options);
        var refused = (await pipeline.SubmitAsync(Ticks.Many(100, Feed, badEvery: 40), [Unreadable(7)], Sender)).Durable;
        await Until.True(() => pipeline.Rejects.Quarantine!.Problem is not null, "the problem is noticed");
        Assert.Empty(pipeline.Rejects.Recent(new RejectFilter(10)));
        File.Delete(QuarantineFolder);
        await refused.WaitAsync(Until.Limit);
        Assert.Equal(3, pipeline.Rejects.Recent(new RejectFilter(10)).Count);
        Assert.Equal([80, 40], pipeline.Rejects.Recent(new RejectFilter(10, null, Feed)).Select(one => one.Reject.Input.Seq));
        var unread = Assert.Single(pipeline.Rejects.Recent(new RejectFilter(10, RejectReason.Malformed))).Reject;
        Assert.Equal(("127.0.0.1:5", 7L, "raw 7"), (unread.Sender.Peer, unread.Input.LineNumber, unread.Input.Raw));
        var unheard = Assert.Single(pipeline.Unheard());
        Assert.Equal((1L, 1L), (unheard.Received, unheard.Rejected));
    }

    [Fact]
    public async Task Ledger_CountsWhatMadeNoRecord_AndBalancesPerSource()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options);
        var batch = Ticks.Many(100, Feed, badEvery: 40);
        await (await pipeline.SubmitAsync(batch, [Unreadable(7, Feed), Unreadable(8)], Sender)).Durable;
        await (await pipeline.SubmitAsync(batch, [], Sender)).Durable;

        var ledger = await pipeline.LedgerAsync();
        Assert.All(ledger, line => Assert.True(line.IsBalanced));
        var (nobody, feed) = (ledger[0], ledger[1]);
        Assert.Equal((Source.Anonymous, 1L, 1L), (nobody.Source, nobody.Received, nobody.Rejected));
        Assert.Equal((Feed, 201L, 98L), (feed.Source, feed.Received, feed.Applied));
        Assert.Equal(201, feed.Applied + feed.Duplicate + feed.Rejected);
    }

    [Fact]
    public async Task DiskThatIsFull_HoldsUpRefusalsAlone_UntilThereIsRoom()
    {
        await File.WriteAllTextAsync(QuarantineFolder, "in the way"); // no file can be made below it
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options);
        var refused = (await pipeline.SubmitAsync(Ticks.Many(80, Feed, badEvery: 40), [], Sender)).Durable;
        var unreadable = (await pipeline.SubmitAsync(default, [Unreadable(1)], Sender)).Durable;
        await Until.True(() => pipeline.Rejects.Quarantine!.Problem is not null, "the problem is noticed");
        await (await pipeline.SubmitAsync(Ticks.Many(200, Feed).AsMemory(100), [], Sender)).Durable; // nothing refused: not held up
        Assert.False(refused.IsCompleted);
        Assert.False(unreadable.IsCompleted);
        Assert.Equal((3L, 0L), (pipeline.Rejects.Quarantine!.Waiting, pipeline.Rejects.Quarantine.Kept));
        Assert.Equal(time.GetUtcNow(), pipeline.Rejects.Quarantine.Since);

        File.Delete(QuarantineFolder);
        Assert.Equal(2, (await refused.WaitAsync(Until.Limit)).Refused.Count);
        await unreadable.WaitAsync(Until.Limit);
        Assert.Equal(3, Quarantined().Count);
        var after = pipeline.Rejects.Quarantine!;
        Assert.Equal((0L, 3L, null), (after.Waiting, after.Kept, after.Problem));
        await Until.True(() => Notices().Length == 2, "both changes were told");
        Assert.Contains("cannot be written", Notices()[0]);
        Assert.Contains("can be written again", Notices()[1]);
    }

    [Fact]
    public async Task QuarantineThatFillsUp_LetsNoMoreIn_AndKeepsOrder()
    {
        await File.WriteAllTextAsync(QuarantineFolder, "in the way");
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options with { MaxWaiting = 3 });
        var first = (await pipeline.SubmitAsync(default, [Unreadable(1), Unreadable(2), Unreadable(3)], Sender)).Durable;
        var entering = pipeline.SubmitAsync(default, [Unreadable(4)], Sender).AsTask();
        using var impatient = new CancellationTokenSource();
        var given = pipeline.SubmitAsync(default, [Unreadable(5)], Sender, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(entering.IsCompleted);

        File.Delete(QuarantineFolder);
        await first.WaitAsync(Until.Limit);
        await (await entering.WaitAsync(Until.Limit)).Durable.WaitAsync(Until.Limit);
        Assert.Equal([1L, 2, 3, 4], Quarantined().Select(line => line.GetProperty("place").GetInt64()));
        Assert.Equal(4, (await pipeline.LedgerAsync()).Single().Rejected); // what did not get in was not received
    }

    [Fact]
    public async Task RefusalsThatTheDiskNeverTook_AreNotSaidToBeKept()
    {
        await File.WriteAllTextAsync(QuarantineFolder, "in the way");
        await using var engine = new ControlledEngine();
        var pipeline = new IngestPipeline(engine, Options);
        var lost = (await pipeline.SubmitAsync(default, [Unreadable(1)], Sender)).Durable;
        await pipeline.DisposeAsync();
        await Assert.ThrowsAsync<QuarantineException>(() => lost);
    }

    [Fact]
    public async Task OldFilesGo_WhenTheQuarantineIsLargerThanItMayBe_AndThatIsCounted()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options with { FileBytes = 1_000, QuarantineBytes = 4_000 });
        for (var place = 1; place <= 60; place++) await (await pipeline.SubmitAsync(default, [Unreadable(place)], Sender)).Durable;

        var status = pipeline.Rejects.Quarantine!;
        var places = Quarantined().Select(line => line.GetProperty("place").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(61 - places.Count, places.Count).Select(place => (long)place), places); // the newest, without a hole
        Assert.InRange(status.Bytes, 3_000, 4_000);
        Assert.Equal(status.Bytes, Directory.GetFiles(QuarantineFolder).Sum(path => new FileInfo(path).Length));
        Assert.True(status.DroppedFiles > 5 && status.DroppedBytes > 5_000);
        Assert.Equal(status.DroppedFiles, Notices().Length);
    }

    [Fact]
    public async Task NextStart_GoesOnInANewFile_AndCountsTheOldOnes()
    {
        for (var start = 1; start <= 3; start++)
        {
            await using var engine = new ControlledEngine();
            await using var pipeline = new IngestPipeline(engine, Options);
            await (await pipeline.SubmitAsync(default, [Unreadable(start)], Sender)).Durable;
            Assert.Equal(start, Directory.GetFiles(QuarantineFolder).Length);
            Assert.Equal(pipeline.Rejects.Quarantine!.Bytes, Directory.GetFiles(QuarantineFolder).Sum(path => new FileInfo(path).Length));
        }
    }

    [Fact]
    public async Task Audit_SaysPerSecondAndSource_WhatBecameOfWhatCame_AndAddsUpToTheLedger()
    {
        await using var engine = new ControlledEngine();
        var pipeline = new IngestPipeline(engine, Options);
        var other = Source.Parse("feed-2");
        await (await pipeline.SubmitAsync(Ticks.Many(100, Feed, epoch: 1, badEvery: 40), [Unreadable(1)], Sender)).Durable;
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.True(() => Audited().Count == 2, "the first second is written");
        await (await pipeline.SubmitAsync(
            new[] { Ticks.Of(101, Feed, 1), Ticks.Of(5, other), Ticks.Of(102, Feed, 1), Ticks.Of(6, other) }, [], Sender)).Durable;
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.True(() => Audited().Count == 4, "the second one is written");
        await (await pipeline.SubmitAsync(new[] { Ticks.Of(102, Feed, 1) }, [], Sender)).Durable;
        var ledger = await pipeline.LedgerAsync();
        await pipeline.DisposeAsync();

        var lines = Audited();
        Assert.Equal(5, lines.Count);
        var feed = lines.Where(line => line.GetProperty("source").GetString() == "feed-1").ToList();
        Assert.Equal([(1L, 100L), (101L, 102L), (102L, 102L)], feed.Select(Seqs));
        Assert.Equal(
            ["2024-07-09T00:00:01Z", "2024-07-09T00:00:02Z", "2024-07-09T00:00:02Z"],
            feed.Select(line => line.GetProperty("time").GetString()!));
        foreach (var line in ledger)
        {
            var own = lines.Where(audited => audited.GetProperty("source").GetString() == line.Source.Name).ToList();
            Assert.Equal(line.Received, Sum(own, "received"));
            Assert.Equal(line.Applied, Sum(own, "applied"));
            Assert.Equal(line.Late, Sum(own, "late"));
            Assert.Equal(line.Duplicate, Sum(own, "duplicate"));
            Assert.Equal(line.Rejected, Sum(own, "rejected"));
        }
    }

    [Fact]
    public async Task ReaderOfLiveRefusals_SeesThemAsTheyCome_AndLearnsHowManyItMissed()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options with { LiveBuffer = 3 });
        await using var reader = pipeline.Rejects.LiveAsync().GetAsyncEnumerator();
        await (await pipeline.SubmitAsync(default, [.. Enumerable.Range(1, 10).Select(place => Unreadable(place))], Sender)).Durable;
        await (await pipeline.SubmitAsync(Ticks.Many(40, Feed, badEvery: 40), [], Sender)).Durable;

        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((8L, 9L), (reader.Current.Missed, reader.Current.Reject!.Input.LineNumber));
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((0L, 10L), (reader.Current.Missed, reader.Current.Reject!.Input.LineNumber));
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(Symbol.Parse("MSFT"), reader.Current.Reject!.Symbol);
        Assert.Equal(RejectReason.PriceNotPositive, reader.Current.Reject.Input.Rejection.Reason);
    }

    [Fact]
    public async Task EngineThatFails_FailsTheBatch_AndKeepsWhatMadeNoRecord()
    {
        await using var engine = new ControlledEngine { Fate = () => (true, false) };
        await using var pipeline = new IngestPipeline(engine, Options);
        var batch = (await pipeline.SubmitAsync(Ticks.Many(10, Feed), [Unreadable(1)], Sender)).Durable;
        await Assert.ThrowsAsync<EngineStoppedException>(() => batch);
        await Until.True(() => pipeline.Rejects.Quarantine!.Kept == 1, "the unreadable piece is kept all the same");
    }

    [Fact]
    public async Task SourcesBeyondTheLimit_AreRefused_AndTheLedgerGrowsNoFurther()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options with { MaxSources = 1 });
        var batch = Enumerable.Range(1, 6).Select(seq => Ticks.Of(seq, Source.Parse($"s{seq % 3}"))).ToArray();
        batch[1] = Ticks.Of(1, Source.Parse("s1")); // a duplicate of the first, to see that places are kept
        batch[3] = Ticks.Of(1_000, Source.Parse("s1"), badEvery: 10);
        var result = await (await pipeline.SubmitAsync(
            batch, [Unreadable(9, Source.Parse("s9"))], Sender with { Source = Source.Anonymous })).Durable;

        // s9 made no record, so it takes no place; s1 comes before the others.
        Assert.Equal([(2, RejectReason.TooManySources), (3, RejectReason.PriceNotPositive), (4, RejectReason.TooManySources),
            (5, RejectReason.TooManySources)],
            result.Refused.Select(one => (one.Index, one.Rejection.Reason)));
        Assert.Equal((1, 1), (result.Applied, result.Duplicate));
        Assert.Equal(["- 3", "s1 3", "s9 1"], (await pipeline.LedgerAsync()).Select(line => $"{line.Source} {line.Received}"));
        Assert.All(await pipeline.LedgerAsync(), line => Assert.True(line.IsBalanced));
        Assert.Equal(5, Quarantined().Count);
    }

    [Fact]
    public async Task StampTooFarAheadOfTheClock_IsRejected_AndTheOthersOfItsSymbolAreApplied()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, Options with { MaxAhead = TimeSpan.FromHours(2) });
        var latest = ClockLimit.LatestAt(time, TimeSpan.FromHours(2));
        var ticks = Ticks.Many(4, Feed);
        var batch = new[]
        {
            ticks[0], ticks[1].At(latest), ticks[2].At(new Timestamp(latest.Nanoseconds + 1)), ticks[3].At(Timestamp.OfDate(2125, 3, 14)),
        };
        var result = await (await pipeline.SubmitAsync(batch, [], Sender)).Durable;

        Assert.Equal(2, result.Applied);
        Assert.Equal(
            [(2, RejectReason.TimeAhead), (3, RejectReason.TimeAhead)], result.Refused.Select(one => (one.Index, one.Rejection.Reason)));
        Assert.Equal(("time_ahead", "ts", "2125-03-14T00:00:00Z"), Cause(Quarantined()[1]));
        Assert.All(await pipeline.LedgerAsync(), line => Assert.True(line.IsBalanced));
    }

    [Fact]
    public void LimitBeyondAllTimes_RejectsNothing() =>
        Assert.Equal(Timestamp.MaxValue, ClockLimit.LatestAt(time, TimeSpan.MaxValue));

    [Fact]
    public async Task AcceptedRecords_CostTheReceptionNoMemoryEach()
    {
        await using var engine = InstantEngine.New();
        await using var pipeline = new IngestPipeline(engine, Options);
        var batch = Ticks.Many(4_096, Feed);
        for (var i = 0; i < 3; i++) await (await pipeline.SubmitAsync(batch, [], Sender)).Durable;
        // A quarter of a byte a record.
        Assert.InRange(
            Allocations.Of(() => Assert.True(pipeline.SubmitAsync(batch, [], Sender).Result.Durable.IsCompletedSuccessfully)), 0, 1_024);
    }

    private IngestPipelineOptions Options => new()
    {
        Folder = folder.Path, Time = time, RetryAfter = TimeSpan.FromMilliseconds(5), OnNotice = what =>
        {
            lock (notices) notices.Add(what);
        },
    };

    private static RejectedInput Unreadable(long place, Source? source = null) => new(
        new Identity(source ?? Source.Anonymous, 0, source is null ? Identity.None : place), place,
        new Rejection(RejectReason.Malformed, "line", "what came"), $"raw {place}");

    private static (string?, string?, string?) Cause(JsonElement line) =>
        (line.GetProperty("reason").GetString(), line.GetProperty("field").GetString(), line.GetProperty("value").GetString());

    private static (long, long) Seqs(JsonElement line) =>
        (line.GetProperty("first_seq").GetInt64(), line.GetProperty("last_seq").GetInt64());

    private static long Sum(IEnumerable<JsonElement> lines, string name) => lines.Sum(line => line.GetProperty(name).GetInt64());

    private static List<JsonElement> LinesOf(string path)
    {
        if (!Directory.Exists(path)) return [];
        var lines = new List<JsonElement>();
        foreach (var name in Directory.GetFiles(path, "*.ndjson").Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var text = reader.ReadToEnd();
            lines.AddRange(text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonElement.Parse(line)));
        }

        return lines;
    }

    private List<JsonElement> Quarantined() => LinesOf(QuarantineFolder);

    private List<JsonElement> Audited() => LinesOf(Path.Combine(folder.Path, "audit"));

    private string[] Notices()
    {
        lock (notices) return [.. notices];
    }
}
