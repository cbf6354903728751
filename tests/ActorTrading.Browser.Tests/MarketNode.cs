using System.Net;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Demonstrating;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Tests;
using ActorTrading.Simulation;

namespace ActorTrading.Browser.Tests;

/// <summary>A node that has processed a generated market of some hours, with signals and rejected records.</summary>
public sealed class MarketNode : IAsyncLifetime
{
    private RunningNode? running;

    /// <summary>The address of the node.</summary>
    public Uri Http => running!.Client.BaseAddress!;

    public async Task InitializeAsync()
    {
        if (Chromium.WhyMissing is not null) return;
        running = await RunningNode.StartAsync(change: options => options with
        {
            Engine = options.Engine with { LiveBuffer = DemoMarket.LiveBuffer },
        });
        await FillAsync(running.Node);
        const string Refused = """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":-3,"size":1}""";
        await running.PostAsync("/ingest?source=desk", Refused, HttpStatusCode.UnprocessableEntity);
    }

    public async Task DisposeAsync()
    {
        if (running is not null) await running.DisposeAsync();
    }

    /// <summary>Sends a node a market of three hours, as fast as it accepts it.</summary>
    internal static async Task FillAsync(Node node)
    {
        const int Symbols = 8;
        var market = new MarketOptions
        {
            Symbols = Symbols, Names = MarketOptions.KnownTickers, Ticks = 3 * 3600 * Symbols, Step = Timestamp.Second / Symbols,
            Seed = 7, Volatility = 0.0002,
        };
        await using var demo = new DemoMarket(node, market);
        await demo.RunAsync(TimeSpan.Zero, static _ => { }, static _ => { }, goesOn: false, CancellationToken.None);
    }
}
