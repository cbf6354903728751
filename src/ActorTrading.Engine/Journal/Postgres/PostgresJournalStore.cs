using Npgsql;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>
/// Journal in a PostgreSQL database: events by binary COPY, one transaction per commit, one connection for writes and a pool for reads.
/// Long because it has the SQL of every operation of a journal.
/// </summary>
public sealed class PostgresJournalStore : IJournalStore
{
    private const int RowsPerQuery = 20_000;
    private const int RowsAtFirst = 250; // of one id: rows that the handler does not want are sent too, and must be skipped
    private const int AliveTimeoutSeconds = 5;

    private const string EventColumns = "ordering, created, persistence_id, sequence_number, message, manifest, identifier";
    private const string SnapshotColumns = "0::bigint, created, persistence_id, sequence_number, snapshot, manifest, serializer_id";

    private readonly Lock writing = new();
    private readonly JournalOptions options;
    private readonly NpgsqlDataSource source;
    private readonly string writerUuid = Guid.NewGuid().ToString("N");
    private NpgsqlConnection? writer;
    private volatile JournalException? broken;
    private volatile bool disposed;

    /// <summary>Connects, and creates missing tables.</summary>
    /// <param name="address">
    /// A connection string of Npgsql or a <c>postgres://</c> URI. A password may instead come from the environment variable PGPASSWORD or
    /// from a password file.
    /// </param>
    /// <exception cref="JournalException">No connection, missing rights, or a database with other tables.</exception>
    public PostgresJournalStore(string address, JournalOptions? options = null)
    {
        this.options = options ?? new JournalOptions();
        var builder = PostgresAddress.Parse(address);
        if (string.IsNullOrEmpty(builder.ApplicationName)) builder.ApplicationName = "actortrading";
        Location = $"{builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}";
        try
        {
            source = NpgsqlDataSource.Create(builder);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new JournalException(JournalFailure.Incompatible, $"{Location}: the settings of the connection contradict each other.");
        }
        try
        {
            PostgresLayout.Ensure(Writer(), Location);
        }
        catch (Exception e)
        {
            Dispose();
            if (e is NpgsqlException driver) throw PostgresErrors.Failure(Location, driver);
            throw;
        }
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public string? Notice => null;

    /// <inheritdoc/>
    public void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots = default)
    {
        JournalEntry.Check(events);
        JournalEntry.Check(snapshots);
        if (events.IsEmpty && snapshots.IsEmpty) return;
        lock (writing)
        {
            ThrowIfUnusable();
            bool mayBeStale = writer is not null;
            while (!TryCommit(events, snapshots, mayBeStale)) mayBeStale = false;
        }
    }

    /// <inheritdoc/>
    public long ReadAll(long afterOrdering, JournalRowHandler handler)
    {
        long after = afterOrdering;
        Guarded(connection =>
        {
            var names = new Utf8Names();
            int rows;
            do
            {
                rows = 0;
                bool stopped = !PostgresRows.Copy(
                    connection,
                    $"SELECT {EventColumns} FROM journal WHERE ordering > {after} AND NOT deleted ORDER BY ordering LIMIT {RowsPerQuery}",
                    names, (in JournalRow row) =>
                    {
                        rows++;
                        long ordering = row.Ordering;
                        bool goOn = handler(row);
                        after = ordering;
                        return goOn;
                    });
                if (stopped) return;
            }
            while (rows == RowsPerQuery);
        }, () => $"reading on after the event with ordering {after}");
        return after;
    }

    /// <inheritdoc/>
    public void Read(string persistenceId, long first, long last, JournalRowHandler handler) =>
        Read(persistenceId, first, last, handler, default);

