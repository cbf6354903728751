using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;

namespace ActorTrading.TestKit.Engines;

/// <summary>
/// A journal that counts the rows read of one symbol. On request it blocks readers of that symbol, or never ends its output. It does not
/// affect other reads and writes.
/// </summary>
public sealed class WatchedJournal(IJournalStore inner, Symbol symbol) : IJournalStore
{
    private readonly string id = PersistenceIds.Of(symbol);
    private readonly ManualResetEventSlim open = new(initialState: true);
    private long rows;
    private int held;
    private int mostHeld;

    /// <summary>Number of rows of the symbol that were read.</summary>
    public long Rows => Interlocked.Read(ref rows);

    /// <summary>The largest number of readers blocked at the same time.</summary>
    public int MostHeld => Volatile.Read(ref mostHeld);

    /// <summary>Number of readers blocked now.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Called for each row.</summary>
    public Action? OnRow { get; set; }

    /// <summary>Whether each row is repeated endlessly.</summary>
    public bool IsEndless { get; set; }

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public string? Notice => inner.Notice;

    /// <summary>Blocks all readers of the symbol's events until <see cref="Open"/>.</summary>
    public void Close() => open.Reset();

    /// <summary>Releases all readers.</summary>
    public void Open() => open.Set();

    /// <inheritdoc/>
    public void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots = default) =>
        inner.Commit(events, snapshots);

    /// <inheritdoc/>
    public long ReadAll(long afterOrdering, JournalRowHandler handler) => inner.ReadAll(afterOrdering, handler);

    /// <inheritdoc/>
    public void Read(string persistenceId, long first, long last, JournalRowHandler handler)
    {
        if (persistenceId != id)
        {
            inner.Read(persistenceId, first, last, handler);
            return;
        }

        var now = Interlocked.Increment(ref held);
        for (var most = MostHeld; !open.IsSet && now > most; most = MostHeld) Interlocked.CompareExchange(ref mostHeld, now, most);
        open.Wait();
        Interlocked.Decrement(ref held);
        inner.Read(persistenceId, first, last, (in JournalRow row) =>
        {
            do
            {
                Interlocked.Increment(ref rows);
                OnRow?.Invoke();
                if (!handler(row)) return false;
            }
            while (IsEndless);
            return true;
        });
    }

    /// <inheritdoc/>
    public long HighestSequenceNumber(string persistenceId) => inner.HighestSequenceNumber(persistenceId);

    /// <inheritdoc/>
    public long LastOrdering() => inner.LastOrdering();

    /// <inheritdoc/>
    public IReadOnlyList<JournalHead> Heads() => inner.Heads();

    /// <inheritdoc/>
    public bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null) =>
        inner.ReadSnapshot(persistenceId, maxSequenceNumber, handler, writtenBy);

    /// <inheritdoc/>
    public void ReadLatestSnapshots(JournalRowHandler handler) => inner.ReadLatestSnapshots(handler);

    /// <inheritdoc/>
    public void Delete(ReadOnlySpan<JournalDeletion> deletions) => inner.Delete(deletions);

    /// <inheritdoc/>
    public void CheckAlive() => inner.CheckAlive();

    /// <inheritdoc/>
    public void Dispose()
    {
        Open();
        inner.Dispose();
    }
}
