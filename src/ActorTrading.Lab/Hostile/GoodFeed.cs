using System.Collections.Concurrent;
using System.Diagnostics;
using ActorTrading.Client;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Feeding;
using ActorTrading.Simulation;

namespace ActorTrading.Lab.Hostile;

/// <summary>
/// A well-behaved feed: a steady rate, each record once. It folds the records it sends, so that it knows the expected states and signals of
/// the node, and when the record that fires a signal was sent.
/// </summary>
internal sealed class GoodFeed : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private readonly HostileOptions options;
    private readonly MarketGenerator generator;
    private readonly Market market;
    private readonly Output output = new();
    private readonly FeedClient client;
    private readonly Lock gate = new(); // guards latencies
    private LatencyHistogram latencies = new();
    private int disconnects;

    public GoodFeed(HostileOptions options, Victim victim, Plan plan)
    {
        this.options = options;
        market = new Market(plan, output);
        generator = new MarketGenerator(new MarketOptions
        {
            Symbols = options.Symbols, Names = [.. Enumerable.Range(0, options.Symbols).Select(number => $"GOOD{number:000}")],
            Ticks = 100_000_000, Step = Timestamp.Second / options.Rate, Seed = options.Seed, Source = Victim.GoodSource,
                Volatility = 0.002,
        });
        client = new FeedClient(new FeedOptions
        {
            Host = victim.Ticks.Address.ToString(), Port = victim.Ticks.Port, Source = Source.Parse(Victim.GoodSource),
                Token = Victim.FeedToken,
            FirstBackOff = TimeSpan.FromMilliseconds(50), MaxBackOff = TimeSpan.FromSeconds(1), OnDisconnect = _ => Interlocked.Increment(
                ref disconnects), OnLatency = Heard,
        });
    }

    /// <summary>Number of records sent and acknowledged.</summary>
    public FeedStatus Status => client.Status;

    /// <summary>Number of lost connections.</summary>
    public int Disconnects => Volatile.Read(ref disconnects);

    /// <summary>The expected market, without other senders.</summary>
    public Market Market => market;

    /// <summary>The ids of the signals of its symbols, in firing order.</summary>
    public IReadOnlyDictionary<string, List<string>> Signals => output.Signals;

    /// <summary>The time when the record that fires a signal was sent.</summary>
    public bool TryGetFiring(string id, out long at) => output.Firings.TryGetValue(id, out at);

    /// <summary>Returns the ack latencies so far, and starts a new histogram.</summary>
    public LatencyHistogram TakeLatencies()
    {
        lock (gate)
        {
            var taken = latencies;
            latencies = new LatencyHistogram();
            return taken;
        }
    }

    /// <summary>Sends at its rate until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Beat);
        var made = 0L;
        var block = new List<Record>();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            block.Clear();
            for (var due = (long)(clock.Elapsed.TotalSeconds * options.Rate); made < due && generator.TryNext(
                out var record); made++) block.Add(record);
            output.Now = Stopwatch.GetTimestamp();
            foreach (var record in block) market.OnRecord(record);
            market.Flush();
            await client.SendAsync(block.ToArray(), CancellationToken.None); // folded records must be sent
        }
    }

    /// <summary>Waits until everything is acknowledged.</summary>
    public Task FlushAsync(CancellationToken cancellation) => client.FlushAsync(cancellation);

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private void Heard(TimeSpan latency)
    {
        lock (gate) latencies.Add(latency.Ticks * TimeSpan.NanosecondsPerTick);
    }

    private sealed class Output : IFoldOutput
    {
        public Dictionary<string, List<string>> Signals { get; } = [];

        public ConcurrentDictionary<string, long> Firings { get; } = new();

        public long Now { get; set; }

        public void OnSignal(Signal signal)
        {
            if (!Signals.TryGetValue(signal.Symbol.Name, out var fired)) Signals.Add(signal.Symbol.Name, fired = []);
            fired.Add(signal.Id.ToString());
            Firings[signal.Id.ToString()] = Now;
        }

        public void OnBar(SymbolState symbol, Series series, in Bar bar)
        {
        }

        public void OnLate(in Record record)
        {
        }

        public void OnFault(IndicatorFault fault)
        {
        }
    }
}
