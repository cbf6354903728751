using ActorTrading.Wire.Events;
using SQLitePCL;

namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>The connection for writes, with its statements. Not thread-safe.</summary>
internal sealed class SqliteWriter : IDisposable
{
    // Rows per statement: the cost of a statement, above all the counter of the ordering, is then paid once for all of them.
    private const int RowsAtOnce = 32;
    private const int SharedByRows = 3;
    private const int PerRow = 4;

    private readonly SqliteDatabase database;
    private readonly TimeProvider clock;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement insertEvent;
    private readonly SqliteStatement insertEvents;
    private readonly SqliteStatement insertSnapshot;
    private readonly SqliteStatement deleteEvent;
    private readonly SqliteStatement markLast;
    private readonly SqliteStatement deleteTags;
    private readonly SqliteStatement deleteSnapshots;
    private readonly string[] manifests = new string[RowsAtOnce]; // as they are bound
    private string manifest = "";

    public SqliteWriter(SqliteDatabase database, TimeProvider clock)
    {
        this.database = database;
        this.clock = clock;
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        insertEvent = database.Prepare("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, "
            + "identifier, writer_uuid) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7)");
        // Any failed constraint ends the transaction; so SQLite need not keep copies of pages to undo a single statement.
        insertEvents = database.Prepare("INSERT OR ROLLBACK INTO journal (created, deleted, identifier, writer_uuid, persistence_id, "
            + "sequence_number, message, manifest) VALUES "
            + string.Join(", ", Enumerable.Range(0, RowsAtOnce).Select(RowParameters)));
        insertSnapshot = database.Prepare("INSERT OR REPLACE INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, "
            + "serializer_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        deleteEvent = database.Prepare("DELETE FROM journal WHERE ordering = ?1");
        markLast = database.Prepare("UPDATE journal SET deleted = 1 WHERE persistence_id = ?1 "
            + "AND sequence_number = (SELECT max(sequence_number) FROM journal WHERE persistence_id = ?1 AND sequence_number <= ?2) "
            + "AND deleted = 0");
        deleteTags = database.Prepare("DELETE FROM tags WHERE persistence_id = ?1 AND sequence_nr <= ?2");
        deleteSnapshots = database.Prepare("DELETE FROM snapshot WHERE persistence_id = ?1 AND sequence_number < ?2");

        // The same in every row: bound once.
        insertEvent.Bind(5, manifest);
        insertEvent.Bind(6, EventManifests.SerializerId);
        var writer = Guid.NewGuid().ToString("N");
        insertEvent.Bind(7, writer);
        insertEvents.Bind(2, EventManifests.SerializerId);
        insertEvents.Bind(3, writer);
        insertSnapshot.Bind(6, EventManifests.SerializerId);
    }

    /// <summary>Pages written since the last call.</summary>
    public int TakePagesWritten() => database.TakePagesWritten();

    public void Write(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots)
    {
        begin.Run();
        try
        {
            long created = clock.GetUtcNow().Ticks;
            insertEvent.Bind(1, created);
            insertEvents.Bind(1, created);
            InsertEvents(events);
            insertSnapshot.Bind(3, created);
            foreach (ref readonly var entry in snapshots) InsertSnapshot(entry);
        }
        catch
        {
            database.RollBack();
            throw;
        }
        Commit();
    }

    /// <summary>Deletes events by their orderings.</summary>
    public void DeleteEvents(ReadOnlySpan<long> orderings)
    {
        begin.Run();
        try
        {
            foreach (long ordering in orderings)
            {
                deleteEvent.Bind(1, ordering);
                deleteEvent.Run();
            }
        }
        catch
        {
            database.RollBack();
            throw;
        }
        Commit();
    }

    /// <summary>Completes deletions of which only the last event is left: marks it as deleted; deletes tags and snapshots.</summary>
    public void EndDeletions(ReadOnlySpan<JournalDeletion> deletions)
    {
        begin.Run();
        try
        {
            foreach (ref readonly var deletion in deletions)
            {
                if (deletion.EventsUpTo > 0)
                {
                    Run(markLast, deletion.PersistenceId, deletion.EventsUpTo);
                    Run(deleteTags, deletion.PersistenceId, deletion.EventsUpTo);
                }
                if (deletion.SnapshotsBelow > 0) Run(deleteSnapshots, deletion.PersistenceId, deletion.SnapshotsBelow);
            }
        }
        catch
        {
            database.RollBack();
            throw;
        }
        Commit();
    }

    private static string RowParameters(int row)
    {
        var first = SharedByRows + (row * PerRow) + 1;
        return $"(?1, 0, ?2, ?3, ?{first}, ?{first + 1}, ?{first + 2}, ?{first + 3})";
    }

    private void InsertEvents(ReadOnlySpan<JournalEntry> events)
    {
        var rest = events;
        for (; rest.Length >= RowsAtOnce; rest = rest[RowsAtOnce..])
        {
            if (TryInsertRows(rest[..RowsAtOnce])) continue;

            // One of them conflicts with an existing row. Insert them again one by one to find it.
            begin.Run();
            rest = events;
            break;
        }

        foreach (ref readonly var entry in rest) InsertEvent(entry);
    }

    /// <summary>False if a constraint failed; the transaction is then over.</summary>
    private bool TryInsertRows(ReadOnlySpan<JournalEntry> rows)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            ref readonly var entry = ref rows[row];
            var first = SharedByRows + (row * PerRow) + 1;
            insertEvents.Bind(first, entry.PersistenceId);
            insertEvents.Bind(first + 1, entry.SequenceNumber);
            insertEvents.Bind(first + 2, entry.Payload.Span);
            if (entry.Manifest != manifests[row]) insertEvents.Bind(first + 3, manifests[row] = entry.Manifest);
        }

