using System.Diagnostics;
using System.Text.Json;
using ActorTrading.Connectors.Tests.Exchanges;
using ActorTrading.Host.Clustering;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.EndToEnd.Tests;

/// <c>connect</c> as a process between a test exchange and a node that is killed meanwhile.
public sealed class ConnectTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = new();
    private NodeProcess? node;
    private ChildProcess? connect;

    public void Dispose()
    {
        connect?.Dispose();
        node?.Dispose();
        http.Dispose();
        folder.Dispose();
    }

    [SkippableFact]
    public async Task EachTradeCountsOnce_ThoughExchangeAndNodeBreakOff_AndASymbolIsAddedMeanwhile()
    {
        Skip.If(OperatingSystem.IsWindows(), "there is no SIGTERM to end with");
        var session = Session();
        File.WriteAllLines(folder.File("expected.ndjson"), session.Expected);
        var backtest = await Cli.Run("backtest", folder.File("expected.ndjson"), "--json");
        var expected = JsonDocument.Parse(backtest.Output).RootElement.GetProperty("state_hash").GetString();
        await using var exchange = await ReplayServer.StartAsync(session);
        var port = FreePort.Next();
        node = await NodeProcess.StartAsync(folder.File("data"), port);
        connect = Connect("BTCUSDT", port, exchange);

        await Until.True(() => exchange.Steps >= 6, "the exchange has sent five trades");
        await connect.Input.WriteLineAsync("nonsense");
        await connect.Input.WriteLineAsync("+no symbol");
        await connect.Input.WriteLineAsync("+ethusdt");
        await Until.True(() => exchange.Connections == 2 && exchange.Played.Count == 1, "the connection is made again");
        node.Kill();
        node.Dispose();
        node = await NodeProcess.StartAsync(folder.File("data"), port);
        for (var watch = Stopwatch.StartNew(); await AppliedAsync() < session.Expected.Count; await Task.Delay(50))
        {
            if (watch.Elapsed > Timeout)
                Assert.Fail($"{string.Join('\n', exchange.Requests)}\n{(await connect.StopAsync()).Error}");
        }

        var ended = await connect.StopAsync();
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Matches(
            $"sent {session.Expected.Count}, acknowledged {session.Expected.Count}, refused by the node 0, connections ", ended.Output);
        Assert.Contains("'nonsense' is neither +SYMBOL nor -SYMBOL", ended.Error, StringComparison.Ordinal);
        Assert.Contains("'no symbol' is not a symbol of an exchange", ended.Error, StringComparison.Ordinal);
        ended.ShowsNoStackTrace();
        Assert.Empty(exchange.Faults);
        var stopped = await node.StopAsync();
        Assert.DoesNotContain("NOT BALANCED", stopped.Output, StringComparison.Ordinal);
        Assert.Equal(expected, NodeProcess.HashOf(stopped));
    }

    [Fact]
    public async Task RefusedLogin_EndsTheCommand_AndTheSecretIsNotSaid()
    {
        var session = RecordedSession.Read("alpaca-shares");
        session = session with
        {
            Connections =
            [
                [
                    .. session.Connections[0].Take(2),
                    new Step(StepKind.Send, "[{\"T\":\"error\",\"code\":402,\"msg\":\"auth failed for KEY-1 with SECRET-1\"}]"),
                ],
            ],
        };
        await using var exchange = await ReplayServer.StartAsync(session);
        var (key, secret) = (Secret("key", "KEY-1"), Secret("secret", "SECRET-1"));
        var ended = await Cli.Run(
            "connect", "alpaca", "AAPL,B,S", "--channels", "trades,quotes", "--to", $"127.0.0.1:{FreePort.Next()}", "--url",
            $"{exchange.Url}",
            "--key-file", key, "--secret-file", secret);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("alpaca: LoginRefused: 402: auth failed for *** with ***", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET-1", ended.Output + ended.Error, StringComparison.Ordinal);
        ended.ShowsNoStackTrace();
        Assert.Empty(exchange.Faults);
    }

    [Theory]
    [InlineData("'nasdaq' is not an exchange; known are alpaca, binance, coinbase, kraken", "nasdaq", "AAPL")]
    [InlineData("'BTC USD' is not a symbol of an exchange", "kraken", "BTC USD")]
    [InlineData("'news' is not a channel", "kraken", "BTC/USD", "--channels", "trades,news")]
    [InlineData("coinbase has no klines", "coinbase", "BTC-USD", "--channels", "klines")]
    [InlineData("alpaca needs a login", "alpaca", "AAPL")]
    public async Task WhatIsWrong_IsSaidAtOnce(string expected, params string[] arguments)
    {
        var ended = await Cli.Run(["connect", .. arguments]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
        ended.ShowsNoStackTrace();
    }

    [Theory]
    [InlineData("--url", "https://ws.kraken.com/v2", "ws or wss")]
    [InlineData("--rest-url", "api.kraken.com", "http or https")]
    public async Task AddressOfTheWrongKind_IsAFaultOfTheCommandLine(string option, string address, string expected)
    {
        var ended = await Cli.Run("connect", "kraken", "BTC/USD", option, address);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"{option} requires an address of {expected}, not '{address}'", ended.Error, StringComparison.Ordinal);
        ended.ShowsNoStackTrace();
    }

    /// <summary>Bitcoin, then also ether; the connection ends, and three trades of bitcoin occur before the next one begins.</summary>
    private static RecordedSession Session() => RecordedSession.Read("binance-trades").With((steps, trades) =>
    {
        List<Step> btc = [.. trades.Select(place => steps[place]).Where(step => step.Text.Contains("BTCUSDT", StringComparison.Ordinal))];
        List<Step> eth = [.. trades.Select(place => steps[place]).Where(step => step.Text.Contains("ETHUSDT", StringComparison.Ordinal))];
        return
        [
            [Subscribed("\"btcusdt@trade\""), .. btc[..5], Subscribed("\"ethusdt@trade\""), .. eth, new Step(StepKind.Close)],
            [Subscribed("\"btcusdt@trade\",\"ethusdt@trade\""), .. btc[8..]],
        ];
    });

    private static Step Subscribed(string streams) => new(StepKind.Expect, $"{{\"method\":\"SUBSCRIBE\",\"params\":[{streams}]}}");

    private static ChildProcess Connect(string symbols, int port, ReplayServer exchange) => Cli.Start(
        "connect", "binance", symbols, "--to", $"127.0.0.1:{port}", "--url", $"{exchange.Url}", "--rest-url", $"{exchange.Http}");

    /// <summary>The number of records of the node's symbols, including those before it was killed.</summary>
    private async Task<long> AppliedAsync()
    {
        var symbols = JsonDocument.Parse(await http.GetStringAsync(new Uri(node!.Http, "symbols"))).RootElement.GetProperty("symbols");
        return symbols.EnumerateArray().Sum(symbol => symbol.GetProperty("applied").GetInt64());
    }

    private string Secret(string name, string text)
    {
        var file = folder.Write(name, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
