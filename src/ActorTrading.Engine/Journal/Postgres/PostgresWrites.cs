using ActorTrading.Wire.Events;
using Npgsql;
using NpgsqlTypes;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>The statements that write events and snapshots.</summary>
internal static class PostgresWrites
{
    private const int SnapshotsPerInsert = 500;

    private const string CopyEvents = "COPY journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, "
        + "writer_uuid) FROM STDIN (FORMAT BINARY)";

    /// <summary>Writes events by binary COPY.</summary>
    public static void Events(NpgsqlConnection connection, long created, string writerUuid, ReadOnlySpan<JournalEntry> events)
    {
        using var rows = connection.BeginBinaryImport(CopyEvents);
        foreach (ref readonly var entry in events)
        {
            rows.StartRow();
            rows.Write(created, NpgsqlDbType.Bigint);
            rows.Write(false, NpgsqlDbType.Boolean);
            rows.Write(entry.PersistenceId, NpgsqlDbType.Text);
            rows.Write(entry.SequenceNumber, NpgsqlDbType.Bigint);
            rows.Write(entry.Payload, NpgsqlDbType.Bytea);
            rows.Write(entry.Manifest, NpgsqlDbType.Text);
            rows.Write(EventManifests.SerializerId, NpgsqlDbType.Integer);
            rows.Write(writerUuid, NpgsqlDbType.Text);
        }
        rows.Complete();
    }

    /// <summary>Writes snapshots; one with a number that exists is replaced.</summary>
    public static void Snapshots(NpgsqlConnection connection, long created, ReadOnlySpan<JournalEntry> snapshots)
    {
        for (var rest = snapshots; !rest.IsEmpty; rest = rest[Math.Min(SnapshotsPerInsert, rest.Length)..])
            Insert(connection, created, rest[..Math.Min(SnapshotsPerInsert, rest.Length)]);
    }

    private static void Insert(NpgsqlConnection connection, long created, ReadOnlySpan<JournalEntry> snapshots)
    {
        var ids = new string[snapshots.Length];
        var numbers = new long[snapshots.Length];
        var payloads = new byte[snapshots.Length][];
        var manifests = new string[snapshots.Length];
        for (int i = 0; i < snapshots.Length; i++)
        {
            ref readonly var entry = ref snapshots[i];
            (ids[i], numbers[i], payloads[i], manifests[i]) =
                (entry.PersistenceId, entry.SequenceNumber, entry.Payload.ToArray(), entry.Manifest);
        }
        // Of two snapshots with the same number the later one wins, also within one call.
        using var command = new NpgsqlCommand("""
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
            SELECT DISTINCT ON (id, number) id, number, $5, payload, manifest, $6
            FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::text[]) WITH ORDINALITY AS given(id, number, payload, manifest, place)
            ORDER BY id, number, place DESC
            ON CONFLICT (persistence_id, sequence_number) DO UPDATE
            SET created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest,
                serializer_id = excluded.serializer_id
            """, connection)
        {
            Parameters =
            {
                new() { Value = ids }, new() { Value = numbers }, new() { Value = payloads }, new() { Value = manifests },
                new() { Value = created }, new() { Value = EventManifests.SerializerId },
            },
        };
        command.ExecuteNonQuery();
    }
}
