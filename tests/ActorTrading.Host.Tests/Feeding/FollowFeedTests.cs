using System.Text;
using ActorTrading.Client;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Feeding;
using ActorTrading.Host.Feeding.Following;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire.Files;
using Identity = ActorTrading.Domain.Records.Identity;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Feeding;

/// <summary>A growing file: whatever happens to it, to the node and to the feed, each record counts once and none is missing.</summary>
public sealed class FollowFeedTests : IAsyncLifetime
{
    private static readonly Source Source = Source.Parse("ticks.log");

    private readonly TemporaryFolder folder = new();
    private readonly List<string> said = [];
    private readonly List<Record> expected = [];
    private RunningNode node = null!;
    private long next;

    private string Log => folder.File("ticks.log");

    public async Task InitializeAsync() => node = await RunningNode.StartAsync();

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task LinesAppendedInPieces_CountOnce_AndHalfALineWaitsForItsEnd()
    {
        var text = Lines(400);
        await using var feed = Follow();
        var random = new Random(5);
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(text.Length - at, random.Next(1, 900));
            Append(text.AsSpan(at, length));
            at += length;
            var whole = text.AsSpan(0, at).Count((byte)'\n');
            await feed.AcknowledgedAsync(whole);
            Assert.Equal(whole, feed.Status.Taken);
        }