        var result = insertEvents.TryRun();
        if (result == raw.SQLITE_DONE) return true;
        return (result & 0xff) == raw.SQLITE_CONSTRAINT ? false : throw database.Failure(result);
    }

    /// <summary>Writes all committed data to a new file.</summary>
    public void CopyTo(string path)
    {
        using var copy = database.Prepare("VACUUM INTO ?1");
        copy.Bind(1, path);
        copy.Run();
    }

    private void InsertEvent(in JournalEntry entry)
    {
        insertEvent.Bind(2, entry.PersistenceId);
        insertEvent.Bind(3, entry.SequenceNumber);
        insertEvent.Bind(4, entry.Payload.Span);
        if (entry.Manifest != manifest) insertEvent.Bind(5, manifest = entry.Manifest);
        int result = insertEvent.TryRun();
        if (result == raw.SQLITE_DONE) return;
        var failure = database.Failure(result);
        throw (result & 0xff) == raw.SQLITE_CONSTRAINT
            ? new JournalConflictException(entry.PersistenceId, entry.SequenceNumber, failure)
            : failure;
    }

    private void InsertSnapshot(in JournalEntry entry)
    {
        insertSnapshot.Bind(1, entry.PersistenceId);
        insertSnapshot.Bind(2, entry.SequenceNumber);
        insertSnapshot.Bind(4, entry.Payload.Span);
        insertSnapshot.Bind(5, entry.Manifest);
        insertSnapshot.Run();
    }

    private static void Run(SqliteStatement statement, string persistenceId, long number)
    {
        statement.Bind(1, persistenceId);
        statement.Bind(2, number);
        statement.Run();
    }

    private void Commit()
    {
        try
        {
            commit.Run();
        }
        catch (JournalException e)
        {
            database.RollBack();
            // A full disk is detected when the log is written, before the mark that makes the transaction a commit. After a failed write or
            // fsync, the content of the disk after a restart is unknown.
            if (e.Failure is JournalFailure.Unavailable or JournalFailure.Other)
                throw new JournalException(JournalFailure.OutcomeUnknown, $"{e.Message} It is unknown whether the commit is durable.", e);
            throw;
        }
    }

    public void Dispose()
    {
        SqliteStatement[] statements =
            [begin, commit, insertEvent, insertEvents, insertSnapshot, deleteEvent, markLast, deleteTags, deleteSnapshots];
        foreach (var statement in statements) statement.Dispose();
        database.Dispose();
    }
}
