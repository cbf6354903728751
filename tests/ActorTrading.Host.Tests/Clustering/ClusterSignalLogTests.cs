using System.Net;
using System.Text.Json;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests.Telemetry;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Clustering;

/// <summary>A node of a cluster whose signal log is damaged.</summary>
public sealed class ClusterSignalLogTests : IAsyncLifetime
{
    private const string Plan = """{ "frames": ["1min"], "rules": [{ "name": "up", "rule": "alert when close > 10 on tick" }] }""";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync(Plan, options => options with
    {
        Kind = EngineKind.Cluster, Cluster = options.Cluster with { Port = 0, Shards = 10 },
    });

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task NodeIsDegraded_TakesTicksAllTheSame_AndIsReadyWhenTheLogIsRepaired()
    {
        await TakenAsync(seq: 1, price: 11);
        await UntilAsync(async () => (await node.GetAsync("/signals")).GetProperty("signals").GetArrayLength() == 1);
        Assert.Equal(1, await MetricAsync());
        var file = Path.Combine(node.Node.Options.Data, JournalStore.FileName);
        var row = new DamagedRow(file, "administrator", 1, RowDamage.FromTheFuture);

        await node.RestartAsync();
        await UntilAsync(async () => await StatusAsync() == (HttpStatusCode.OK, "degraded",
            "Signals cannot be logged: Event 1 of 'administrator': not a signal, but 'sg9' of serializer 7421."));
        Assert.Equal(0, await MetricAsync());
        Assert.Equal("live", (await node.GetAsync("/health/live")).GetProperty("status").GetString());
        Assert.Equal(
            "journal_damaged", (await node.GetAsync("/signals", HttpStatusCode.InternalServerError)).GetProperty("code").GetString());
        await TakenAsync(seq: 2, price: 9);
        await TakenAsync(seq: 3, price: 12);

        row.Repair();
        await UntilAsync(async () => await StatusAsync() == (HttpStatusCode.OK, "ready", ""));
        await UntilAsync(async () => (await node.GetAsync("/signals")).GetProperty("signals").GetArrayLength() == 2);
        Assert.Equal(1, await MetricAsync());
    }

    private async Task TakenAsync(int seq, int price)
    {
        var taken = await node.PostAsync(
            "/ingest",
            $$"""{"symbol":"AAPL","ts":"2024-07-09T14:30:0{{seq}}Z","price":{{price}},"size":1,"source":"feed","seq":{{seq}}}""");
        Assert.Equal(1, taken.GetProperty("applied").GetInt32());
    }

    private async Task<double> MetricAsync() =>
        PrometheusChecker.Read(
            await node.Client.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative)))["actortrading_signals_log_up"].Samples
            .Single().Value;

    private async Task<(HttpStatusCode Status, string Said, string Degraded)> StatusAsync()
    {
        using var answer = await node.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.GetProperty("status").GetString()!,
            json.RootElement.TryGetProperty("degraded", out var degraded) ? degraded[0].GetString()! : "");
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Timeout);
        while (!await isSo()) await Task.Delay(50, patience.Token);
    }
}
