using System.Text;
using SQLitePCL;

namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>A prepared statement. Bound values are kept between runs. Not thread-safe.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    private const int ShortText = 256;

    public void Bind(int parameter, long value) => database.Check(raw.sqlite3_bind_int64(handle, parameter, value));

    public void Bind(int parameter, ReadOnlySpan<byte> blob) =>
        // An empty span may be a null pointer, which would be bound as NULL.
        database.Check(blob.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : raw.sqlite3_bind_blob(handle, parameter, blob));

    public void Bind(int parameter, string text)
    {
        Span<byte> room = stackalloc byte[ShortText * 3];
        var utf8 = text.Length <= ShortText ? room[..Encoding.UTF8.GetBytes(text, room)] : Encoding.UTF8.GetBytes(text);
        database.Check(raw.sqlite3_bind_text(handle, parameter, utf8));
    }

    /// <summary>Moves to the next row; false at the end. A failed statement is reset.</summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW) return true;
        if (result == raw.SQLITE_DONE) return false;
        var failure = database.Failure(result);
        raw.sqlite3_reset(handle);
        throw failure;
    }

    /// <summary>Runs a statement that returns no rows, and resets it for the next run.</summary>
    public void Run()
    {
        Step();
        raw.sqlite3_reset(handle);
    }

    /// <summary>Like <see cref="Run"/>, but returns the result code instead of throwing.</summary>
    public int TryRun()
    {
        int result = raw.sqlite3_step(handle);
        raw.sqlite3_reset(handle);
        return result;
    }

    /// <summary>Ends a run, and with it its read transaction.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>The bytes of a blob or of a UTF-8 text, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public void Dispose() => handle.Dispose();
}
