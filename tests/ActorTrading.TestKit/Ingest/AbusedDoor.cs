using System.Collections.Concurrent;
using System.Net;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Connections;
using Xunit;

namespace ActorTrading.TestKit.Ingest;

/// <summary>A door that bad clients come to, and beside them one that behaves: it must not notice them.</summary>
public sealed class AbusedDoor : IAsyncDisposable
{
    private static readonly Source Neighbour = Source.Parse("neighbour");

    private readonly ControlledEngine engine = new();
    private readonly IngestPipeline pipeline;
    private readonly ConcurrentQueue<ConnectionStatus> closed = [];
    private LineClient neighbour = null!;
    private long sent;

    private AbusedDoor(IDoors doors, IngestOptions? options, TimeProvider? time, string? folder)
    {
        pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Folder = folder });
        options = (options ?? new IngestOptions()) with { Address = new IPEndPoint(IPAddress.Loopback, 0), OnClosed = closed.Enqueue };
        Door = doors.Open(pipeline, options, time);
    }

    public IIngestListener Door { get; }

    /// <summary>The connections that are over.</summary>
    public IReadOnlyCollection<ConnectionStatus> Closed => closed;

    public static async Task<AbusedDoor> OpenAsync(
        IDoors doors, IngestOptions? options = null, TimeProvider? time = null, string? folder = null)
    {
        var door = new AbusedDoor(doors, options, time, folder);
        door.neighbour = await door.ConnectAsync(Neighbour.Name);
        return door;
    }

    /// <summary>A client that has said hello and was answered; without a source, one that has said nothing.</summary>
    public async Task<LineClient> ConnectAsync(string? source)
    {
        var client = await LineClient.ConnectAsync(Door.Address);
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
    public Task OthersHaveGoneAsync() => Until.True(() => Door.Totals.Open == 1, "the others have gone");

    public async ValueTask DisposeAsync()
    {
        neighbour.Dispose();
        await Door.DisposeAsync();
        await pipeline.DisposeAsync();
        await engine.DisposeAsync();
    }
}
