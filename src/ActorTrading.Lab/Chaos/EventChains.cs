using System.Data.Common;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Journal.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Checks that each symbol has one chain of events, from its first event, with one event per sequence number, whichever nodes wrote them.
/// The node that wrote an event must know all earlier events; <see cref="Crashing.JournalAudit"/> checks the resulting state.
/// </summary>
internal static class EventChains
{
    private const string Query =
        """
        SELECT persistence_id, COUNT(*), COUNT(DISTINCT sequence_number), MAX(sequence_number), COUNT(DISTINCT writer_uuid)
        FROM journal GROUP BY persistence_id
        """;

    /// <summary>Counts the symbols, the symbols with a broken chain, and the writing nodes summed over all symbols.</summary>
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
