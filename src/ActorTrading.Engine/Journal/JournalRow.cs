namespace ActorTrading.Engine.Journal;

/// <summary>
/// An event or a snapshot as it is stored, seen in place: valid only until the handler that it was given to returns.
/// A database shared with an Akka.NET cluster also holds rows of other serializers, which the reader passes over.
/// </summary>
public readonly ref struct JournalRow
{
    /// <summary>The event's place among all events, growing with gaps, from 1; 0 for a snapshot.</summary>
    public long Ordering { get; init; }

    /// <summary>Whose it is. The same string each time, within one call that reads.</summary>
    public string PersistenceId { get; init; }

    /// <summary>The event's number within the id, from 1; for a snapshot, that of the last event it covers.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>What the payload is, in the words of its serializer.</summary>
    public string Manifest { get; init; }

    /// <summary>
    /// Who wrote the payload: <see cref="Wire.Events.EventManifests.SerializerId"/> if it is ours; 0 if the row does not say.
    /// </summary>
    public int SerializerId { get; init; }

    /// <summary>When it was written, by the writer's clock: ticks of 100 ns of a UTC <see cref="DateTime"/>.</summary>
    public long CreatedTicks { get; init; }

    /// <summary>The bytes as they were given.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }
}

/// <summary>Takes a row; returns whether to read on. Must not call the store that reads.</summary>
public delegate bool JournalRowHandler(in JournalRow row);