    private void Read(string persistenceId, long first, long last, JournalRowHandler handler, CancellationToken cancellation)
    {
        int most = RowsAtFirst;
        Guarded(connection =>
        {
            int rows;
            while (true)
            {
                rows = 0;
                bool stopped = false;
                using (var command = new NpgsqlCommand($"""
                    SELECT {EventColumns} FROM journal
                    WHERE persistence_id = $1 AND sequence_number >= $2 AND sequence_number <= $3 AND NOT deleted
                    ORDER BY sequence_number LIMIT {most}
                    """, connection)
                {
                    Parameters = { new() { Value = persistenceId }, new() { Value = first }, new() { Value = last } },
                })
                {
                    using var ending = new CommandCancellation(command, cancellation);
                    using var reader = command.ExecuteReader();
                    while (!stopped && reader.Read())
                    {
                        rows++;
                        long number = reader.GetInt64(3);
                        stopped = !PostgresRows.Hand(reader, handler) || number == long.MaxValue;
                        first = stopped ? first : number + 1;
                    }
                }
                if (stopped || rows < most) return;
                most = Math.Min(4 * most, RowsPerQuery);
            }
        }, () => $"reading event {first} of '{persistenceId}'", cancellation);
    }

    /// <inheritdoc/>
    public long HighestSequenceNumber(string persistenceId) => HighestSequenceNumber(persistenceId, default);

    private long HighestSequenceNumber(string persistenceId, CancellationToken cancellation)
    {
        long highest = 0;
        Guarded(connection =>
        {
            using var command = new NpgsqlCommand("SELECT max(sequence_number) FROM journal WHERE persistence_id = $1", connection)
            {
                Parameters = { new() { Value = persistenceId } },
            };
            using var ending = new CommandCancellation(command, cancellation);
            highest = command.ExecuteScalar() as long? ?? 0;
        }, () => $"reading the highest number of '{persistenceId}'", cancellation);
        return highest;
    }

    /// <inheritdoc/>
    public long LastOrdering()
    {
        long last = 0;
        Guarded(connection =>
        {
            using var command = new NpgsqlCommand("SELECT max(ordering) FROM journal", connection);
            last = command.ExecuteScalar() as long? ?? 0;
        }, () => "reading where the journal ends");
        return last;
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournalHead> Heads() => Heads(default);

    private List<JournalHead> Heads(CancellationToken cancellation)
    {
        var heads = new List<JournalHead>();
        Guarded(connection =>
        {
            // Steps from id to id along the unique index instead of reading all of it, in the order of the index, which is the order of the
            // database's collation.
            using var command = new NpgsqlCommand("""
                WITH RECURSIVE ids(id) AS (
                    (SELECT persistence_id FROM journal ORDER BY persistence_id LIMIT 1)
                    UNION ALL
                    SELECT (SELECT persistence_id FROM journal WHERE persistence_id > ids.id ORDER BY persistence_id LIMIT 1)
                    FROM ids WHERE ids.id IS NOT NULL)
                SELECT id, (SELECT max(sequence_number) FROM journal WHERE persistence_id = id)
                FROM ids WHERE id IS NOT NULL ORDER BY id COLLATE "C"
                """, connection);
            using var ending = new CommandCancellation(command, cancellation);
            using var reader = command.ExecuteReader();
            while (reader.Read()) heads.Add(new JournalHead(reader.GetString(0), reader.GetInt64(1)));
        }, () => "reading the heads of all ids", cancellation);
        return heads;
    }

    /// <inheritdoc/>
    public bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null) =>
        ReadSnapshot(persistenceId, maxSequenceNumber, handler, writtenBy, default);

    private bool ReadSnapshot(
        string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy, CancellationToken cancellation)
    {
        bool found = false;
        Guarded(connection =>
        {
            using var command = new NpgsqlCommand($"SELECT {SnapshotColumns} FROM snapshot WHERE persistence_id = $1 "
                + "AND sequence_number <= $2 AND created <= $3 ORDER BY sequence_number DESC LIMIT 1", connection)
            {
                Parameters =
                {
                    new() { Value = persistenceId }, new() { Value = maxSequenceNumber },
                    new() { Value = (writtenBy ?? DateTime.MaxValue).Ticks },
                },
            };
            using var ending = new CommandCancellation(command, cancellation);
            using var reader = command.ExecuteReader();
            found = reader.Read();
            if (found) PostgresRows.Hand(reader, handler);
        }, () => $"reading the snapshot of '{persistenceId}' at or below {maxSequenceNumber}", cancellation);
        return found;
    }

