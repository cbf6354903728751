using System.Net.Sockets;
using System.Text;
using ActorTrading.Cluster.Ingest;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.TestKit.Ingest;
using Akka.Actor;
using Akka.Streams;

namespace ActorTrading.Cluster.Tests.Ingest;

/// <summary>The graph of one connection over streams that a test has in hand.</summary>
public sealed class IngestGraphTests : IAsyncLifetime
{
    private const string Hello = "{\"hello\":\"feed-1\"}\n";

    private readonly ActorSystem system = ActorSystem.Create("graph", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");
    private readonly List<IngestConnection> connections = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => system.Terminate();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhereverTheBytesAreCut_TheSameIsFolded_AndTheSameIsRefused(bool binary)
    {
        var records = Ticks.Many(4, badEvery: 3);
        byte[] bytes = [.. Encoding.ASCII.GetBytes(Hello), .. binary ? Ticks.Binary(records) : Ticks.Text(records)];
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            await using var engine = new ControlledEngine();
            var stream = new ScriptedStream(
                cut is 0 ? [bytes] : cut == bytes.Length ? OneByOne(bytes) : [bytes.AsMemory(0, cut), bytes.AsMemory(cut)]);
            await RunAsync(engine, stream);
            Assert.Equal([1, 2, 4], engine.Records.Where(record => record.Id.Seq != 3).Select(record => record.Id.Seq));
            var lines = stream.Written.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.StartsWith("""{"hello":""", lines[0]);
            Assert.Single(
                lines, line => line.StartsWith("""{"reject":{"seq":3,"reason":"price_not_positive",""", StringComparison.Ordinal));
            Assert.Equal("""{"ack":4,"handled":4}""", lines[^1]);
            Assert.Null(connections[^1].Status.Error);
        }
    }

    [Fact]
    public async Task StalledEngine_StopsTheReading_UntilItGoesOn()
    {
        await using var engine = new ControlledEngine(commitsAtOnce: false, capacity: 2);
        var lines = Ticks.Text(Ticks.Many(100));
        var stream = new ScriptedStream(Enumerable.Repeat<ReadOnlyMemory<byte>>(lines, 10_000));
        var options = new IngestOptions { MaxBatchRecords = 100 };
        var running = RunAsync(engine, stream, options);
        await Until.True(() => engine.Waiting == 2 && stream.Given >= 3 * lines.Length, "the engine is full");
        var most = 4L * lines.Length; // two in the engine, one before it, one for the room
        for (var round = 0; round < 20; round++)
        {
            Assert.InRange(stream.Given, 1, most + (round * lines.Length));
            engine.Commit();
            await Until.True(() => engine.Waiting == 2, "the next has come");
        }

        connections[^1].Abort();
        await running.WaitAsync(Until.Limit);
    }

    [Fact]
    public async Task ClientThatReadsNoAnswers_IsReadNoMore()
    {
        await using var engine = new ControlledEngine();
        var refused = Encoding.ASCII.GetBytes(Hello + string.Concat(Enumerable.Repeat("?\n", 1_000)));
        var stream = new ScriptedStream(Enumerable.Repeat<ReadOnlyMemory<byte>>(refused, int.MaxValue)) { IsStuck = true };
        // Seven batches of 128 refusals, and one at the listener.
        var running = RunAsync(engine, stream, new IngestOptions { MaxPendingOutput = 4_096, MaxRecordsInFlight = 64_000 });
        await Until.True(() => connections[^1].Status.InFlight == 8, "there is no room for more");
        Assert.InRange(connections[^1].Status.Rejected, 8 * 128, 11 * 128); // those in flight, one answered, one that waits to go
        Assert.InRange(stream.Given, 1, 2 * refused.Length);
        connections[^1].Abort();
        await running.WaitAsync(Until.Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientThatDiesWithinALineOrFrame_LeavesWhatWasWhole(bool binary)
    {
        var whole = binary ? Ticks.Binary(Ticks.Many(3), batchBytes: 1) : Ticks.Text(Ticks.Many(3));
        var more = binary ? Ticks.Binary(Ticks.Many(4), batchBytes: 1) : Ticks.Text(Ticks.Many(4));
        for (var part = whole.Length; part < more.Length - 1; part++)
        {
            await using var engine = new ControlledEngine();
            await RunAsync(engine, new ScriptedStream([Encoding.ASCII.GetBytes(Hello), more.AsMemory(0, part)], new IOException("reset")));
            Assert.Equal((3L, 0L), (engine.Total.Applied, engine.Total.Rejected));
            Assert.Null(connections[^1].Status.Error);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StageThatThrows_EndsItsConnection_AndNoOther(bool reads)
    {
        await using var engine = new ControlledEngine();
        var gate = new SemaphoreSlim(0);
        var good = new ScriptedStream(Held(gate));
        var running = RunAsync(engine, good);
        var fault = new NotSupportedException("a fault of ours");
        await RunAsync(engine, reads
            ? new ScriptedStream([Encoding.ASCII.GetBytes(Hello)], fault)
            : new ScriptedStream([Encoding.ASCII.GetBytes(Hello)]) { WriteFailure = fault });
        Assert.Equal(
            (IngestError.Internal, "a fault of ours"), (connections[^1].Status.Error!.Code, connections[^1].Status.Error!.Message));
        gate.Release();
        await running.WaitAsync(Until.Limit);
        Assert.EndsWith("{\"ack\":5,\"handled\":5}\n", good.Written);

        static IEnumerable<ReadOnlyMemory<byte>> Held(SemaphoreSlim gate)
        {
            yield return Encoding.ASCII.GetBytes(Hello);
            gate.Wait();
            yield return Ticks.Text(Ticks.Many(5));
        }
    }

    [Fact]
    public async Task SystemThatEnds_EndsItsConnections()
    {
        await using var engine = new ControlledEngine(commitsAtOnce: false);
        var running = RunAsync(engine, new ScriptedStream([Encoding.ASCII.GetBytes(Hello), Ticks.Text(Ticks.Many(5))]));
        await Until.True(() => engine.Waiting == 1, "it is under way");
        await system.Terminate();
        await running.WaitAsync(Until.Limit);
        Assert.Equal(IngestError.EngineStopped, connections[^1].Status.Error!.Code);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> OneByOne(byte[] bytes) =>
        Enumerable.Range(0, bytes.Length).Select(at => (ReadOnlyMemory<byte>)bytes.AsMemory(at, 1));

    private async Task RunAsync(ControlledEngine engine, ScriptedStream stream, IngestOptions? options = null)
    {
        options ??= new IngestOptions();
        // Of which only the address is asked, which it has not.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var context = new ListenerContext(new IngestPipeline(engine), options, TimeProvider.System);
        var client = new ClientSocket(socket, options, TimeProvider.System, stream);
        var connection = new IngestConnection(connections.Count + 1, client, context);
        connections.Add(connection);
        await connection.RunAsync(new IngestGraph(system, system.Materializer(), options).RunAsync);
    }
}
