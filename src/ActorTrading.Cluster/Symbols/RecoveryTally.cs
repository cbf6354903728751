using System.Diagnostics.Metrics;
using ActorTrading.Cluster.Telemetry;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Symbols;

/// <summary>Recovery statistics of a node since its start. Every start of a symbol actor is counted. Thread-safe.</summary>
/// <param name="meter">Records the recovery times; null: not recorded.</param>
internal sealed class RecoveryTally(Meter? meter = null)
{
    private const int MostUnused = 1_000;

    private readonly Lock sync = new();
    private readonly List<UnusedSnapshot> unused = [];
    private int symbols;
    private int snapshots;
    private long events;
    private long records;

    /// <summary>Recovery times of the symbols.</summary>
    public RecoveryTimes Times { get; } = new(meter);

    /// <summary>Counts a completed recovery of a symbol.</summary>
    public void Add(HostedSymbol symbol, EventReplay replay)
    {
        Times.End(symbol.Symbol);
        if (symbol.LastFolded == 0) return; // nothing to recover
        lock (sync)
        {
            symbols++;
            if (symbol.LastSnapshot > 0) snapshots++;
            events += replay.Events;
            records += replay.Records;
        }
    }

    /// <summary>Adds a snapshot that could not be used. The first 1,000 are kept.</summary>
    public void Add(UnusedSnapshot passedOver)
    {
        lock (sync)
        {
            if (unused.Count < MostUnused) unused.Add(passedOver);
        }
    }

    /// <summary>The statistics up to now.</summary>
    public RecoveryReport Read(TimeSpan elapsed)
    {
        lock (sync) return new RecoveryReport(symbols, snapshots, [.. unused], events, records, elapsed);
    }
}
