using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Host;
using ActorTrading.Host.Tests;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Browser.Tests;

/// <summary>Two hours of three symbols with rising and falling prices, a plan that fires on them, and another plan.</summary>
internal static class WavyMarket
{
    public const string Plan = """
        { "frames": ["1min", "5min"], "indicators": ["sma(3)", "sma(9)", "rsi(5)"], "rules": [
          { "name": "cross", "rule": "buy when sma(3) crosses above sma(9) on 1min" },
          { "name": "low", "rule": "sell when rsi(5) crosses below 40 on 1min" },
          { "name": "steady", "rule": "alert when close > 100 on 5min" } ] }
        """;

    public const string Changed = """
        { "frames": ["1min", "5min"], "rules": [
          { "name": "cross", "rule": "buy when sma(4) crosses above sma(9) on 1min" },
          { "name": "steady", "rule": "alert when close > 100 on 5min" },
          { "name": "high", "rule": "sell when rsi(5) crosses above 60 on 1min" } ] }
        """;

    public static readonly IReadOnlyList<string> Symbols = ["A", "B/USD", "C"];

    private const int Seconds = 7_200;

    /// <summary>The records, one line each.</summary>
    public static string Lines { get; } = Write();

    /// <summary>One more record of a symbol, a number of seconds after the end.</summary>
    public static string Tick(string symbol, int later, double price) => Line(symbol, Seconds + later, price);

    /// <summary>Sends all records and waits until the log has all of their signals.</summary>
    public static async Task FillAsync(RunningNode node)
    {
        await node.PostAsync("/ingest", Lines);
        var signals = (await BacktestAsync(Plan)).Count;
        await EngineReading.UntilAsync(() => node.Node.Hosted.LastSignal >= signals);
    }

    /// <summary>The result of a backtest with a plan: each signal as JSON.</summary>
    public static async Task<IReadOnlyList<JsonElement>> BacktestAsync(string plan)
    {
        var folder = new TemporaryFolder();
        try
        {
            string In(string name) => folder.File(name);
            var (input, planned, output) = (In("market.ndjson"), In("plan.json"), In("signals.ndjson"));
            await File.WriteAllTextAsync(input, Lines);
            await File.WriteAllTextAsync(planned, plan);
            Assert.Equal(0, await CommandLine.RunAsync(["backtest", input, "--plan", planned, "--signals-out", output]));
            return [.. (await File.ReadAllLinesAsync(output)).Select(line => JsonDocument.Parse(line).RootElement)];
        }
        finally
        {
            folder.Dispose();
        }
    }

    private static string Write()
    {
        var text = new StringBuilder();
        for (var second = 0; second < Seconds; second += 10)
        {
            for (var i = 0; i < Symbols.Count; i++) text.Append(Line(Symbols[i], second, Price(second, i))).Append('\n');
        }

        return text.ToString();
    }

    private static double Price(int second, int symbol) =>
        100 + (3 * Math.Sin(second / (170.0 + (40 * symbol)))) + (2 * Math.Sin((second + symbol) / 61.0)) + Math.Cos(second * (symbol + 3));

    private static string Line(string symbol, int second, double price)
    {
        var time = new DateTime(2024, 7, 9, 14, 0, 0, DateTimeKind.Utc).AddSeconds(second);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"symbol":"{{symbol}}","ts":"{{time:yyyy-MM-ddTHH:mm:ssZ}}","price":{{price:F2}},"size":1,"source":"feed","seq":{{second + 1}}}""");
    }
}
