using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Telemetry.Prometheus;
using ActorTrading.Host.Tests.Connecting;
using ActorTrading.Host.Webhooks;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Ingest;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Telemetry;

/// <summary>The metrics page of a running node.</summary>
public class NodeMetricsTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs/metrics.md"));

    [Fact]
    public async Task Page_SaysWhatBecameOfEverythingReceived()
    {
        await using var running = await RunningNode.StartAsync(TestPlans.All["every frame"].ToJson());
        var inputs = HostileMarkets.Stream(seed: 3, count: 3_000, step: Timestamp.Second);
        await EngineReading.SendAsync(running.Node.Engine, inputs, 50);
        var fired = EngineReading.MarketOf(TestPlans.All["every frame"], inputs).Log.Signals.Count;
        while (running.Node.Hosted.LastSignal < fired) await Task.Yield(); // signals are logged in a commit of their own
        var page = await ReadAsync(running);
        var ledger = await running.Node.Engine.LedgerAsync();
        foreach (var line in ledger)
        {
            Assert.Equal(
                (line.Received, line.Applied, line.Late, line.Duplicate, line.Rejected),
                (Of("received", line), Of("applied", line), Of("late", line), Of("duplicate", line), Of("rejected", line)));
        }

        Assert.Equal(ledger.Sum(line => line.Received), page["actortrading_partition_records_total"].Samples.Sum(sample => sample.Value));
        Assert.Equal(0, page["actortrading_partition_waiting"].Samples.Sum(sample => sample.Value));
        Assert.Equal(running.Node.Hosted.LastSignal, page["actortrading_signals_position"].Samples.Single().Value);
        Assert.True(Value(page, "actortrading_signals_total") > 0);
        Assert.Equal("ready", page["actortrading_node_phase"].Samples.Single(sample => sample.Value == 1).Labels["phase"]);
        Assert.True(Value(page, "actortrading_journal_size_bytes") > 10_000);
        Assert.True(
            page["actortrading_journal_commit_duration_seconds"].Samples.Single(
                sample => sample.Name.EndsWith("_count", StringComparison.Ordinal)).Value
                > 10);
        Assert.True(Value(page, "dotnet_process_memory_working_set_bytes") > 1e6);

        double Of(string outcome, Engine.LedgerLine line) =>
            page[$"actortrading_records_{outcome}_total"].Samples.Single(sample => sample.Labels["source"] == line.Source.Name).Value;
    }

    [Fact]
    public async Task Symbols_ShowPriceBarsAndIndicators_AsTheirStatesHaveThem()
    {
        var plan = TestPlans.All["every frame"];
        await using var running = await RunningNode.StartAsync(plan.ToJson());
        await EngineReading.SendAsync(running.Node.Engine, HostileMarkets.Stream(seed: 3, count: 3_000, step: Timestamp.Second), 50);
        var page = await ReadAsync(running);
        var shown = 0;
        foreach (var symbol in HostileMarkets.Symbols)
        {
            var state = (await running.Node.Engine.StateAsync(symbol))!;
            Assert.Equal(state.Ohlcv.LastPrice / 1e8, Of(page, "actortrading_symbol_price", ("symbol", symbol.Name)));
            foreach (var column in plan.For(symbol).Columns)
            {
                foreach (var frame in plan.Settings.Frames.Where(frame => column.Spec.Frame is null || column.Spec.Frame == frame))
                {
                    var value = state.Ohlcv.Value(frame, column.Spec);
                    var labels = new[]
                    {
                        ("symbol", symbol.Name), ("frame", Domain.Calendars.Frames.Name(frame)), ("indicator", column.Spec.ValueName),
                    };
                    Assert.Equal(double.IsNaN(value) ? null : value, Of(page, "actortrading_indicator_value", labels));
                    shown += double.IsNaN(value) ? 0 : 1;
                }
            }
        }

        Assert.True(shown > 5);
        Assert.True(page["actortrading_symbol_bars_total"].Samples.Sum(sample => sample.Value) > 10);
        Assert.Equal(0, Value(page, "actortrading_symbols_left_out"));
    }

    [Fact]
    public async Task BeyondTheLimit_SymbolsAreCountedTogether_AndSourcesToo()
    {
        await using var running = await RunningNode.StartAsync(
            """{"frames":["1min"],"indicators":["sma(2)"]}""",
            options => options with { Telemetry = options.Telemetry with { Symbols = 3, Sources = 2 } });
        var batch = Enumerable.Range(0, 10).Select(number => Record.OfTick(
            Symbol.Parse($"S{number}"), new Identity(Source.Parse($"feed-{number}"), 0, 1), new Timestamp(1_700_000_000 * Timestamp.Second),
            5_00000000, 1))
            .ToArray();
        await (await running.Node.Engine.SubmitAsync(batch)).Durable;
        var page = await ReadAsync(running);
        Assert.Equal(["S0", "S1", "S2"], page["actortrading_symbol_price"].Samples.Select(sample => sample.Labels["symbol"]));
        Assert.Equal(7, Value(page, "actortrading_symbols_left_out"));
        Assert.Equal(
            [("feed-0", 1.0), ("feed-1", 1.0), ("(others)", 8.0)],
            page["actortrading_records_applied_total"].Samples.Select(sample => (sample.Labels["source"], sample.Value)));
    }

    [Fact]
    public async Task Connections_AreCounted_WithTheirBytesAndEnds()
    {
        await using var running = await RunningNode.StartAsync();
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(running.Node.Ingest.Address);
            var stream = client.GetStream();
            await stream.WriteAsync("{\"hello\":{}}\nno json\n"u8.ToArray());
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync() is not null) { }
        }

        await Until.True(() => running.Node.Telemetry.Ends.All.Sum(end => end.Value) > 0, "the connection has ended");
        var page = await ReadAsync(running);
        Assert.Equal(1, Value(page, "actortrading_ingest_connections_total"));
        Assert.Equal(0, Value(page, "actortrading_ingest_open_connections"));
        Assert.Equal(1, Of(page, "actortrading_ingest_connection_ends_total", ("code", "bad_hello")));
        Assert.True(Of(page, "actortrading_ingest_bytes_total", ("direction", "in")) >= 20);
    }

    [Fact]
    public async Task Refusals_AreCountedByReason_AndTheirBatchIsTimedOnce()
    {
        await using var running = await RunningNode.StartAsync();
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(running.Node.Ingest.Address);
            await client.GetStream().WriteAsync("{no json\n{\"symbol\":\"A\",\"price\":-1,\"time\":1700000000}\n"u8.ToArray());
        }

        await Until.True(() => running.Node.Telemetry.Ends.All.Any(), "the connection has ended");
        var page = await ReadAsync(running);
        Assert.Equal(1, Of(page, "actortrading_rejections_total", ("reason", "malformed")));
        Assert.Equal(2, page["actortrading_rejections_total"].Samples.Sum(sample => sample.Value));
        Assert.Equal(2, page["actortrading_records_rejected_total"].Samples.Sum(sample => sample.Value));
        var timed = page["actortrading_ingest_answer_duration_seconds"].Samples.Single(
            sample => sample.Name.EndsWith("_count", StringComparison.Ordinal));
        Assert.Equal("tcp", timed.Labels["door"]);
        Assert.InRange(timed.Value, 1, 2); // one for each read
        Assert.Equal(2, Value(page, "actortrading_quarantine_kept_total"));
    }

    [Fact]
    public async Task Subscribers_AreCounted_AsLongAsTheyLookOn()
    {
        await using var running = await RunningNode.StartAsync();
        var watch = running.Node.Telemetry;
        using (var slow = watch.Subscribers.Enter("websocket", () => 7))
        using (watch.Subscribers.Enter("websocket", () => 3))
        {
            slow.Missed(11);
            var page = await ReadAsync(running);
            Assert.Equal(
                (2, 7, 11),
                (Value(page, "actortrading_subscribers"), Value(page, "actortrading_subscribers_lag"),
                    Value(page, "actortrading_subscribers_missed_total")));
        }

        var after = await ReadAsync(running);
        Assert.Equal((0, 0, 11), (Value(after, "actortrading_subscribers"), Value(after, "actortrading_subscribers_lag"),
            Value(after, "actortrading_subscribers_missed_total")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Document_ListsEveryMetric_WithItsTypeAndLabels_AndNoOther(bool isInCluster)
    {
        await using var running = await RunningNode.StartAsync(TestPlans.All["every frame"].ToJson(), options => options with
        {
            Kind = isInCluster ? EngineKind.Cluster : EngineKind.Embedded, Cluster = options.Cluster with { Port = 0 },
            Webhooks = [new WebhookOptions { Name = "desk", Url = new Uri("http://127.0.0.1:1/") }],
            Connectors = [new ScriptedConnectorOptions("queue") { Lag = 3 }],
        });
        using var names = new MeterListener();
        var published = new Dictionary<string, string>();
        names.InstrumentPublished = (instrument, _) =>
        {
            if (!ReferenceEquals(instrument.Meter, running.Node.Telemetry.Meter.Meter)) return;
            Assert.False(string.IsNullOrEmpty(instrument.Description), instrument.Name);
            var kind = MetricKinds.Of(instrument);
            published.Add(PrometheusName.Of(instrument, kind), kind.ToString().ToLowerInvariant());
        };
        names.Start();
        var document = isInCluster
            ? Document
            : Document.Replace(Document.Split("### Akka.NET's")[1].Split("\nBeside these")[0], "", StringComparison.Ordinal);
        var documented = Regex.Matches(document, @"^\| `(actortrading_\w+)` \| (\w+) \| ([^|]*)\|", RegexOptions.Multiline)
            .ToDictionary(
                row => row.Groups[1].Value,
                row => (Type: row.Groups[2].Value,
                    Labels: Regex.Matches(row.Groups[3].Value, "`(\\w+)`").Select(label => label.Groups[1].Value).Order().ToList()));
        Assert.Equal(
            published.OrderBy(one => one.Key, StringComparer.Ordinal),
            documented.Select(row => KeyValuePair.Create(row.Key, row.Value.Type)).OrderBy(one => one.Key, StringComparer.Ordinal));

        // Labels of the metrics that have a series by now.
        await EngineReading.SendAsync(running.Node.Engine, HostileMarkets.Stream(seed: 3, count: 3_000, step: Timestamp.Second), 50);
        await (await running.Node.Ingest.Running.SubmitAsync(
            new[] { Record.OfTick(Symbol.Parse("A"), Identity.Anonymous, default, 1, 1) }, [],
            new Engine.Ingest.Sender("tcp", "", Source.Anonymous))).Durable;
        running.Node.Telemetry.Subscribers.Enter("sse", () => 0).Dispose();
        using (var client = new System.Net.Sockets.TcpClient()) await client.ConnectAsync(running.Node.Ingest.Address);
        await Until.True(() => running.Node.Telemetry.Ends.All.Any(), "the connection has ended");
        await running.GetAsync("/symbols"); // a query
        var page = await ReadAsync(running);
        Assert.Empty(documented.Keys.Except(page.Keys));
        foreach (var (name, row) in documented)
        {
            foreach (var sample in page[name].Samples)
                Assert.True(
                    row.Labels.SequenceEqual(sample.Labels.Keys.Where(label => label != "le").Order()),
                    $"{name}: {string.Join(", ", sample.Labels.Keys)}");
        }
    }

    private static async Task<IReadOnlyDictionary<string, Metric>> ReadAsync(RunningNode running)
    {
        using var answer = await running.Client.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(PrometheusPage.ContentType, answer.Content.Headers.ContentType?.ToString());
        return PrometheusChecker.Read(await answer.Content.ReadAsByteArrayAsync());
    }

    private static double Value(IReadOnlyDictionary<string, Metric> page, string name) => Assert.Single(page[name].Samples).Value;

    private static double? Of(IReadOnlyDictionary<string, Metric> page, string name, params (string Name, string Value)[] labels) =>
        page.GetValueOrDefault(name)?.Samples
            .SingleOrDefault(sample => labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value))?.Value;
}
