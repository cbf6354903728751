namespace ActorTrading.Engine.Journal;

/// <summary>
/// An event or a snapshot to be written. The bytes are read during the call and not kept.
/// </summary>
/// <param name="PersistenceId">Whose it is: 1 to <see cref="MaxIdLength"/> characters.</param>
/// <param name="SequenceNumber">Of an event: its number within the id, from 1. Of a snapshot: of the last event it covers.</param>
/// <param name="Manifest">What the bytes are: see <see cref="Wire.Events.EventManifests"/>.</param>
/// <param name="Payload">The bytes, written as they are.</param>
public readonly record struct JournalEntry(string PersistenceId, long SequenceNumber, string Manifest, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Characters in a persistence id, at most: the width of the column.</summary>
    public const int MaxIdLength = 255;

    /// <summary>Refuses what no row can hold, before anything is written.</summary>
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
