using System.Collections.Concurrent;
using System.Net;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Connections;
using Xunit;

namespace ActorTrading.TestKit.Ingest;

/// <summary>A listener that bad clients come to, and beside them one that behaves: it must not notice them.</summary>
public sealed class SharedListener : IAsyncDisposable
{
    private static readonly Source Neighbour = Source.Parse("neighbour");

    private readonly ControlledEngine engine = new();
    private readonly IngestPipeline pipeline;
    private readonly ConcurrentQueue<ConnectionStatus> closed = [];
    private LineClient neighbour = null!;
    private long sent;

    private SharedListener(IListeners listeners, IngestOptions? options, TimeProvider? time, string? folder)
    {
        pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Folder = folder });
        options = (options ?? new IngestOptions()) with { Address = new IPEndPoint(IPAddress.Loopback, 0), OnClosed = closed.Enqueue };
        Listener = listeners.Open(pipeline, options, time);
    }

    public IngestListener Listener { get; }

    /// <summary>The connections that are over.</summary>
    public IReadOnlyCollection<ConnectionStatus> Closed => closed;

    public static async Task<SharedListener> OpenAsync(
        IListeners listeners, IngestOptions? options = null, TimeProvider? time = null, string? folder = null)
    {
        var listener = new SharedListener(listeners, options, time, folder);
        listener.neighbour = await listener.ConnectAsync(Neighbour.Name);
        return listener;
    }

    /// <summary>A client that has said hello and was answered; without a source, one that has said nothing.</summary>
    public async Task<LineClient> ConnectAsync(string? source)
    {
        var client = await LineClient.ConnectAsync(Listener.Address);
        if (source is null) return client;
        await client.SendAsync($"{{\"hello\":\"{source}\"}}\n");
        await client.LineWithAsync("hello");
        return client;
    }

    /// <summary>The neighbour sends, is acknowledged, and its ledger has what it sent.</summary>
    public async Task NeighbourGoesOnAsync()
    {
        await neighbour.SendAsync(Ticks.Text(Enumerable.Range(1, 100).Select(number => Ticks.Of(sent + number))));
        sent += 100;
        await neighbour.LineWithAsync($$"""{"ack":{{sent}},"handled":{{sent}}}""");
        Assert.Equal($"{sent} = {sent} + 0", await LedgerOfAsync(Neighbour.Name));
    }

    /// <summary>Received = applied or late + rejected, of a source; empty where it has no line.</summary>
    public async Task<string> LedgerOfAsync(string source)
    {
        var line = (await pipeline.LedgerAsync()).SingleOrDefault(line => line.Source.Name == source);
        if (line is null) return "";
        Assert.True(line.IsBalanced);
        return $"{line.Received} = {line.Applied + line.Late} + {line.Rejected}";
    }

    /// <summary>Waits until nobody but the neighbour is there.</summary>
    public Task OthersHaveGoneAsync() => Until.True(() => Listener.Totals.Open == 1, "the others have gone");

    public async ValueTask DisposeAsync()
    {
        neighbour.Dispose();
        await Listener.DisposeAsync();
        await pipeline.DisposeAsync();
        await engine.DisposeAsync();
    }
}
