namespace ActorTrading.Engine.Journal;

/// <summary>
/// Store of events and snapshots, as opaque bytes, in tables with the default layout of Akka.Persistence.Sql (docs/journal.md).
/// Thread-safe: writes are serialized; reads run in parallel with them and see complete commits only. Every failure is a
/// <see cref="JournalException"/>.
/// </summary>
public interface IJournalStore : IDisposable
{
    /// <summary>The file, or the server and database, without secrets: for logs.</summary>
    string Location { get; }

    /// <summary>A finding at opening that an operator should know, such as an incomplete end of the log; null if there is none.</summary>
    string? Notice { get; }

    /// <summary>
    /// Writes events and snapshots in one transaction. Durable when it returns. If it throws, nothing was written, except with
    /// <see cref="JournalFailure.OutcomeUnknown"/>. A snapshot replaces one with the same id and sequence number.
    /// </summary>
    /// <exception cref="JournalConflictException">
    /// An event with the same id and sequence number exists: another writer has taken over.
    /// </exception>
    /// <exception cref="ArgumentException">An id is empty or longer than <see cref="JournalEntry.MaxIdLength"/>, or a sequence
    /// number is below 1. Nothing was written.</exception>
    void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots = default);

    /// <summary>
    /// Reads the events of all ids after an ordering (0: from the first), in the order of writing, until the handler returns false. Returns
    /// the last ordering handled, or <paramref name="afterOrdering"/>.
    /// </summary>
    long ReadAll(long afterOrdering, JournalRowHandler handler);

    /// <summary>Reads the events of one id with sequence numbers in [first, last], in order, until the handler returns false.</summary>
    void Read(string persistenceId, long first, long last, JournalRowHandler handler);

    /// <summary>The highest sequence number that an id ever had, even if its events were deleted; 0 if it had none.</summary>
    long HighestSequenceNumber(string persistenceId);

    /// <summary>The ordering of the last event of all ids, even if it was deleted; 0 if there was none.</summary>
    long LastOrdering();

    /// <summary>
    /// Every id that has an event, including deleted events, with its highest sequence number; ordered by the bytes of the id.
    /// </summary>
    IReadOnlyList<JournalHead> Heads();

    /// <summary>
    /// Reads the newest snapshot of an id with a sequence number of at most <paramref name="maxSequenceNumber"/>, written no later than
    /// <paramref name="writtenBy"/> (default: no limit). Returns false if there is none.
    /// </summary>
    bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null);

    /// <summary>
    /// Reads the newest snapshot of every id in one scan, ordered by the bytes of the id, until the handler returns false.
    /// </summary>
    void ReadLatestSnapshots(JournalRowHandler handler);

    /// <summary>
    /// Deletes events up to a sequence number and snapshots below one, oldest first; other commits may happen in between. As in
    /// Akka.Persistence, the highest sequence number is kept: the last of the deleted events stays as a row marked as deleted, which no
    /// read returns. After a failure, call it again: an interrupted deletion leaves fewer rows, never a gap.
    /// </summary>
    void Delete(ReadOnlySpan<JournalDeletion> deletions);

    /// <summary>Throws if the journal does not answer, or if no commit can succeed until it is opened again.</summary>
    void CheckAlive();

    /// <summary>
    /// View of the journal for one query. After cancellation of the token, its reads throw an <see cref="OperationCanceledException"/>, at
    /// the latest at the next row. It need not be disposed, and must not be used after the journal is closed.
    /// </summary>
    IJournalStore Until(CancellationToken cancellation) => new CancellableJournal(this, cancellation);
}
