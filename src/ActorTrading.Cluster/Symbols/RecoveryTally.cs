using System.Diagnostics.Metrics;
using ActorTrading.Cluster.Telemetry;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// What symbols of a node have come back from since its start, counted each time that one comes to life. Safe for any number of threads.
/// </summary>
/// <param name="meter">Gets the times that they took; null for none.</param>
internal sealed class RecoveryTally(Meter? meter = null)
{
    private const int MostUnused = 1_000;

    private readonly Lock sync = new();
    private readonly List<UnusedSnapshot> unused = [];
    private int symbols;
    private int snapshots;
    private long events;
    private long records;

    /// <summary>The times that they took.</summary>
    public RecoveryTimes Times { get; } = new(meter);

    /// <summary>A symbol has come to life.</summary>
    public void Add(HostedSymbol symbol, EventReplay replay)
    {
        Times.End(symbol.Symbol);
        if (symbol.LastFolded == 0) return; // nothing was there to come back from
        lock (sync)
        {
            symbols++;
            if (symbol.LastSnapshot > 0) snapshots++;
            events += replay.Events;
            records += replay.Records;
        }
    }

    /// <summary>A snapshot was passed over; the first thousand are remembered.</summary>
    public void Add(UnusedSnapshot passedOver)
    {
        lock (sync)
        {
            if (unused.Count < MostUnused) unused.Add(passedOver);
        }
    }

    /// <summary>What was found up to now.</summary>
    public RecoveryReport Read(TimeSpan elapsed)
    {
        lock (sync) return new RecoveryReport(symbols, snapshots, [.. unused], events, records, elapsed);
    }
}
