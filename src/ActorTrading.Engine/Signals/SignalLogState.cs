using System.Buffers;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Signals;

/// <summary>
/// What the signal log contains: its length, the last signal of each symbol and plan, and its newest snapshot. Both engines recover and
/// write the log with it. Not thread-safe.
/// </summary>
internal sealed class SignalLogState
{
    /// <summary>The last signal of each symbol and plan in the log.</summary>
    public SignalNumbers Numbers { get; } = new();

    /// <summary>The position of the last signal; 0 if the log is empty.</summary>
    public long Position { get; private set; }

    /// <summary>The position that the newest snapshot covers; 0 if there is none.</summary>
    public long Snapshot { get; private set; }

    /// <summary>Restores a snapshot. Only while the log is empty.</summary>
    public void Restore(SignalLogSnapshot snapshot)
    {
        Position = Snapshot = snapshot.Position;
        foreach (var ((symbol, plan), number) in snapshot.LastNumbers) Numbers.TryNote(symbol, plan, number);
    }

    /// <summary>Restores the newest usable snapshot of a journal.</summary>
    public static SignalLogState Recover(IJournalStore store, List<UnusedSnapshot> unused)
    {
        var state = new SignalLogState();
        if (SignalLogSnapshot.ReadNewest(store, unused) is { } snapshot) state.Restore(snapshot);
        return state;
    }

    /// <summary>Reads the entries behind the last one from the journal.</summary>
    /// <param name="highest">The position of the last entry that the log ever had. Read it after the snapshot.</param>
    /// <exception cref="RecoveryException">An entry is missing or damaged.</exception>
    public void ReadOn(IJournalStore store, long highest, Action<LoggedSignal> take)
    {
        if (FindMissingBeforeSnapshot(highest) is { } uncovered) throw uncovered;
        SignalLog.Scan(store, Position + 1, highest, (position, plan, signal) =>
        {
            Add(signal.Symbol, plan, signal.Number, count: 1);
            take(new LoggedSignal(position, signal));
        });
        if (FindMissingAtEnd(highest) is { } unread) throw unread;
    }

    /// <summary>Adds the entry behind the last one. Returns what is wrong with it; null if it was added.</summary>
    public RecoveryException? Replay(in JournalRow row)
    {
        if (SignalLog.TryRead(row, Position + 1, out var plan, out var signal, out var failure))
            Add(signal.Symbol, plan, signal.Number, count: 1);
        return failure;
    }

    /// <summary>
    /// Compares the log with the position of the last entry that the journal ever had. Returns what is missing in the journal, although a
    /// snapshot covers it; null: nothing is.
    /// </summary>
    public RecoveryException? FindMissingBeforeSnapshot(long highest) => Snapshot <= highest
        ? null
        : new RecoveryException(
            PersistenceIds.Administrator, highest + 1, $"it and all up to {Snapshot}, which a snapshot covers, are missing");

    /// <summary>
    /// Compares the log with the position of the last entry that the journal ever had. Returns what was not read; null: all was. An
    /// incomplete log must not be continued: new entries would hide the missing ones.
    /// </summary>
    public RecoveryException? FindMissingAtEnd(long highest) => Position >= highest
        ? null
        : new RecoveryException(PersistenceIds.Administrator, Position + 1, $"the signals up to {highest} are missing");

    /// <summary>Adds a new signal. Returns false if the log has it.</summary>
    public bool TryAdd(Symbol symbol, in PlanHash plan, long number)
    {
        if (!Numbers.TryNote(symbol, plan, number)) return false;
        Position++;
        return true;
    }

    /// <summary>Adds consecutive signals of a symbol.</summary>
    /// <param name="last">Number of the last of them.</param>
    public void Add(Symbol symbol, in PlanHash plan, long last, int count)
    {
        Numbers.TryNote(symbol, plan, last);
        Position += count;
    }

    /// <summary>
    /// Whether a snapshot is due. A snapshot contains every symbol; with many symbols it is taken after more signals, so that its cost per
    /// signal stays the same.
    /// </summary>
    public bool IsSnapshotDue(int every) => every > 0 && Position - Snapshot >= Math.Max(every, Numbers.Count);

    /// <summary>Writes a snapshot of all signals. Returns the position that the snapshot before covers; 0 if there is none.</summary>
    public long WriteSnapshot(IBufferWriter<byte> output)
    {
        SignalLogCodec.Encode(Position, Numbers.All, output);
        var before = Snapshot;
        Snapshot = Position;
        return before;
    }
}