    /// <inheritdoc/>
    public void ReadLatestSnapshots(JournalRowHandler handler)
    {
        string last = "";
        Guarded(connection =>
        {
            PostgresRows.Copy(connection, $"""
                SELECT {SnapshotColumns} FROM snapshot AS newest
                WHERE sequence_number = (SELECT max(sequence_number) FROM snapshot WHERE persistence_id = newest.persistence_id)
                ORDER BY persistence_id COLLATE "C"
                """, new Utf8Names(), (in JournalRow row) =>
            {
                last = row.PersistenceId;
                return handler(row);
            });
        }, () => last.Length == 0 ? "reading the first snapshot" : $"reading on after the snapshot of '{last}'");
    }

    /// <inheritdoc/>
    public void Delete(ReadOnlySpan<JournalDeletion> deletions)
    {
        if (deletions.IsEmpty) return;
        if (broken is { } failed) throw Broken(failed);
        var ids = new string[deletions.Length];
        var events = new long[deletions.Length];
        var snapshots = new long[deletions.Length];
        for (int i = 0; i < deletions.Length; i++)
            (ids[i], events[i], snapshots[i]) = (deletions[i].PersistenceId, deletions[i].EventsUpTo, deletions[i].SnapshotsBelow);

        Guarded(connection =>
        {
            const string asked = "unnest($1::text[], $2::bigint[]) AS asked(id, number)";
            const string last = "LATERAL (SELECT max(sequence_number) AS number FROM journal WHERE persistence_id = asked.id "
                + "AND sequence_number <= asked.number) AS last";
            using var transaction = connection.BeginTransaction();
            // What Akka.Persistence.Sql leaves after a deletion: of the deleted events only the last, marked as deleted; no tags.
            Run($"DELETE FROM journal USING {asked}, {last} WHERE persistence_id = asked.id AND sequence_number < last.number", events);
            Run($"UPDATE journal SET deleted = true FROM {asked}, {last} WHERE persistence_id = asked.id AND sequence_number = last.number "
                + "AND NOT deleted", events);
            Run($"DELETE FROM tags USING {asked} WHERE persistence_id = asked.id AND sequence_nr <= asked.number", events);
            Run($"DELETE FROM snapshot USING {asked} WHERE persistence_id = asked.id AND sequence_number < asked.number", snapshots);
            transaction.Commit();

            void Run(string sql, long[] numbers)
            {
                using var command = new NpgsqlCommand(sql, connection)
                {
                    Parameters = { new() { Value = ids }, new() { Value = numbers } },
                };
                command.ExecuteNonQuery();
            }
        }, () => "deleting");
    }

    /// <inheritdoc/>
    public IJournalStore Until(CancellationToken cancellation) => new View(this, cancellation);

    /// <inheritdoc/>
    public void CheckAlive()
    {
        if (broken is { } failed) throw Broken(failed);
        Guarded(connection =>
        {
            using var command = new NpgsqlCommand(
                "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean", connection)
            {
                CommandTimeout = AliveTimeoutSeconds,
            };
            if (command.ExecuteScalar() is true)
                throw new JournalException(JournalFailure.ReadOnly, $"{Location}: the server is read-only.");
        }, () => "checking the connection");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (writing)
        {
            if (disposed) return;
            disposed = true;
            writer?.Dispose();
            source.Dispose();
        }
    }

