namespace ActorTrading.Engine.Journal;

/// <summary>An event or a snapshot to write. The payload is read during the call and not kept.</summary>
/// <param name="PersistenceId">The persistence id: 1 to <see cref="MaxIdLength"/> characters.</param>
/// <param name="SequenceNumber">
/// For an event: its number within the id, from 1. For a snapshot: the number of the last event that it covers.
/// </param>
/// <param name="Manifest">The type of the payload, see <see cref="Wire.Events.EventManifests"/>.</param>
/// <param name="Payload">The bytes, written unchanged.</param>
public readonly record struct JournalEntry(string PersistenceId, long SequenceNumber, string Manifest, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Maximum length of a persistence id, in characters: the width of the column.</summary>
    public const int MaxIdLength = 255;

    /// <summary>Throws if an entry does not fit into a row, before anything is written.</summary>
    internal static void Check(ReadOnlySpan<JournalEntry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.PersistenceId is not { Length: > 0 and <= MaxIdLength })
                throw new ArgumentException($"A persistence id has 1 to {MaxIdLength} characters.", nameof(entries));
            if (entry.PersistenceId.Contains('\0'))
                throw new ArgumentException("A persistence id holds no NUL.", nameof(entries));
            if (entry.SequenceNumber < 1)
                throw new ArgumentException(
                    $"Sequence numbers begin at 1; '{entry.PersistenceId}' was given {entry.SequenceNumber}.", nameof(entries));
            if (entry.Manifest is null)
                throw new ArgumentException($"Event {entry.SequenceNumber} of '{entry.PersistenceId}' has no manifest.", nameof(entries));
        }
    }
}
