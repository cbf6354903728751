namespace ActorTrading.Engine.Journal;

/// <summary>
/// Where events and snapshots are kept, as opaque bytes, in tables with the default layout of Akka.Persistence.Sql
/// (docs/journal.md). Writes take turns, from whichever thread they come; reads may run on any number of threads beside
/// them and see whole commits only. Every failure is a <see cref="JournalException"/>.
/// </summary>
public interface IJournalStore : IDisposable
{
    /// <summary>The file, or the server and database, without anything secret: for logs.</summary>
    string Location { get; }

    /// <summary>What opening found that an operator should know, such as a torn tail; null if nothing.</summary>
    string? Notice { get; }

    /// <summary>
    /// Writes events and snapshots in one transaction. Durable when it returns; when it throws, nothing of it was
    /// written, except under <see cref="JournalFailure.OutcomeUnknown"/>. A snapshot replaces one with the same id and
    /// sequence number.
    /// </summary>
    /// <exception cref="JournalConflictException">An event with the same id and sequence number is there: another
    /// writer has taken over.</exception>
    /// <exception cref="ArgumentException">An id is empty or longer than <see cref="JournalEntry.MaxIdLength"/>, or a sequence
    /// number is below 1. Nothing was written.</exception>
    void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots = default);

    /// <summary>
    /// Reads the events of all ids that come after an ordering (0: from the first), in the order of writing, until the
    /// handler returns false. Returns the last ordering handled, or the one given.
    /// </summary>
    long ReadAll(long afterOrdering, JournalRowHandler handler);

    /// <summary>
    /// Reads the events of one id with sequence numbers in [first, last], in their order, until the handler returns false.
    /// </summary>
    void Read(string persistenceId, long first, long last, JournalRowHandler handler);

    /// <summary>The highest sequence number that an id ever had, also if its events were deleted; 0 if it had none.</summary>
    long HighestSequenceNumber(string persistenceId);

    /// <summary>The ordering of the last event of all, also if it was deleted; 0 if there was none.</summary>
    long LastOrdering();

    /// <summary>
    /// Every id that has an event, be it a deleted one, with its highest sequence number; ordered by the bytes of the id.
    /// </summary>
    IReadOnlyList<JournalHead> Heads();

    /// <summary>
    /// Hands over the newest snapshot of an id with a sequence number of at most <paramref name="maxSequenceNumber"/>, written no
    /// later than <paramref name="writtenBy"/> (default: ever). Returns false if there is none.
    /// </summary>
    bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null);

    /// <summary>
    /// Reads the newest snapshot of every id in one scan, ordered by the bytes of the id, until the handler returns false.
    /// </summary>
    void ReadLatestSnapshots(JournalRowHandler handler);

    /// <summary>
    /// Deletes events up to a sequence number and snapshots below one, oldest first; other commits may go between. As in
    /// Akka.Persistence, the highest sequence number stays known: the last of the deleted events stays as a row marked
    /// deleted, which no read returns. What a failure interrupts is to be asked for again: it leaves less, never a gap.
    /// </summary>
    void Delete(ReadOnlySpan<JournalDeletion> deletions);

    /// <summary>Throws if the journal does not answer, or if no commit can succeed until it is opened anew.</summary>
    void CheckAlive();

    /// <summary>
    /// A view for one query: once the token is cancelled, its reads end with an <see cref="OperationCanceledException"/>, at the latest at
    /// the next row. It need not be disposed of, and must not be used longer than the journal.
    /// </summary>
    IJournalStore Until(CancellationToken cancellation) => new CancellableJournal(this, cancellation);
}
