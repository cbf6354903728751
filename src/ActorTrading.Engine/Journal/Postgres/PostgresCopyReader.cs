using System.Buffers.Binary;
using Npgsql;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>
/// Reads the rows of a binary COPY in place, without an object per row or value.
/// Format: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
/// </summary>
internal sealed class PostgresCopyReader(Stream stream, int columns)
{
    private const int SignatureSize = 11;

    private readonly (int Start, int Length)[] fields = new (int, int)[columns];
    private byte[] buffer = new byte[1 << 17];
    private int start;
    private int end;
    private int row;
    private bool begun;

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Next()
    {
        if (!begun)
        {
            Need(SignatureSize + 8);
            int extension = Int(SignatureSize + 4);
            Need(SignatureSize + 8 + extension);
            start += SignatureSize + 8 + extension;
            begun = true;
        }
        Need(2);
        int count = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(start));
        if (count < 0) return false;
        if (count != columns) throw new NpgsqlException($"A row has {count} values; {columns} were requested.");
        int at = 2;
        for (int i = 0; i < columns; i++)
        {
            Need(at + 4);
            int length = Int(at);
            at += 4;
            fields[i] = (at, length);
            if (length > 0) at += length;
            Need(at);
        }
        row = start;
        start += at;
        return true;
    }

    /// <summary>The bytes of a value, valid until the next row; empty for NULL.</summary>
    public ReadOnlySpan<byte> Bytes(int column) =>
        fields[column] is (var from, > 0 and var length) ? buffer.AsSpan(row + from, length) : default;

    /// <summary>A bigint or an integer; 0 for NULL.</summary>
    public long Long(int column) => fields[column] switch
    {
        (var from, 8) => BinaryPrimitives.ReadInt64BigEndian(buffer.AsSpan(row + from)),
        (var from, 4) => Int(row + from - start),
        _ => 0,
    };

    private int Int(int offset) => BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start + offset));

    /// <summary>Ensures that this many bytes from the start of the row are in the buffer.</summary>
    private void Need(int count)
    {
        if (end - start >= count) return;
        if (buffer.Length - start < count)
        {
            var target = buffer.Length < count ? new byte[Math.Max(count, buffer.Length * 2)] : buffer;
            Buffer.BlockCopy(buffer, start, target, 0, end - start);
            (buffer, end, start) = (target, end - start, 0);
        }
        while (end - start < count)
        {
            int read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0) throw new NpgsqlException("The server's data ends in the middle of a row.");
            end += read;
        }
    }
}
