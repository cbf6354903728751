using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Engine.Signals;

/// <summary>
/// Recovers the signal log: the newest usable snapshot and every entry after it, without gaps. An incomplete log must not be continued: new
/// entries would hide the missing ones.
/// </summary>
internal sealed class SignalLogRecovery
{
    private readonly IJournalStore store;
    private readonly long highest;

    /// <summary>Reads the snapshot.</summary>
    /// <param name="highest">The position of the last entry that the log ever had; null: read from the store.</param>
    /// <exception cref="RecoveryException">The snapshot covers more entries than the log has.</exception>
    public SignalLogRecovery(IJournalStore store, long? highest, List<UnusedSnapshot> unused)
    {
        this.store = store;
        var snapshot = SignalLogSnapshot.ReadNewest(store, unused);
        // Read after the snapshot, so that it is not lower than the snapshot's position.
        this.highest = highest ?? store.HighestSequenceNumber(PersistenceIds.Administrator);
        if (snapshot is null) return;
        Snapshot = Position = snapshot.Position;
        LastNumbers = snapshot.LastNumbers;
        if (Position > this.highest)
            throw new RecoveryException(
                PersistenceIds.Administrator, this.highest + 1, $"it is missing, as is all up to {Position}, which a snapshot covers");
    }

    /// <summary>The position of the snapshot; 0 if there is none.</summary>
    public long Snapshot { get; }

    /// <summary>The position reached so far.</summary>
    public long Position { get; private set; }

    /// <summary>The number of the last signal of each symbol and plan, for all plans: an earlier plan may come into force again.</summary>
    public Dictionary<(Symbol Symbol, PlanHash Plan), long> LastNumbers { get; } = [];

    /// <summary>Reads the entries after the snapshot.</summary>
    /// <exception cref="RecoveryException">An entry is missing or damaged.</exception>
    public void ReadOn(Action<LoggedSignal> take)
    {
        SignalLog.Scan(store, Position + 1, highest, (position, plan, signal) =>
        {
            var key = (signal.Symbol, plan);
            LastNumbers[key] = Math.Max(signal.Number, LastNumbers.GetValueOrDefault(key));
            Position = position;
            take(new LoggedSignal(position, signal));
        });
        if (Position != highest)
            throw new RecoveryException(PersistenceIds.Administrator, Position + 1, $"the signals up to {highest} are missing");
    }
}
