using System.Data.Common;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Journal.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Whether each symbol has one chain of events, from its first on, with one event at each number, whichever nodes have written
/// them. Each event was decided by who knew all before it: what that came to is for <see cref="Crashing.JournalAudit"/>.
/// </summary>
internal static class EventChains
{
    private const string Query =
        """
        SELECT persistence_id, COUNT(*), COUNT(DISTINCT sequence_number), MAX(sequence_number), COUNT(DISTINCT writer_uuid)
        FROM journal GROUP BY persistence_id
        """;

    /// <summary>Counts symbols, those whose chain is broken, and the nodes that have written, summed over all symbols.</summary>
    public static (long Symbols, long Broken, long Writers) Count(string? postgres, string file)
    {
        using DbConnection connection = postgres is null
            ? new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly")
            : new NpgsqlConnection(PostgresAddress.Parse(postgres).ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Query;
        using var rows = command.ExecuteReader();
        var (symbols, broken, writers) = (0L, 0L, 0L);
        while (rows.Read())
        {
            if (PersistenceIds.SymbolOf(rows.GetString(0)) is null) continue;
            symbols++;
            var last = rows.GetInt64(3);
            if (rows.GetInt64(1) != last || rows.GetInt64(2) != last) broken++;
            writers += rows.GetInt64(4);
        }

        return (symbols, broken, writers);
    }
}
