using ActorTrading.Wire.Events;
using SQLitePCL;

namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>The connection that writes, with its statements. Not safe for two threads.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteDatabase database;
    private readonly TimeProvider clock;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement insertEvent;
    private readonly SqliteStatement insertSnapshot;
    private readonly SqliteStatement deleteEvent;
    private readonly SqliteStatement markLast;
    private readonly SqliteStatement deleteTags;
    private readonly SqliteStatement deleteSnapshots;
    private string manifest = "";

    public SqliteWriter(SqliteDatabase database, TimeProvider clock)
    {
        this.database = database;
        this.clock = clock;
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        insertEvent = database.Prepare("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7)");
        insertSnapshot = database.Prepare("INSERT OR REPLACE INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        deleteEvent = database.Prepare("DELETE FROM journal WHERE ordering = ?1");
        markLast = database.Prepare("UPDATE journal SET deleted = 1 WHERE persistence_id = ?1 AND sequence_number = (SELECT max(sequence_number) FROM journal WHERE persistence_id = ?1 AND sequence_number <= ?2) AND deleted = 0");
        deleteTags = database.Prepare("DELETE FROM tags WHERE persistence_id = ?1 AND sequence_nr <= ?2");
        deleteSnapshots = database.Prepare("DELETE FROM snapshot WHERE persistence_id = ?1 AND sequence_number < ?2");

        // The same in every row: bound once.
        insertEvent.Bind(5, manifest);
        insertEvent.Bind(6, EventManifests.SerializerId);
        insertEvent.Bind(7, Guid.NewGuid().ToString("N"));
        insertSnapshot.Bind(6, EventManifests.SerializerId);
    }

    /// <summary>Pages written since this was last asked.</summary>
    public int TakePagesWritten() => database.TakePagesWritten();

    public void Write(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots)
    {
        begin.Run();
        try
        {
            long created = clock.GetUtcNow().Ticks;
            insertEvent.Bind(1, created);
            foreach (ref readonly var entry in events) InsertEvent(entry);
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

    /// <summary>Ends deletions of which only the last event is left: that is marked; tags and snapshots go.</summary>
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
            // A full disk is found when the log is written to, before the mark that makes it a commit. A failed write or fsync
            // says nothing about what the disk will hold after a restart.
            if (e.Failure is JournalFailure.Unavailable or JournalFailure.Other)
                throw new JournalException(JournalFailure.OutcomeUnknown, $"{e.Message} It is not known whether the commit is durable.", e);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[begin, commit, insertEvent, insertSnapshot, deleteEvent, markLast, deleteTags, deleteSnapshots])
            statement.Dispose();
        database.Dispose();
    }
}
