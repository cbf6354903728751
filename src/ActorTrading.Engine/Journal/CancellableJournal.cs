namespace ActorTrading.Engine.Journal;

/// <summary>
/// View of a journal for one query. After cancellation of the token, every read throws an <see cref="OperationCanceledException"/>, at the
/// latest at the next row. The view does not write to the journal and does not dispose it.
/// </summary>
internal class CancellableJournal(IJournalStore store, CancellationToken cancellation) : IJournalStore
{
    /// <inheritdoc/>
    public string Location => store.Location;

    /// <inheritdoc/>
    public string? Notice => store.Notice;

    /// <summary>The token that ends the reads.</summary>
    protected CancellationToken Cancellation => cancellation;

    /// <inheritdoc/>
    public void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots = default) => throw ReadOnly();

    /// <inheritdoc/>
    public void Delete(ReadOnlySpan<JournalDeletion> deletions) => throw ReadOnly();

    /// <inheritdoc/>
    public virtual long ReadAll(long afterOrdering, JournalRowHandler handler)
    {
        cancellation.ThrowIfCancellationRequested();
        return store.ReadAll(afterOrdering, Checking(handler));
    }

    /// <inheritdoc/>
    public virtual void Read(string persistenceId, long first, long last, JournalRowHandler handler)
    {
        cancellation.ThrowIfCancellationRequested();
        store.Read(persistenceId, first, last, Checking(handler));
    }

    /// <inheritdoc/>
    public virtual long HighestSequenceNumber(string persistenceId)
    {
        cancellation.ThrowIfCancellationRequested();
        return store.HighestSequenceNumber(persistenceId);
    }

    /// <inheritdoc/>
    public long LastOrdering()
    {
        cancellation.ThrowIfCancellationRequested();
        return store.LastOrdering();
    }

    /// <inheritdoc/>
    public virtual IReadOnlyList<JournalHead> Heads()
    {
        cancellation.ThrowIfCancellationRequested();
        return store.Heads();
    }

    /// <inheritdoc/>
    public virtual bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null)
    {
        cancellation.ThrowIfCancellationRequested();
        return store.ReadSnapshot(persistenceId, maxSequenceNumber, handler, writtenBy);
    }

    /// <inheritdoc/>
    public virtual void ReadLatestSnapshots(JournalRowHandler handler)
    {
        cancellation.ThrowIfCancellationRequested();
        store.ReadLatestSnapshots(Checking(handler));
    }

    /// <inheritdoc/>
    public void CheckAlive() => store.CheckAlive();

    /// <inheritdoc/>
    public IJournalStore Until(CancellationToken other) => throw ReadOnly();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Wraps the handler: after cancellation it receives no more rows.</summary>
    protected JournalRowHandler Checking(JournalRowHandler handler) => (in JournalRow row) =>
    {
        cancellation.ThrowIfCancellationRequested();
        return handler(row);
    };

    private static NotSupportedException ReadOnly() => new("A query's view of the journal only reads.");
}
