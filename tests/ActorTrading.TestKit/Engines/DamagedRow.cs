using Microsoft.Data.Sqlite;

namespace ActorTrading.TestKit.Engines;

/// <summary>Kinds of damage to an event in a journal.</summary>
public enum RowDamage
{
    /// <summary>The event is missing.</summary>
    Missing,

    /// <summary>One bit of the event is flipped.</summary>
    Damaged,

    /// <summary>The event was written by a later version.</summary>
    FromTheFuture,
}

/// <summary>An event of a file journal, damaged until it is repaired. The journal may be open elsewhere at the same time.</summary>
public sealed class DamagedRow
{
    private readonly string file;
    private readonly object[] columns;

    public DamagedRow(string file, string persistenceId, long number, RowDamage how)
    {
        this.file = file;
        using var connection = Open();
        using var read = Command(
            connection, "SELECT * FROM journal WHERE persistence_id = $0 AND sequence_number = $1", persistenceId, number);
        using (var row = read.ExecuteReader())
        {
            Assert(row.Read());
            columns = new object[row.FieldCount];
            row.GetValues(columns);
        }

        using var write = how switch
        {
            RowDamage.Missing => Command(connection, "DELETE FROM journal WHERE ordering = $0", columns[0]),
            RowDamage.Damaged =>
                Command(connection, "UPDATE journal SET message = $1 WHERE ordering = $0", columns[0], Flipped((byte[])columns[5])),
            _ => Command(connection, "UPDATE journal SET manifest = 'sg9' WHERE ordering = $0", columns[0]),
        };
        Assert(write.ExecuteNonQuery() == 1);
    }

    /// <summary>Restores the event.</summary>
    public void Repair()
    {
        using var connection = Open();
        using var write = Command(
            connection, $"REPLACE INTO journal VALUES ({string.Join(", ", columns.Select((_, at) => $"${at}"))})", columns);
        Assert(write.ExecuteNonQuery() >= 1);
    }

    private static byte[] Flipped(byte[] message)
    {
        var flipped = message.ToArray();
        flipped[flipped.Length / 2] ^= 1;
        return flipped;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var at = 0; at < values.Length; at++) command.Parameters.AddWithValue($"${at}", values[at]);
        return command;
    }

    private static void Assert(bool isSo)
    {
        if (!isSo) throw new InvalidOperationException("The journal has no such event.");
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=60");
        connection.Open();
        return connection;
    }
}
