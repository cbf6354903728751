using System.Net;
using System.Text.Json;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Journal.Sqlite;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit.Ingest;
using Microsoft.Data.Sqlite;

namespace ActorTrading.Host.Tests.Faults;

/// <summary>Faults of a node's disk, journal and clock while records arrive: nothing is lost.</summary>
public sealed class NodeFaultTests
{
    /// <summary>More than a small journal can store, however few and large its events are.</summary>
    private const int TooMuch = 150_000;

    [Fact]
    public async Task JournalThatMayGrowNoFurther_StopsTheNode_AndARestartWithRoomGoesOn()
    {
        await using var story = await FaultedNode.StartAsync(
            options => Open(options, new JournalOptions { MaxPages = 120 }), ticks: TooMuch);
        var sending = story.SendAsync();

        var failure = await story.FailureAsync();
        Assert.Equal(JournalFailure.Full, Assert.IsType<JournalException>(failure.InnerException).Failure);
        await story.AssertItSaysSoAsync();
        Assert.False(sending.IsCompleted);
        await story.RestartAsync();
        await story.EndAsync(sending);
    }

    [TinyDiskFact]
    public async Task NearlyFullDisk_HoldsTheSenders_AndTheNodeGoesOnByItself()
    {
        using var disk = new TinyDisk("128m");
        var filler = Path.Combine(disk.Path, "filler");
        await using var story = await FaultedNode.StartAsync(data: Path.Combine(disk.Path, "data"), minFreeDisk: 48L << 20);
        await story.SendAsync(5_000);
        await File.WriteAllBytesAsync(filler, new byte[96 << 20]);
        await Until.True(() => story.Node.Disk.IsLow, "the disk is low");
        var sending = story.SendAsync();
        await Until.True(() => story.Node.Ingest.Listener!.Connections.Any(open => open.InFlight > 0), "the sender waits");
        Assert.False(sending.IsCompleted);
        Assert.Null(story.Node.Hosted.Failure);

        File.Delete(filler);
        await story.EndAsync(sending);
    }

    [TinyDiskFact]
    public async Task FullDisk_StopsTheNode_AndARestartWithRoomGoesOn()
    {
        using var disk = new TinyDisk("768k");
        await using var story = await FaultedNode.StartAsync(data: Path.Combine(disk.Path, "data"), ticks: TooMuch);
        var sending = story.SendAsync();

        var failure = await story.FailureAsync();
        Assert.Equal(JournalFailure.Full, Assert.IsType<JournalException>(failure.InnerException).Failure);
        await story.AssertItSaysSoAsync();
        Assert.False(sending.IsCompleted);
        disk.Remount("size=128m");
        await story.RestartAsync();
        await story.EndAsync(sending);
    }

    [TinyDiskFact]
    public async Task FolderThatBecomesReadOnly_IsSaidAtTheStart_AndKeepsEverything()
    {
        using var disk = new TinyDisk("128m");
        await using var story = await FaultedNode.StartAsync(data: Path.Combine(disk.Path, "data"), ticks: 5_000);
        var sending = story.SendAsync();
        await sending.WaitAsync(FaultedNode.Timeout);
        await story.Node.DisposeAsync();

        disk.Remount("ro");
        var refused = await Assert.ThrowsAsync<CommandException>(() => Node.StartAsync(story.Node.Options));
        Assert.Equal(ExitCode.BadOutput, refused.ExitCode);
        Assert.Contains("ead-only", refused.Message, StringComparison.Ordinal);
        disk.Remount("rw");
        await story.RestartAsync();
        await story.EndAsync(sending);
    }

