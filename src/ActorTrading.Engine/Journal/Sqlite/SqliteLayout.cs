namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>
/// The tables that Akka.Persistence.Sql 1.5 creates on SQLite with its default settings (table-mapping "default", tags in their own table),
/// with exactly its names and types. We must not change them.
/// </summary>
internal static class SqliteLayout
{
    public const string Create = """
        CREATE TABLE IF NOT EXISTS journal (
            ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            created BigInt NOT NULL,
            deleted Bit NOT NULL,
            persistence_id NVarChar(255) NOT NULL,
            sequence_number BigInt NOT NULL,
            message VarBinary NOT NULL,
            manifest NVarChar(500) NULL,
            identifier INTEGER NULL,
            writer_uuid NVarChar(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
        CREATE INDEX IF NOT EXISTS journal_created_idx ON journal (created);
        CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal (sequence_number);
        CREATE TABLE IF NOT EXISTS tags (
            ordering_id INTEGER NOT NULL,
            tag NVarChar(64) NOT NULL,
            sequence_nr INTEGER NOT NULL,
            persistence_id NVarChar(255) NOT NULL,
            CONSTRAINT PK_tags PRIMARY KEY (ordering_id, tag));
        CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
        CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags (tag);
        CREATE TABLE IF NOT EXISTS snapshot (
            persistence_id NVarChar(255) NOT NULL,
            sequence_number BigInt NOT NULL,
            created BigInt NOT NULL,
            snapshot VarBinary NULL,
            manifest NVarChar(500) NULL,
            serializer_id INTEGER NULL,
            CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number);
        CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created);
        """;

    /// <summary>Creates missing tables; throws if tables with these names have another layout.</summary>
    public static void Ensure(SqliteDatabase database)
    {
        if (Columns(database, "journal").Count == 0 || Columns(database, "tags").Count == 0 || Columns(database, "snapshot").Count == 0)
        {
            database.Execute("BEGIN IMMEDIATE");
            try
            {
                Expect(database, mayBeMissing: true);
                database.Execute(Create);
                database.Execute("COMMIT");
            }
            catch
            {
                database.RollBack();
                throw;
            }
        }
        Expect(database, mayBeMissing: false);
    }

    private static void Expect(SqliteDatabase database, bool mayBeMissing)
    {
        foreach (var (table, expected) in JournalColumns.All)
        {
            var found = Columns(database, table);
            if (found.Count == 0 && mayBeMissing) continue;
            JournalColumns.Expect(database.Path, table, expected, found);
        }
        if (mayBeMissing) return;
        if (database.Number("SELECT count(*) FROM pragma_index_list('journal') WHERE name = 'journal_uq' AND \"unique\"") == 0)
            throw new JournalException(JournalFailure.Incompatible, $"{database.Path}: table journal has no unique index journal_uq.");
    }

    private static List<string> Columns(SqliteDatabase database, string table)
    {
        using var statement = database.Prepare($"SELECT name FROM pragma_table_info('{table}')");
        var names = new List<string>();
        while (statement.Step()) names.Add(statement.Text(0));
        return names;
    }
}
