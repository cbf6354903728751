using Npgsql;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>Rows of queries with the columns of events or of snapshots.</summary>
internal static class PostgresRows
{
    private const int ColumnCount = 7;

    /// <summary>Passes the rows of a query to the handler; false if the handler stopped.</summary>
    public static bool Copy(NpgsqlConnection connection, string query, Utf8Names names, JournalRowHandler handler)
    {
        using var stream = connection.BeginRawBinaryCopy($"COPY ({query}) TO STDOUT (FORMAT BINARY)");
        var rows = new PostgresCopyReader(stream, ColumnCount);
        while (rows.Next())
        {
            var row = new JournalRow
            {
                Ordering = rows.Long(0),
                CreatedTicks = rows.Long(1),
                PersistenceId = names[rows.Bytes(2)],
                SequenceNumber = rows.Long(3),
                Payload = rows.Bytes(4),
                Manifest = names[rows.Bytes(5)],
                SerializerId = (int)rows.Long(6),
            };
            if (!handler(row)) return false;
        }
        return true;
    }

    /// <summary>Passes the current row to the handler; false if the handler stopped.</summary>
    public static bool Hand(NpgsqlDataReader reader, JournalRowHandler handler) => handler(new JournalRow
    {
        Ordering = reader.GetInt64(0),
        CreatedTicks = reader.GetInt64(1),
        PersistenceId = reader.GetString(2),
        SequenceNumber = reader.GetInt64(3),
        Payload = reader.IsDBNull(4) ? [] : reader.GetFieldValue<byte[]>(4),
        Manifest = reader.IsDBNull(5) ? "" : reader.GetString(5),
        SerializerId = reader.IsDBNull(6) ? 0 : reader.GetInt32(6),
    });
}
