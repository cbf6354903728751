using Npgsql;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>
/// The tables that Akka.Persistence.Sql 1.5 creates on PostgreSQL with its default settings (table-mapping "default", tags in their own
/// table, provider "PostgreSQL.15"), with exactly its names and types. We must not change them.
/// </summary>
internal static class PostgresLayout
{
    private const string Create = """
        CREATE TABLE IF NOT EXISTS journal (
            ordering bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
            created bigint NOT NULL,
            deleted boolean NOT NULL,
            persistence_id text NOT NULL,
            sequence_number bigint NOT NULL,
            message bytea NOT NULL,
            manifest text NULL,
            identifier integer NULL,
            writer_uuid text NULL,
            CONSTRAINT "PK_journal" PRIMARY KEY (ordering),
            CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS journal_created_idx ON journal (created);
        CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal (sequence_number);
        CREATE TABLE IF NOT EXISTS tags (
            ordering_id bigint NOT NULL,
            tag text NOT NULL,
            sequence_nr bigint NOT NULL,
            persistence_id text NOT NULL,
            CONSTRAINT "PK_tags" PRIMARY KEY (ordering_id, tag));
        CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
        CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags (tag);
        CREATE TABLE IF NOT EXISTS snapshot (
            persistence_id text NOT NULL,
            sequence_number bigint NOT NULL,
            created bigint NOT NULL,
            snapshot bytea NULL,
            manifest text NULL,
            serializer_id integer NULL,
            CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number);
        CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created);
        """;

    // Prevents that two nodes that start at the same time both create the tables: IF NOT EXISTS alone does not prevent it.
    private const string TakeTurns = "SELECT pg_advisory_xact_lock(7421, 1)";

    /// <summary>Creates missing tables; throws if tables with these names have another layout.</summary>
    public static void Ensure(NpgsqlConnection connection, string location)
    {
        if (!Expect(connection, location))
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, TakeTurns);
            Execute(connection, Create);
            transaction.Commit();
            Expect(connection, location);
        }
        using var unique = new NpgsqlCommand(
            "SELECT count(*) FROM pg_constraint WHERE conrelid = to_regclass('journal') AND conname = 'journal_uq' AND contype = 'u'",
            connection);
        if ((long)unique.ExecuteScalar()! == 0)
            throw new JournalException(JournalFailure.Incompatible, $"{location}: table journal has no unique constraint journal_uq.");
    }

    private static bool Expect(NpgsqlConnection connection, string location)
    {
        bool complete = true;
        foreach (var (table, expected) in JournalColumns.All)
        {
            using var command = new NpgsqlCommand($"SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('{table}') "
                + "AND attnum > 0 AND NOT attisdropped ORDER BY attnum", connection);
            var found = new List<string>();
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read()) found.Add(reader.GetString(0));
            }
            if (found.Count == 0) complete = false;
            else JournalColumns.Expect(location, table, expected, found);
        }
        return complete;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