        await AssertStateAsync();
    }

    [Fact]
    public async Task TableThatGrows_IsReadByItsHeader()
    {
        var at = Timestamp.OfDate(2024, 7, 9).Nanoseconds;
        var rows = Enumerable.Range(1, 50).Select(i => (Time: at + (i * Timestamp.Second), Price: 100 + (i % 7))).ToList();
        await using var feed = Follow();
        Append("timestamp,symbol,price,size\n"u8);
        await Task.Delay(10); // a header alone is not enough
        foreach (var (time, price) in rows)
            Append(Encoding.UTF8.GetBytes($"{new Timestamp(time)},AAPL,{price},10\n"));
        foreach (var (time, price) in rows)
        {
            expected.Add(Record.OfTick(
                Symbol.Parse("AAPL"), new Identity(Source, 0, ++next), new Timestamp(time), price * Fixed8.One, 10 * Fixed8.One));
        }

        await feed.AcknowledgedAsync(50);
        await AssertStateAsync();
    }

    [Fact]
    public async Task FileIsRotated_ItsRestAndTheNewOneAreRead()
    {
        await using var feed = Follow();
        Append(Lines(100));
        await feed.AcknowledgedAsync(100);
        Append(Lines(7));
        File.Move(Log, Log + ".1");
        File.AppendAllText(Log + ".1",
            Encoding.UTF8.GetString(Lines(3)).TrimEnd('\n')); // by a program that has it open; its last line is not complete
        Append(Lines(60, epoch: 1));
        await feed.AcknowledgedAsync(170);
        await AssertStateAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FileIsTruncated_ItIsReadFromItsBeginning(bool isCopied)
    {
        await using var feed = Follow();
        Append(Lines(100));
        await feed.AcknowledgedAsync(100);
        if (isCopied)
        {
            Append(Lines(20));
            File.Copy(Log, Log + ".1");
        }

        using (var file = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(0);
        if (!isCopied) await feed.SaidAsync("was truncated");
        Append(Lines(30, epoch: 1));
        await feed.AcknowledgedAsync(isCopied ? 150 : 130);
        await AssertStateAsync();
    }

    [Fact]
    public async Task NodeIsKilledAndStartedAgain_NothingIsLostOrDoubled()
    {
        await using var feed = Follow(window: 50);
        for (var part = 0; part < 4; part++)
        {
            Append(Lines(500));
            if (part is 1 or 2) await node.RestartAsync();
        }

        // The node listens on another port now; the feed gets the new address, as after a restart of the feed.
        await feed.DisposeAsync();
        await using var second = Follow(to: "same");
        await second.AcknowledgedAsync(2_000 - second.Skipped);
        await AssertStateAsync();
        await second.DisposeAsync(); // the cursor is saved after the acknowledgement
        Assert.Equal(2_000, Cursor().Acknowledged);
    }

    [Fact]
    public async Task FeedIsStartedAgain_ItGoesOnBehindWhatIsAcknowledged()
    {
        await using (var first = Follow())
        {
            Append(Lines(300));
            await first.AcknowledgedAsync(300);
        }

        Append(Lines(40));
        await using var second = Follow();
        await second.AcknowledgedAsync(40);
        Assert.Equal(40, second.Status.Taken);
        await AssertStateAsync();
    }

    [Fact]
    public async Task FileIsRotatedWhileNoFeedRuns_ItsRestIsReadFromBesideIt()
    {
        await using (var first = Follow())
        {
            Append(Lines(300));
            await first.AcknowledgedAsync(300);
        }

        Append(Lines(40));
        File.Move(Log, Log + "-20240709");
        Append(Lines(50, epoch: 1));
        await using var second = Follow();
        await second.AcknowledgedAsync(90);
        Assert.Equal(90, second.Status.Taken);
        await AssertStateAsync();
        await second.DisposeAsync();
        Assert.Equal((1, 50), (Cursor().Epoch, Cursor().Acknowledged));
    }

    [Fact]
    public async Task FileIsReplacedWhileNoFeedRuns_TheNewOneHasItsOwnEpoch_AndTheLossIsTold()
    {
        await using (var first = Follow())
        {
            Append(Lines(30));
            await first.AcknowledgedAsync(30);
        }

        File.Delete(Log);
        Append(Lines(50, epoch: 1));
        await using var second = Follow();
        await second.AcknowledgedAsync(50);
        await second.SaidAsync("is not the file of which 30 records were fed");
        await AssertStateAsync();
    }

    [Fact]
    public async Task RecordsAreNumberedAsFeedDoes()
    {
        Append(Lines(200));
        await using (var plain = new FeedClient(Options(65_536)))
        {
            var sink = new FeedSink(plain, FeedPace.Max(), TimeProvider.System, CancellationToken.None);
            RecordFile.Read(Log, new ReadOptions(), sink);
            sink.Flush();
            await plain.FlushAsync();
        }

        await using var feed = Follow();
        await feed.AcknowledgedAsync(200);
        var ledger = (await node.GetAsync("/ledger")).GetProperty("total");
        Assert.Equal((200, 200),
            (ledger.GetProperty("duplicate").GetInt32(), ledger.GetProperty("applied").GetInt32() + ledger.GetProperty("late").GetInt32()));
        await AssertStateAsync();
    }

    [Theory]
    [InlineData("1F8B0800", "is compressed with gzip")]
    [InlineData("7B0A20202261223A20312C0A20202262223A20320A7D0A", "is json")] // {"a": 1, ...} over several lines
    [InlineData("415442310102030405060708", "is binary")]
    public async Task WhatDoesNotGrowByLines_IsRefused(string hex, string why)
    {
        Append(Convert.FromHexString(hex));
        Append(new byte[FollowFeed.DetectionLength]);
        await using var feed = Follow();
        var refused = await Assert.ThrowsAsync<CommandException>(() => feed.Ended.WaitAsync(Until.Limit));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CursorOfAnotherNode_IsRefused()
    {
        await using (var first = Follow())
        {
            Append(Lines(3));
            await first.AcknowledgedAsync(3);
        }

        var refused = Assert.Throws<CommandException>(() => FollowCursor.Load(FollowOptions.CursorPathOf(Log), "other:9999", Source.Name));
        Assert.Contains("--to same", refused.Message, StringComparison.Ordinal);
    }

    private FollowCursor Cursor() => FollowCursor.Load(FollowOptions.CursorPathOf(Log), "same", Source.Name)!;

    private byte[] Lines(int count, long epoch = 0)
    {
        if (epoch != (expected.Count == 0 ? 0 : expected[^1].Id.Epoch)) next = 0;
        var first = expected.Count + 1;
        var records = Enumerable.Range(first, count).Select(number => Ticks.Of(number).WithIdentity(Identity.Anonymous)).ToArray();
        foreach (var record in records) expected.Add(record.WithIdentity(new Identity(Source, epoch, ++next)));
        return Ticks.Text(records);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(bytes);
    }

    private FeedOptions Options(int window) =>
        new() { Port = node.Node.Ingest.Address.Port, Source = Source, Window = window, MaxBackOff = TimeSpan.FromMilliseconds(50) };

    private Following Follow(int window = 65_536, string to = "same")
    {
        var cursor = FollowCursor.Load(FollowOptions.CursorPathOf(Log), to, Source.Name) ?? FollowCursor.Begin(to, Source.Name);
        var options = new FollowOptions(
            Log, FollowOptions.CursorPathOf(Log), Source, new ReadOptions()) { Pause = TimeSpan.FromMilliseconds(2), Say = Hear };
        return new Following(options, cursor, Options(window), said);
    }

    private void Hear(string what)
    {
        lock (said) said.Add(what);
    }

    private async Task AssertStateAsync()
    {
        var market = new Market(Plan.Default, NoOutput.Instance);
        foreach (var record in expected) market.OnRecord(record);
        Assert.Equal(market.Hash().ToString(), (await node.GetAsync("/state-hash")).GetProperty("state_hash").GetString());
    }

    /// <summary>A feed that runs until it is disposed, like until Ctrl-C.</summary>
    private sealed class Following : IAsyncDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private readonly FeedClient client;
        private readonly FollowFeed feed;
        private readonly List<string> said;

        public Following(FollowOptions options, FollowCursor cursor, FeedOptions server, List<string> said)
        {
            this.said = said;
            Skipped = cursor.Acknowledged;
            client = new FeedClient(server);
            feed = new FollowFeed(options, cursor, client, new FeedSink(client, FeedPace.Max(), TimeProvider.System, ending.Token));
            Ended = Task.Run(() => feed.Run(ending.Token));
        }

        public long Skipped { get; }

        public Task Ended { get; }

        public FeedStatus Status => client.Status;

        public async Task AcknowledgedAsync(long count)
        {
            await Until.True(() => client.Status.Acknowledged >= count || Ended.IsCompleted, $"{count} acknowledged");
            if (Ended.IsCompleted) await Ended;
            Assert.Equal(count, client.Status.Acknowledged);
        }

        public Task SaidAsync(string what) => Until.True(
            () =>
            {
                lock (said) return said.Exists(line => line.Contains(what, StringComparison.Ordinal));
            },
            what);

        public async ValueTask DisposeAsync()
        {
            if (ending.IsCancellationRequested) return;
            await ending.CancelAsync();
            await Ended.ContinueWith(static _ => { }, TaskScheduler.Default);
            if (Ended.Exception?.InnerException is null or OperationCanceledException) feed.Save();
            await client.DisposeAsync();
        }
    }
}