    /// <summary>
    /// Tries to commit. False if the connection was lost before anything could be committed, and another connection is worth a try.
    /// </summary>
    private bool TryCommit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots, bool mayBeStale)
    {
        bool committing = false;
        try
        {
            var connection = Writer();
            using var transaction = connection.BeginTransaction();
            long created = options.Clock.GetUtcNow().Ticks;
            if (!events.IsEmpty) PostgresWrites.Events(connection, created, writerUuid, events);
            PostgresWrites.Snapshots(connection, created, snapshots);
            committing = true;
            transaction.Commit();
            return true;
        }
        catch (NpgsqlException e)
        {
            // The transaction is over; a failed connection is not used again.
            writer?.Dispose();
            writer = null;
            var failure = PostgresErrors.Failure(Location, e);
            if (committing && !PostgresErrors.SaysNotCommitted(e))
                throw broken = new JournalException(
                    JournalFailure.OutcomeUnknown, $"{failure.Message} It is unknown whether the commit is durable.", e);
            if (failure.Failure == JournalFailure.Unavailable && mayBeStale) return false;
            if (e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }) throw Conflict(events, e);
            throw failure;
        }
    }

    /// <summary>Finds the event that already exists; the server's message may be in any language and cannot be parsed.</summary>
    private JournalException Conflict(ReadOnlySpan<JournalEntry> events, Exception cause)
    {
        var ids = new string[events.Length];
        var numbers = new long[events.Length];
        for (int i = 0; i < events.Length; i++) (ids[i], numbers[i]) = (events[i].PersistenceId, events[i].SequenceNumber);
        JournalException? conflict = null;
        Guarded(connection =>
        {
            using var command = new NpgsqlCommand("""
                SELECT id, number FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS given(id, number, place)
                WHERE EXISTS (SELECT 1 FROM journal WHERE persistence_id = id AND sequence_number = number)
                ORDER BY place LIMIT 1
                """, connection)
            { Parameters = { new() { Value = ids }, new() { Value = numbers } } };
            using var reader = command.ExecuteReader();
            if (reader.Read()) conflict = new JournalConflictException(reader.GetString(0), reader.GetInt64(1), cause);
        }, () => "looking for the event that already exists");
        if (conflict is not null) return conflict;

        var seen = new HashSet<(string, long)>();
        foreach (ref readonly var entry in events)
        {
            if (!seen.Add((entry.PersistenceId, entry.SequenceNumber)))
                return new JournalConflictException(entry.PersistenceId, entry.SequenceNumber, cause);
        }
        return new JournalException(JournalFailure.Conflict, $"{Location}: an event that was in the journal has disappeared.", cause);
    }

    /// <summary>The connection for writes; reconnected if it was lost.</summary>
    private NpgsqlConnection Writer()
    {
        if (writer is not null) return writer;
        var connection = source.OpenConnection();
        try
        {
            // An acknowledged commit is durable, whatever the default of the server; a stricter setting (with a standby) is kept.
            using var command = new NpgsqlCommand(
                "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'; "
                + $"SET lock_timeout = {(long)Math.Max(1, options.LockTimeout.TotalMilliseconds)}", connection);
            command.ExecuteNonQuery();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        return writer = connection;
    }

    /// <summary>Runs an action with a connection of the pool; failures name the operation.</summary>
    private void Guarded(Action<NpgsqlConnection> action, Func<string> doing, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        try
        {
            using var connection = source.OpenConnection();
            action(connection);
        }
        catch (NpgsqlException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (NpgsqlException e)
        {
            var failure = PostgresErrors.Failure(Location, e);
            throw new JournalException(failure.Failure, $"{failure.Message} It failed while {doing()}.", e);
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (broken is { } failed) throw Broken(failed);
    }

    private static JournalException Broken(JournalException failed) =>
        new(failed.Failure, $"There are no more commits after this failure: {failed.Message}", failed);

    /// <summary>A view whose commands are cancelled on the server.</summary>
    private sealed class View(PostgresJournalStore store, CancellationToken cancellation) : CancellableJournal(store, cancellation)
    {
        public override void Read(string persistenceId, long first, long last, JournalRowHandler handler)
        {
            Cancellation.ThrowIfCancellationRequested();
            store.Read(persistenceId, first, last, Checking(handler), Cancellation);
        }

        public override long HighestSequenceNumber(string persistenceId)
        {
            Cancellation.ThrowIfCancellationRequested();
            return store.HighestSequenceNumber(persistenceId, Cancellation);
        }

        public override IReadOnlyList<JournalHead> Heads()
        {
            Cancellation.ThrowIfCancellationRequested();
            return store.Heads(Cancellation);
        }

        public override bool ReadSnapshot(
            string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null)
        {
            Cancellation.ThrowIfCancellationRequested();
            return store.ReadSnapshot(persistenceId, maxSequenceNumber, handler, writtenBy, Cancellation);
        }
    }
}
