using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>Journal in a SQLite file: write-ahead log, one fsync per commit, one connection for writes and several for reads.</summary>
public sealed class SqliteJournalStore : IJournalStore
{
    private const string LogEnding = "-wal";
    private const string RescuedEnding = ".rescued";
    private const int PageSize = 4096;
    private const int RowsPerTransaction = 1000; // of a deletion: delays a commit by a few milliseconds at most
    private const int IdsPerTransaction = 200;
    private const int RowsPerRound = 200_000;

    private static readonly int KeptReaders = Environment.ProcessorCount + 1;

    private readonly Lock writing = new();
    private readonly ConcurrentBag<SqliteReader> readers = [];
    private readonly JournalOptions options;
    private readonly string log; // its path
    private readonly SqliteWriter writer;
    private readonly SqliteCheckpointer checkpointer;
    private volatile JournalException? broken;
    private volatile bool disposed;

    /// <summary>Opens a database file; creates it, with its directory, if it is missing.</summary>
    /// <exception cref="JournalException">The file cannot be opened, is damaged, or is a database with other tables.</exception>
    public SqliteJournalStore(string path, JournalOptions? options = null)
    {
        this.options = options ??= new JournalOptions();
        Location = Path.GetFullPath(path);
        log = Location + LogEnding;
        SqliteFile.MakeDirectory(Location);
        SqliteFile.RefuseRemnants(Location, log, Location + RescuedEnding);
        Notice = WriteAheadLog.Inspect(log);
        SqliteFile.Make(Location);

        var database = new SqliteDatabase(Location, options.LockTimeout, create: true);
        try
        {
            database.Execute(
                $"PRAGMA page_size = {PageSize}; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = {2 * options.CheckpointBytes}");
            if (database.Text("PRAGMA journal_mode = WAL") != "wal")
                throw new JournalException(
                    JournalFailure.ReadOnly, $"{Location}: the file system or the file's mode does not allow a write-ahead log.");
            if (options.MaxPages > 0) database.Execute($"PRAGMA max_page_count = {options.MaxPages}");
            SqliteLayout.Ensure(database);
            writer = new SqliteWriter(database, options.Clock);
            writer.TakePagesWritten();
            checkpointer = new SqliteCheckpointer(
                new SqliteDatabase(Location, TimeSpan.Zero), writing, (int)Math.Max(1, options.CheckpointBytes / PageSize));
        }
        catch
        {
            writer?.Dispose();
            database.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public string? Notice { get; }

    /// <inheritdoc/>
    public void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots = default)
    {
        JournalEntry.Check(events);
        JournalEntry.Check(snapshots);
        if (events.IsEmpty && snapshots.IsEmpty) return;
        lock (writing)
        {
            BeginWriting();
            try
            {
                writer.Write(events, snapshots);
                CheckThere();
            }
            catch (JournalException e)
            {
                BreakIfHopeless(e);
                throw;
            }
            checkpointer.OnWritten(writer.TakePagesWritten());
        }
    }

    /// <inheritdoc/>
    public void Delete(ReadOnlySpan<JournalDeletion> deletions)
    {
        if (deletions.IsEmpty) return;
        // Events of many ids are mixed in the file. Deleting id by id, each transaction would write many pages for a few rows; so the rows
        // of all ids are deleted in file order.
        var doomed = new List<long>();
        int perId = Math.Max(RowsPerTransaction, RowsPerRound / deletions.Length);
        bool more;
        do
        {
            more = false;
            doomed.Clear();
            using (var lease = new Lease(this))
            {
                foreach (ref readonly var deletion in deletions)
                {
                    if (deletion.EventsUpTo > 0)
                        more |= lease.Reader.Doomed(deletion.PersistenceId, deletion.EventsUpTo, perId, doomed) == perId;
                }
            }
            doomed.Sort();
            for (ReadOnlySpan<long> rest = CollectionsMarshal.AsSpan(doomed); !rest.IsEmpty;
                rest = rest[Math.Min(RowsPerTransaction, rest.Length)..])
                Write(rest[..Math.Min(RowsPerTransaction, rest.Length)], static (writer, orderings) => writer.DeleteEvents(orderings));
        }
        while (more);
        for (var rest = deletions; !rest.IsEmpty; rest = rest[Math.Min(IdsPerTransaction, rest.Length)..])
            Write(rest[..Math.Min(IdsPerTransaction, rest.Length)], static (writer, some) => writer.EndDeletions(some));
    }

    /// <inheritdoc/>
    public long ReadAll(long afterOrdering, JournalRowHandler handler)
    {
        using var lease = new Lease(this);
        return lease.Reader.ReadAll(afterOrdering, handler);
    }

    /// <inheritdoc/>
    public void Read(string persistenceId, long first, long last, JournalRowHandler handler)
    {
        using var lease = new Lease(this);
        lease.Reader.Read(persistenceId, first, last, handler);
    }

    /// <inheritdoc/>
    public long HighestSequenceNumber(string persistenceId)
    {
        using var lease = new Lease(this);
        return lease.Reader.HighestSequenceNumber(persistenceId);
    }

    /// <inheritdoc/>
    public long LastOrdering()
    {
        using var lease = new Lease(this);
        return lease.Reader.LastOrdering();
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournalHead> Heads()
    {
        using var lease = new Lease(this);
        return lease.Reader.Heads();
    }

    /// <inheritdoc/>
    public bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null)
    {
        using var lease = new Lease(this);
        return lease.Reader.ReadSnapshot(persistenceId, maxSequenceNumber, (writtenBy ?? DateTime.MaxValue).Ticks, handler);
    }

    /// <inheritdoc/>
    public void ReadLatestSnapshots(JournalRowHandler handler)
    {
        using var lease = new Lease(this);
        lease.Reader.ReadLatestSnapshots(handler);
    }

    /// <inheritdoc/>
    public void CheckAlive()
    {
        if (broken is { } failed) throw Broken(failed);
        if (checkpointer.Failure is { } failure) throw new JournalException(failure.Failure, failure.Message, failure);
        // An open file still answers after it was deleted or its volume was removed.
        if (!File.Exists(Location)) throw new JournalException(JournalFailure.Unavailable, $"{Location}: the file is gone.");
        using var lease = new Lease(this);
        lease.Reader.Ping();
    }

    /// <summary>
    /// Reads every page and returns the faults with their positions, at most <paramref name="limit"/>; empty if there are none. Takes as
    /// long as reading the file.
    /// </summary>
    public IReadOnlyList<string> CheckIntegrity(int limit = 100)
    {
        using var lease = new Lease(this);
        return lease.Reader.CheckIntegrity(limit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (writing)
        {
            if (disposed) return;
            disposed = true;
        }
        checkpointer.Dispose();
        DisposeReaders();
        writer.Dispose(); // the last connection that closes copies the log into the database
    }

    private void DisposeReaders()
    {
        while (readers.TryTake(out var reader)) reader.Dispose();
    }

    private void Write<T>(ReadOnlySpan<T> items, Action<SqliteWriter, ReadOnlySpan<T>> write)
    {
        lock (writing)
        {
            BeginWriting();
            try
            {
                write(writer, items);
            }
            catch (JournalException e)
            {
                BreakIfHopeless(e);
                throw;
            }
            checkpointer.OnWritten(writer.TakePagesWritten());
        }
    }

    private void BeginWriting()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (broken is { } failed) throw Broken(failed);
    }

    /// <summary>
    /// Checks that the files exist. A deleted file accepts commits as long as it is open, and is gone when it is closed. So no commit
    /// returns before this check; if the files are missing, the committed data is written to another file.
    /// </summary>
    private void CheckThere()
    {
        if (File.Exists(Location) && File.Exists(log)) return;
        var gone = $"{Location}: the file or its log was removed or moved while it was in use.";
        JournalException failure;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Location)!);
            PrivateFiles.CreateEmpty(Location + RescuedEnding);
            writer.CopyTo(Location + RescuedEnding);
            failure = new JournalException(JournalFailure.Unavailable,
                $"{gone} Everything in it was copied to {Location + RescuedEnding}; rename that copy to the journal's name to continue.");
        }
        catch (Exception e) when (e is JournalException or IOException or UnauthorizedAccessException)
        {
            failure = new JournalException(JournalFailure.Unavailable, $"{gone} It could not be copied either: {e.Message}", e);
        }

        broken = failure;
        throw failure;
    }

    private void BreakIfHopeless(JournalException e)
    {
        if (e.Failure is JournalFailure.OutcomeUnknown or JournalFailure.Corrupt) broken = e;
    }

    private static JournalException Broken(JournalException failed) =>
        new(failed.Failure, $"There are no more commits after this failure: {failed.Message}", failed);

    /// <summary>A reader, leased for one call.</summary>
    private readonly ref struct Lease
    {
        private readonly SqliteJournalStore store;

        public Lease(SqliteJournalStore store)
        {
            ObjectDisposedException.ThrowIf(store.disposed, store);
            this.store = store;
            Reader = store.readers.TryTake(out var reader) ? reader : new SqliteReader(store.Location, store.options.LockTimeout);
        }

        public SqliteReader Reader { get; }

        public void Dispose()
        {
            if (store.readers.Count >= KeptReaders) Reader.Dispose();
            else store.readers.Add(Reader);
            if (store.disposed) store.DisposeReaders();
        }
    }
}
