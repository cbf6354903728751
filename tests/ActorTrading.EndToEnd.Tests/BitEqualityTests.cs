using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>One market, every input and output of a node: the state is always the same to the bit.</summary>
public sealed class BitEqualityTests : IDisposable
{
    private const int QuotesTaken = 12_000;

    private readonly TemporaryFolder folder = new();
    private readonly List<NodeProcess> nodes = [];

    public void Dispose()
    {
        foreach (var node in nodes) node.Dispose();
        folder.Dispose();
    }

    [ReferenceFact]
    public async Task RecordedTradesQuotesAndBars_EndInOneState()
    {
        // None of the files has seqs: the node journals those that the feed adds.
        string[] files =
        [
            ReferenceData.PathOf("trades", "binance_spot_btcusdt_20240808.csv.gz"),
            Beginning("trades", "fxcm_eurusd_quoteticks_201405.csv.gz"),
            ReferenceData.PathOf("bars", "spy_1m_20201215_18.csv"), ReferenceData.PathOf("trades", "bitstamp_btcusd_20110913_20120531.csv"),
        ];
        string[] reading = [.. files, "--symbol", "SPY", "--zone", "-05:00"]; // both files without a zone are from New York
        var bars = folder.File("bars.csv");
        var asRecorded = Json(await Cli.Run(["backtest", .. reading, "--bars-out", bars, "--json"]));
        var archive = await OverTcpAsync("recorded", [.. reading], null);

        var asArchived = Json(await Cli.Run("backtest", archive, "--bars-out", folder.File("archived.csv"), "--json"));
        Assert.Equal(BySymbol(bars), BySymbol(folder.File("archived.csv")));
        Assert.Equal(asRecorded.GetProperty("signals").ToString(), asArchived.GetProperty("signals").ToString());
        await EveryWayAsync(archive, Hash(asArchived));
    }

    [Fact]
    public async Task HostileMarket_EndsInOneState()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var market = folder.File("market.ndjson");
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", "25000", "--symbols", "12", "--seed", "11", "--kinds", "all", "--disorder", "--duplicates", "--gaps",
            "--bad", "--spikes", "--burst", "--out", market)).ExitCode);
        await EveryWayAsync(market, Hash(Json(await Cli.Run("backtest", market, "--json"))));
    }

    private async Task EveryWayAsync(string market, string expected)
    {
        var archive = await OverTcpAsync("lines", [market], expected);
        Assert.Equal(expected, Hash(Json(await Cli.Run("backtest", archive, "--json"))));
        await OverTcpAsync("frames", [market, "--binary"], expected);
        await OverHttpAsync(market, expected);
    }

    /// <summary>
    /// Feeds a node, kills it, starts it again and drains it. Checks that all hashes are equal; returns an export of its journal.
    /// </summary>
    private async Task<string> OverTcpAsync(string name, string[] feeding, string? expected)
    {
        var port = FreePort.Next();
        var (data, archive) = (folder.File(name), folder.File($"{name}.ndjson"));
        var node = await StartAsync(data, port);
        var fed = await Cli.Run(["feed", .. feeding, "--to", $"127.0.0.1:{port}"]);
        Assert.True(fed.ExitCode == 0, fed.Error);
        var live = await AskAsync(node, "state-hash");
        Assert.Equal(expected ?? live, live);
        Assert.Contains("\"balanced\":true", await AskAsync(node, "ledger", null), StringComparison.Ordinal);
        node.Kill();
        node = await StartAsync(data, port);
        Assert.Equal(live, await AskAsync(node, "state-hash"));
        Assert.Equal(live, NodeProcess.HashOf(await node.StopAsync()));

        Assert.Equal(live, Hash(Json(await Cli.Run("verify", "--data", data, "--json"))));
        Assert.Equal(0, (await Cli.Run("export", "--data", data, "--out", archive)).ExitCode);
        return archive;
    }

    private async Task OverHttpAsync(string market, string expected)
    {
        var node = await StartAsync(folder.File("http"), 0);
        using var client = new HttpClient { BaseAddress = node.Http };
        foreach (var lines in File.ReadLines(market).Chunk(7_000))
        {
            using var body = new StringContent(string.Join('\n', lines));
            using var answer = await client.PostAsync(new Uri("/ingest?source=market", UriKind.Relative), body);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(expected, await AskAsync(node, "state-hash"));
        Assert.Equal(expected, NodeProcess.HashOf(await node.StopAsync()));
    }

    private async Task<NodeProcess> StartAsync(string data, int port)
    {
        var node = await NodeProcess.StartAsync(data, port);
        nodes.Add(node);
        return node;
    }

    private static async Task<string> AskAsync(NodeProcess node, string path, string? member = "state_hash")
    {
        using var client = new HttpClient { BaseAddress = node.Http };
        var answer = await client.GetStringAsync(new Uri($"/{path}", UriKind.Relative));
        return member is null ? answer : JsonDocument.Parse(answer).RootElement.GetProperty(member).GetString()!;
    }

    private static JsonElement Json(CliResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static string Hash(JsonElement json) => json.GetProperty("state_hash").GetString()!;

    /// <summary>The rows of each symbol, in order; a journal does not order different symbols.</summary>
    private static IEnumerable<string> BySymbol(string bars) =>
        File.ReadLines(bars).OrderBy(row => row.Split(',')[0], StringComparer.Ordinal);

    /// <summary>The first lines of a compressed reference file.</summary>
    private string Beginning(params string[] parts)
    {
        var path = folder.File(Path.GetFileNameWithoutExtension(parts[^1]));
        File.WriteAllLines(path, ReferenceData.Lines(parts).Take(QuotesTaken));
        return path;
    }
}
