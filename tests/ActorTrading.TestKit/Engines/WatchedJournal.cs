using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;

namespace ActorTrading.TestKit.Engines;

/// <summary>
/// A journal that counts the rows of one symbol as they are read, and that holds up who reads them, or never comes to their end, as a
/// test asks.
/// What others read and write goes on.
/// </summary>
public sealed class WatchedJournal(IJournalStore inner, Symbol symbol) : IJournalStore
{
    private readonly string id = PersistenceIds.Of(symbol);
    private readonly ManualResetEventSlim open = new(initialState: true);
    private long rows;
    private int held;
    private int mostHeld;

    /// <summary>Rows of the symbol that were read.</summary>
    public long Rows => Interlocked.Read(ref rows);

    /// <summary>The most readers that were held up at the same time.</summary>
    public int MostHeld => Volatile.Read(ref mostHeld);

    /// <summary>Readers that are held up now.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Told of each row.</summary>
    public Action? OnRow { get; set; }

    /// <summary>Whether each row comes again and again.</summary>
    public bool IsEndless { get; set; }

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public string? Notice => inner.Notice;

    /// <summary>Holds up everybody who reads events of the symbol, until <see cref="Open"/>.</summary>
    public void Close() => open.Reset();

    /// <summary>Lets all readers go on.</summary>
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
