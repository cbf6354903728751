namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>A connection with the statements that read the journal. Not thread-safe.</summary>
internal sealed class SqliteReader : IDisposable
{
    // A scan renews its read transaction after this many rows, so that the write-ahead log can be emptied meanwhile.
    private const int RowsPerView = 10_000;

    private const string EventColumns = "ordering, created, persistence_id, sequence_number, message, manifest, identifier";
    private const string SnapshotColumns = "0, created, persistence_id, sequence_number, snapshot, manifest, serializer_id";

    private readonly SqliteDatabase database;
    private readonly Utf8Names names = new();
    private readonly SqliteStatement all;
    private readonly SqliteStatement range;
    private readonly SqliteStatement highest;
    private readonly SqliteStatement doomed;
    private readonly SqliteStatement snapshot;

    public SqliteReader(string path, TimeSpan lockTimeout)
    {
        database = new SqliteDatabase(path, lockTimeout);
        try
        {
            database.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -8192");
            all = database.Prepare(
                $"SELECT {EventColumns} FROM journal WHERE ordering > ?1 AND deleted = 0 ORDER BY ordering LIMIT {RowsPerView}");
            range = database.Prepare($"SELECT {EventColumns} FROM journal WHERE persistence_id = ?1 AND sequence_number >= ?2 "
                + $"AND sequence_number <= ?3 AND deleted = 0 ORDER BY sequence_number LIMIT {RowsPerView}");
            highest = database.Prepare("SELECT max(sequence_number) FROM journal WHERE persistence_id = ?1");
            doomed = database.Prepare("SELECT ordering FROM journal WHERE persistence_id = ?1 "
                + "AND sequence_number < (SELECT max(sequence_number) FROM journal WHERE persistence_id = ?1 AND sequence_number <= ?2) "
                + "ORDER BY sequence_number LIMIT ?3");
            snapshot = database.Prepare($"SELECT {SnapshotColumns} FROM snapshot WHERE persistence_id = ?1 AND sequence_number <= ?2 "
                + "AND created <= ?3 ORDER BY sequence_number DESC LIMIT 1");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long ReadAll(long after, JournalRowHandler handler)
    {
        try
        {
            int rows;
            do
            {
                all.Bind(1, after);
                for (rows = 0; all.Step(); rows++)
                {
                    long ordering = all.Long(0);
                    bool goOn = handler(Row(all));
                    after = ordering;
                    if (!goOn) return after;
                }
                all.Reset();
            }
            while (rows == RowsPerView);
            return after;
        }
        catch (JournalException e) when (e.Failure == JournalFailure.Corrupt)
        {
            throw Located(e, $"reading on after the event with ordering {after}");
        }
        finally
        {
            all.Reset();
        }
    }

    public void Read(string persistenceId, long first, long last, JournalRowHandler handler)
    {
        try
        {
            range.Bind(1, persistenceId);
            range.Bind(3, last);
            int rows;
            do
            {
                range.Bind(2, first);
                for (rows = 0; range.Step(); rows++)
                {
                    long number = range.Long(3);
                    if (!handler(Row(range)) || number == long.MaxValue) return;
                    first = number + 1;
                }
                range.Reset();
            }
            while (rows == RowsPerView);
        }
        catch (JournalException e) when (e.Failure == JournalFailure.Corrupt)
        {
            throw Located(e, $"reading event {first} of '{persistenceId}'");
        }
        finally
        {
            range.Reset();
        }
    }

    public long HighestSequenceNumber(string persistenceId)
    {
        highest.Bind(1, persistenceId);
        try
        {
            return highest.Step() ? highest.Long(0) : 0;
        }
        finally
        {
            highest.Reset();
        }
    }

    public long LastOrdering()
    {
        using var statement = database.Prepare("SELECT max(ordering) FROM journal");
        return statement.Step() ? statement.Long(0) : 0;
    }

    public List<JournalHead> Heads()
    {
        // Steps from id to id along the unique index instead of reading all of it.
        using var statement = database.Prepare("""
            WITH RECURSIVE ids(id) AS (
                SELECT min(persistence_id) FROM journal
                UNION ALL
                SELECT (SELECT min(persistence_id) FROM journal WHERE persistence_id > ids.id) FROM ids WHERE ids.id IS NOT NULL)
            SELECT id, (SELECT max(sequence_number) FROM journal WHERE persistence_id = id) FROM ids WHERE id IS NOT NULL
            """);
        var heads = new List<JournalHead>();
        while (statement.Step()) heads.Add(new JournalHead(statement.Text(0), statement.Long(1)));
        return heads;
    }

    /// <summary>
    /// Adds the orderings of the oldest events of an id that a deletion removes, up to a limit: all events up to its number except the last
    /// one, which stays. Returns the number added.
    /// </summary>
    public int Doomed(string persistenceId, long upTo, int limit, List<long> orderings)
    {
        doomed.Bind(1, persistenceId);
        doomed.Bind(2, upTo);
        doomed.Bind(3, limit);
        try
        {
            int before = orderings.Count;
            while (doomed.Step()) orderings.Add(doomed.Long(0));
            return orderings.Count - before;
        }
        finally
        {
            doomed.Reset();
        }
    }

    public bool ReadSnapshot(string persistenceId, long maxSequenceNumber, long maxCreated, JournalRowHandler handler)
    {
        try
        {
            snapshot.Bind(1, persistenceId);
            snapshot.Bind(2, maxSequenceNumber);
            snapshot.Bind(3, maxCreated);
            if (!snapshot.Step()) return false;
            handler(Row(snapshot));
            return true;
        }
        catch (JournalException e) when (e.Failure == JournalFailure.Corrupt)
        {
            throw Located(e, $"reading the snapshot of '{persistenceId}' at or below {maxSequenceNumber}");
        }
        finally
        {
            snapshot.Reset();
        }
    }

    public void ReadLatestSnapshots(JournalRowHandler handler)
    {
        string last = "";
        try
        {
            using var statement = database.Prepare($"""
                SELECT {SnapshotColumns} FROM snapshot AS newest
                WHERE sequence_number = (SELECT max(sequence_number) FROM snapshot WHERE persistence_id = newest.persistence_id)
                ORDER BY persistence_id
                """);
            while (statement.Step())
            {
                var row = Row(statement);
                last = row.PersistenceId;
                if (!handler(row)) return;
            }
        }
        catch (JournalException e) when (e.Failure == JournalFailure.Corrupt)
        {
            throw Located(e, last.Length == 0 ? "reading the first snapshot" : $"reading on after the snapshot of '{last}'");
        }
    }

    public void Ping() => database.Number("SELECT ordering FROM journal LIMIT 1");

    public List<string> CheckIntegrity(int limit)
    {
        using var statement = database.Prepare($"PRAGMA quick_check({limit})");
        var faults = new List<string>();
        try
        {
            while (statement.Step()) faults.AddRange(statement.Text(0).Split('\n').Where(line => line is not ("ok" or "")));
        }
        catch (JournalException e) when (e.Failure == JournalFailure.Corrupt)
        {
            faults.Add(e.Message); // the file is so damaged that the check itself fails
        }
        return faults;
    }

    private JournalRow Row(SqliteStatement statement) => new()
    {
        Ordering = statement.Long(0),
        CreatedTicks = statement.Long(1),
        PersistenceId = names[statement.Bytes(2)],
        SequenceNumber = statement.Long(3),
        Payload = statement.Bytes(4),
        Manifest = names[statement.Bytes(5)],
        SerializerId = (int)statement.Long(6),
    };

    private static JournalException Located(JournalException e, string doing) =>
        new(e.Failure, $"{e.Message} It failed while {doing}.", e);

    public void Dispose()
    {
        all?.Dispose();
        range?.Dispose();
        highest?.Dispose();
        doomed?.Dispose();
        snapshot?.Dispose();
        database.Dispose();
    }
}
