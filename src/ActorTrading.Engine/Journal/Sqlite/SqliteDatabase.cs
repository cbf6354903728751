using SQLitePCL;

namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>One connection to a database file. Not thread-safe.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int CacheWrites = 9; // SQLITE_DBSTATUS_CACHE_WRITE: pages written, to the log or to the file
    private readonly sqlite3 handle;

    static SqliteDatabase() => Batteries_V2.Init();

    public SqliteDatabase(string path, TimeSpan lockTimeout, bool create = false)
    {
        Path = path;
        int result = raw.sqlite3_open_v2(path, out handle,
            raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (create ? raw.SQLITE_OPEN_CREATE : 0), null);
        try
        {
            Check(result);
            raw.sqlite3_extended_result_codes(handle, 1);
            Check(raw.sqlite3_busy_timeout(handle, (int)lockTimeout.TotalMilliseconds));
            // cell_size_check finds a damaged page when it is read; fullfsync is what macOS needs for a true fsync.
            Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA cell_size_check = ON; "
                + "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>Pages written since the last call.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(handle, CacheWrites, out int pages, out _, 1));
        return pages;
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(handle, sql));

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new SqliteStatement(this, statement);
    }

    /// <summary>The first column of the first row.</summary>
    public long Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>As <see cref="Number"/>, of text.</summary>
    public string Text(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>
    /// Copies the write-ahead log into the database as far as possible, without waiting for other connections and without blocking them.
    /// Returns the number of pages that could not be copied yet.
    /// </summary>
    public int Checkpoint()
    {
        int result = raw.sqlite3_wal_checkpoint_v2(handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out int inLog, out int copied);
        if ((result & 0xff) == raw.SQLITE_BUSY) return Math.Max(1, inLog - copied);
        Check(result);
        return inLog - copied;
    }

    /// <summary>Rolls back the transaction, if there is one; many failures have already ended it.</summary>
    public void RollBack() => raw.sqlite3_exec(handle, "ROLLBACK");

    public void Check(int result)
    {
        if (result != raw.SQLITE_OK) throw Failure(result);
    }

    /// <summary>The exception for a result code.</summary>
    public JournalException Failure(int result)
    {
        string text = raw.sqlite3_errmsg(handle).utf8_to_string();
        var failure = (result & 0xff) switch
        {
            raw.SQLITE_FULL => JournalFailure.Full,
            raw.SQLITE_READONLY or raw.SQLITE_PERM => JournalFailure.ReadOnly,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => JournalFailure.Locked,
            raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN => JournalFailure.Unavailable,
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => JournalFailure.Corrupt,
            _ => JournalFailure.Other,
        };
        return new JournalException(failure, $"{Path}: {text} (SQLite result {result}).");
    }

    public void Dispose() => handle.Dispose();
}