    [Fact]
    public async Task JournalThatSomebodyElseHolds_StopsTheNode_AndARestartGoesOn()
    {
        await using var story = await FaultedNode.StartAsync(
            options => Open(options, new JournalOptions { LockTimeout = TimeSpan.FromMilliseconds(50) }));
        await using var other = new SqliteConnection($"Data Source={Path.Combine(story.Data, JournalStore.FileName)};Pooling=False");
        await other.OpenAsync();
        await using var transaction = other.BeginTransaction(deferred: false);
        var sending = story.SendAsync();

        var failure = await story.FailureAsync();
        Assert.Equal(JournalFailure.Locked, Assert.IsType<JournalException>(failure.InnerException).Failure);
        await story.AssertItSaysSoAsync();
        await transaction.RollbackAsync();
        await story.RestartAsync();
        await story.EndAsync(sending);
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("journal.db-wal")]
    public async Task JournalThatIsRemoved_IsRescued_AndNotMistakenForANewOne(string removed)
    {
        await using var story = await FaultedNode.StartAsync();
        await story.SendAsync(10_000);
        var journal = Path.Combine(story.Data, JournalStore.FileName);
        File.Delete(Path.Combine(story.Data, removed));
        var sending = story.SendAsync();

        var failure = await story.FailureAsync();
        Assert.Contains($"{journal}.rescued", failure.Message, StringComparison.Ordinal);
        await story.AssertItSaysSoAsync();
        var acknowledged = story.Fed.Acknowledged;
        await story.Node.DisposeAsync();
        File.Delete(journal);
        var refused = await Assert.ThrowsAsync<CommandException>(story.RestartAsync);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("restore the journal file", refused.Message, StringComparison.Ordinal);

        File.Move($"{journal}.rescued", journal);
        File.Delete($"{journal}-wal"); // of the previous file
        await story.RestartAsync();
        Assert.InRange(story.Node.Hosted.Recovery.Records, acknowledged / 2, long.MaxValue);
        await story.EndAsync(sending);
    }

    [Fact]
    public async Task ClockThatIsSetBack_ChangesNothingThatIsFolded_AndNothingStandsStill()
    {
        var time = new WanderingTime();
        await using var story = await FaultedNode.StartAsync(time: time);
        await story.SendAsync(10_000);
        time.Set(TimeSpan.FromDays(-400));
        await story.SendAsync(10_000);
        time.Set(TimeSpan.FromDays(800));
        var sending = story.SendAsync();
        await sending.WaitAsync(FaultedNode.Timeout);

        using var client = new HttpClient { BaseAddress = story.Node.Http[0] };
        var page = Telemetry.PrometheusChecker.Read(await client.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative)));
        // Kestrel's own gauges may be negative for a moment.
        var ours = page.Where(family => family.Key.StartsWith("actortrading_", StringComparison.Ordinal));
        Assert.All(
            ours.SelectMany(family => family.Value.Samples), sample => Assert.True(sample.Value >= 0, $"{sample.Name} {sample.Value}"));
        await story.EndAsync(sending);
        Assert.Equal(story.Fed.Acknowledged, AuditedRecords(story.Data));
    }

    [Fact]
    public async Task QuarantineThatTakesNothing_HoldsBackRefusalsOnly_UntilItTakesThemAgain()
    {
        await using var running = await RunningNode.StartAsync(change: options =>
        {
            Directory.CreateDirectory(options.Data);
            File.WriteAllText(Path.Combine(options.Data, "quarantine"), "in the way");
            return options;
        });
        var good = """{"symbol":"AAPL","ts":1720522800000000000,"price":1,"size":1,"source":"desk","seq":1}""";
        var bad = """{"symbol":"AAPL","ts":1720522800000000000,"price":-1,"size":1,"source":"desk","seq":2}""";
        var refusal = running.PostAsync("/ingest", bad, HttpStatusCode.UnprocessableEntity);
        while (running.Node.Ingest.Running.Rejects.Quarantine?.Problem is null) await Task.Yield();

        Assert.Equal(1, (await running.PostAsync("/ingest", good)).GetProperty("applied").GetInt32());
        Assert.False(refusal.IsCompleted);
        Assert.Equal("degraded", (await running.GetAsync("/health/ready")).GetProperty("status").GetString());

        File.Delete(Path.Combine(running.Node.Options.Data, "quarantine"));
        Assert.Equal(1, (await refusal.WaitAsync(FaultedNode.Timeout)).GetProperty("rejected").GetInt32());
        Assert.Null(running.Node.Ingest.Running.Rejects.Quarantine!.Problem);
    }

    private static SqliteJournalStore Open(NodeOptions options, JournalOptions how) =>
        new(Path.Combine(options.Data, JournalStore.FileName), how);

    private static long AuditedRecords(string data) =>
        Directory.GetFiles(Path.Combine(data, "audit"), "received-*.ndjson").SelectMany(File.ReadAllLines).Sum(line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.True(json.RootElement.GetProperty("received").GetInt64() > 0);
            return json.RootElement.GetProperty("received").GetInt64();
        });
}
