using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Engine.Signals;

/// <summary>
/// What whoever goes on with the signal log must know of it: the newest usable snapshot, and every entry behind that, each
/// following the one before. A log that has not got them all is not gone on with: what comes next would hide what is missing.
/// </summary>
internal sealed class SignalLogRecovery
{
    private readonly IJournalStore store;
    private readonly long highest;

    /// <summary>Reads the snapshot.</summary>
    /// <param name="highest">The position of the last entry that the log ever had; null: asked of the store.</param>
    /// <exception cref="RecoveryException">It covers more than the log has.</exception>
    public SignalLogRecovery(IJournalStore store, long? highest, List<UnusedSnapshot> unused)
    {
        this.store = store;
        var snapshot = SignalLogSnapshot.ReadNewest(store, unused);
        // Later, so that it is no less than the snapshot's.
        this.highest = highest ?? store.HighestSequenceNumber(PersistenceIds.Administrator);
        if (snapshot is null) return;
        Snapshot = Position = snapshot.Position;
        LastNumbers = snapshot.LastNumbers;
        if (Position > this.highest)
            throw new RecoveryException(
                PersistenceIds.Administrator, this.highest + 1, $"it is missing, as is all up to {Position}, which a snapshot covers");
    }

    /// <summary>The position of the snapshot; 0 where there is none.</summary>
    public long Snapshot { get; }

    /// <summary>The position that has been come to.</summary>
    public long Position { get; private set; }

    /// <summary>The number of the last signal of each symbol, of every plan: an earlier one may come back.</summary>
    public Dictionary<(Symbol Symbol, PlanHash Plan), long> LastNumbers { get; } = [];

    /// <summary>Reads the entries behind the snapshot.</summary>
    /// <exception cref="RecoveryException">One is missing or damaged.</exception>
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
