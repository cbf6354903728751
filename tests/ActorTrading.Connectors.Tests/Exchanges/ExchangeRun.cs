using System.Diagnostics;
using System.Text;
using ActorTrading.Connectors.Exchanges;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire.Files;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>An engine, a connector, and the exchange that it reads.</summary>
internal sealed class ExchangeRun : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RecordedSession session;
    private readonly ActorSystem system = ActorSystem.Create("test", "akka { loglevel = OFF, stdout-loglevel = OFF }");

    private ExchangeRun(RecordedSession session, EmbeddedEngine engine, ReplayServer server)
    {
        (this.session, Engine, Server) = (session, engine, server);
        IngestPipeline = new IngestPipeline(engine, new IngestPipelineOptions { Folder = folder.Path });
        Connector = Make();
    }

    public EmbeddedEngine Engine { get; }

    public IngestPipeline IngestPipeline { get; }

    public ReplayServer Server { get; }

    public ExchangeConnector Connector { get; private set; }

    public MemoryLogger Log { get; } = new();

    /// <summary>Whether this node reads.</summary>
    public bool IsReader { get; set; } = true;

    /// <summary>Starts the connector and plays the session.</summary>
    public static async Task<ExchangeRun> StartAsync(RecordedSession session, Plan? plan = null, Action<ReplayServer>? before = null)
    {
        var engine = await EmbeddedEngine.OpenAsync(plan ?? Plan.Default, new MemoryJournal(), new EmbeddedOptions { Partitions = 1 });
        var server = await ReplayServer.StartAsync(session);
        before?.Invoke(server);
        var run = new ExchangeRun(session, engine, server);
        server.Handled = () => run.Connector.Status.Messages;
        run.Connector.Start();
        return run;
    }

    /// <summary>Stops the connector and starts another one, like a restart of the node.</summary>
    public async Task RestartAsync()
    {
        await Connector.DisposeAsync();
        Connector = Make();
        Connector.Start();
    }

    /// <summary>Waits until a number of records are folded.</summary>
    public async Task FoldedAsync(int records)
    {
        for (var watch = Stopwatch.StartNew(); (await Engine.SymbolsAsync()).Sum(symbol => symbol.Applied + symbol.Late) < records;)
        {
            if (watch.Elapsed > Until.Limit)
            {
                var counts = string.Join(", ", Connector.Counts.Read());
                var faults = string.Join('\n', Server.Faults);
                Assert.Fail($"{records} records are not folded; {Connector.Status}; {counts};\n{Log.All}\n{faults}");
            }

            await Task.Delay(5);
        }
    }

    /// <summary>Checks that the engine equals, to the bit, one that read the same records from a file, and that nothing was lost.</summary>
    public async Task AssertSameAsFileAsync(IEnumerable<string>? lines = null, bool refusals = false)
    {
        var expected = (lines ?? session.Expected).ToList();
        await FoldedAsync(expected.Count);
        var market = new Market(Engine.Plan, new FoldLog());
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', expected)));
        RecordFile.Read(file, "expected.ndjson", new ReadOptions(), market);
        Assert.Equal(expected.Count, market.Ledger.Lines.Sum(line => line.Applied + line.Late));
        Assert.Equal(EngineReading.Hashes(market), await EngineReading.HashesAsync(Engine));
        Assert.Equal(StateHash.Of(market.Hashes()), await Engine.HashAsync());
        var ledger = await IngestPipeline.LedgerAsync();
        Assert.All(ledger, line => Assert.True(line.IsBalanced));
        if (!refusals) Assert.Equal(0, ledger.Sum(line => line.Rejected));
        Assert.Empty(Server.Faults);
    }

    public async ValueTask DisposeAsync()
    {
        await Connector.DisposeAsync();
        await Server.DisposeAsync();
        await IngestPipeline.DisposeAsync();
        await Engine.DisposeAsync();
        await system.Terminate();
        folder.Dispose();
    }

    private ExchangeConnector Make() => new(
        session.Options with { Url = Server.Url, RestUrl = Server.Http, Instruments = session.Options.Instruments },
        new ConnectorServices(Engine, IngestPipeline, system, folder.Path, new StandingClock(), Log) { IsReader = () => IsReader });

    /// <summary>Records the log.</summary>
    internal sealed class MemoryLogger : ILogger
    {
        private readonly List<string> lines = [];

        public bool Has(string text)
        {
            lock (lines) return lines.Exists(line => line.Contains(text, StringComparison.Ordinal));
        }

        public string All
        {
            get
            {
                lock (lines) return string.Join('\n', lines);
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }
}
