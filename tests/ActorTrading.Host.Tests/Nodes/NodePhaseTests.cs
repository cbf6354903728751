using System.Net;
using System.Text.Json;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Nodes;

/// <summary>The answers of a node that is not ready.</summary>
public sealed class NodePhaseTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task NodeThatRecovers_LivesAndSaysHowFarItIs()
    {
        using var gate = new ManualResetEventSlim();
        var port = FreePort.Next();
        var starting = Node.StartAsync(
            RunningNode.Options(folder.Path) with { HttpPorts = [port] },
            open: options => new SlowJournal(JournalStore.Open(Path.Combine(options.Data, "journal.db")), gate));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        while (!starting.IsCompleted && !await AnswersAsync(client)) await Task.Yield();

        Assert.Equal("live", await StatusAsync(client, "/health/live", HttpStatusCode.OK));
        Assert.Equal("recovering", await StatusAsync(client, "/health/ready", HttpStatusCode.ServiceUnavailable));
        var metrics = Telemetry.PrometheusChecker.Read(await client.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative)));
        Assert.Equal("recovering", metrics["actortrading_node_phase"].Samples.Single(sample => sample.Value == 1).Labels["phase"]);
        using (var refused = await client.GetAsync(new Uri("/ledger", UriKind.Relative)))
        {
            Assert.Equal(
                "recovering", (await RunningNode.ReadAsync(refused, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
            Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
        }

        gate.Set();
        await using var node = await starting;
        Assert.Equal("ready", await StatusAsync(client, "/health/ready", HttpStatusCode.OK));
    }

    [Fact]
    public async Task JournalThatDoesNotAnswer_MakesTheNodeUnready()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        SlowJournal journal = null!;
        await using var node = await Node.StartAsync(
            RunningNode.Options(folder.Path),
            open: options => journal = new SlowJournal(JournalStore.Open(Path.Combine(options.Data, "journal.db")), gate));
        journal.IsGone = true;
        using var client = new HttpClient { BaseAddress = node.Http[0] };

        Assert.Equal("journal_unavailable", await StatusAsync(client, "/health/ready", HttpStatusCode.ServiceUnavailable));
        Assert.Equal("live", await StatusAsync(client, "/health/live", HttpStatusCode.OK));
    }

    [Fact]
    public async Task RefusalsThatCannotBeKept_DegradeTheNode_UntilTheyCan()
    {
        var options = RunningNode.Options(folder.Path);
        var blocked = Path.Combine(options.Data, "quarantine");
        Directory.CreateDirectory(options.Data);
        await File.WriteAllTextAsync(blocked, "a file where a folder should be");
        await using var node = await Node.StartAsync(options);
        using var client = new HttpClient { BaseAddress = node.Http[0] };
        using var bad = new StringContent("""{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":-1,"size":1}""");
        var refusal = client.PostAsync(new Uri("/ingest", UriKind.Relative), bad);
        while (node.Ingest.Running.Rejects.Quarantine?.Problem is null && !refusal.IsCompleted) await Task.Yield();

        Assert.Equal("degraded", await StatusAsync(client, "/health/ready", HttpStatusCode.OK));
        Assert.False(refusal.IsCompleted); // nothing is answered before it is stored

        File.Delete(blocked);
        using var answer = await refusal;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        while (node.Ingest.Running.Rejects.Quarantine?.Problem is not null) await Task.Yield();
        Assert.Equal("ready", await StatusAsync(client, "/health/ready", HttpStatusCode.OK));
    }

    [Fact]
    public async Task DeletionThatFails_LeavesTheNodeReady_AndIsToldUntilItWorksAgain()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        SlowJournal journal = null!;
        var told = new Logging.ListLogger();
        await using var node = await Node.StartAsync(
            RunningNode.Options(folder.Path) with { Engine = new EmbeddedOptions { SnapshotEvery = 1 } },
            new Logging.NodeLoggers(told),
            options =>
                journal = new SlowJournal(JournalStore.Open(Path.Combine(options.Data, "journal.db")), gate) { RefusesToDelete = true });
        using var client = new HttpClient { BaseAddress = node.Http[0] };
        for (var round = 0; round < 3; round++) await SendAsync(round);
        JsonElement health;
        while (!(health = await HealthAsync(client)).TryGetProperty("degraded", out _)) await Task.Yield();
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains("Not now.", health.GetProperty("degraded")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await MetricAsync(client));

        journal.RefusesToDelete = false;
        for (var round = 3; round < 6; round++) await SendAsync(round);
        while ((await HealthAsync(client)).TryGetProperty("degraded", out _)) await Task.Yield();
        Assert.Equal(1, await MetricAsync(client));
        while (!told.Events.Contains(109)) await Task.Yield(); // after the status of the health response
        Assert.Equal([108, 109], told.Events.Where(number => number is 108 or 109).Distinct());

        async Task SendAsync(int round)
        {
            Record[] records = [.. Enumerable.Range(0, 600).Select(number => Record.OfTick(
                Symbol.Parse($"S{number}"), new Identity(Source.Parse("test"), 1, (round * 600) + number),
                new Timestamp(Timestamp.Day + round), Fixed8.One, Fixed8.One))];
            await (await node.Engine.SubmitAsync(records)).Durable;
        }
    }

    [Fact]
    public async Task SilentSymbol_HasItsBarsClosedByTheWallClock_WhereThatIsSwitchedOn()
    {
        await using var running = await RunningNode.StartAsync(
            """{"frames":["1s"]}""", options => options with { CloseSilentBars = true, Grace = TimeSpan.Zero });
        var bars = running.Node.Engine.LiveAsync(new LiveFilter());
        var now = Timestamp.FromDateTime(DateTime.UtcNow);
        await (await running.Node.Engine.SubmitAsync(
            new[] { Record.OfTick(Symbol.Parse("AAPL"), Identity.Anonymous, now, Fixed8.One, Fixed8.One) })).Durable;
        await foreach (var happened in bars)
        {
            Assert.Equal(1, happened.Bar!.Bar.Ticks); // no other record arrived
            break;
        }
    }

    private static async Task<JsonElement> HealthAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return await RunningNode.ReadAsync(answer, HttpStatusCode.OK);
    }

    private static async Task<double> MetricAsync(HttpClient client) =>
        Telemetry.PrometheusChecker.Read(
            await client.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative)))["actortrading_retention_up"].Samples
            .Single().Value;

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string?> StatusAsync(HttpClient client, string path, HttpStatusCode status)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(status, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("status").GetString();
    }

    /// <summary>A journal that can be read after the gate is opened, and that can become unavailable.</summary>
    private sealed class SlowJournal(IJournalStore inner, ManualResetEventSlim gate) : IJournalStore
    {
        public bool IsGone { get; set; }

        public bool RefusesToDelete { get; set; }

        public string Location => inner.Location;

        public string? Notice => inner.Notice;

        public void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots) => inner.Commit(events, snapshots);

        public long ReadAll(long afterOrdering, JournalRowHandler handler) => inner.ReadAll(afterOrdering, handler);

        public void Read(string persistenceId, long first, long last, JournalRowHandler handler) =>
            inner.Read(persistenceId, first, last, handler);

        public long HighestSequenceNumber(string persistenceId) => inner.HighestSequenceNumber(persistenceId);

        public long LastOrdering() => inner.LastOrdering();

        public IReadOnlyList<JournalHead> Heads()
        {
            gate.Wait();
            return inner.Heads();
        }

        public bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy) =>
            inner.ReadSnapshot(persistenceId, maxSequenceNumber, handler, writtenBy);

        public void ReadLatestSnapshots(JournalRowHandler handler) => inner.ReadLatestSnapshots(handler);

        public void Delete(ReadOnlySpan<JournalDeletion> deletions)
        {
            if (RefusesToDelete) throw new JournalException(JournalFailure.Locked, "Not now.");
            inner.Delete(deletions);
        }

        public void CheckAlive()
        {
            if (IsGone) throw new JournalException(JournalFailure.Unavailable, "The journal is gone.");
            inner.CheckAlive();
        }

        public void Dispose() => inner.Dispose();
    }
}
