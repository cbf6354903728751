namespace ActorTrading.Engine.Journal;

/// <summary>The columns of the three tables, in the order in which Akka.Persistence.Sql creates them.</summary>
internal static class JournalColumns
{
    public static readonly (string Table, string[] Columns)[] All =
    [
        ("journal",
            ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"]),
        ("tags", ["ordering_id", "tag", "sequence_nr", "persistence_id"]),
        ("snapshot", ["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"]),
    ];

    /// <summary>
    /// Throws if the table has other columns, because it was made for something else. The order of the columns does not matter.
    /// </summary>
    public static void Expect(string location, string table, string[] expected, IReadOnlyCollection<string> found)
    {
        if (expected.ToHashSet().SetEquals(found)) return;
        throw new JournalException(JournalFailure.Incompatible,
            $"{location}: table {table} is not the default table of Akka.Persistence.Sql: "
            + $"it has the columns {string.Join(", ", found)}, not {string.Join(", ", expected)}.");
    }
}
