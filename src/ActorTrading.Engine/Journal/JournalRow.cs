namespace ActorTrading.Engine.Journal;

/// <summary>
/// A stored event or snapshot, read in place: valid only until the handler that received it returns. A database shared with an Akka.NET
/// cluster also contains rows of other serializers, which the reader skips.
/// </summary>
public readonly ref struct JournalRow
{
    /// <summary>The event's position among all events, increasing with gaps, from 1; 0 for a snapshot.</summary>
    public long Ordering { get; init; }

    /// <summary>The persistence id. Within one read call, equal ids are the same string object.</summary>
    public string PersistenceId { get; init; }

    /// <summary>The event's number within the id, from 1; for a snapshot, the number of the last event that it covers.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>The type of the payload, as named by its serializer.</summary>
    public string Manifest { get; init; }

    /// <summary>
    /// The serializer of the payload: <see cref="Wire.Events.EventManifests.SerializerId"/> for ours; 0 if the row has none.
    /// </summary>
    public int SerializerId { get; init; }

    /// <summary>Time of writing, by the writer's clock: ticks of 100 ns of a UTC <see cref="DateTime"/>.</summary>
    public long CreatedTicks { get; init; }

    /// <summary>The bytes as they were written.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }
}

/// <summary>Handles a row; returns whether to continue. Must not call the store that is reading.</summary>
public delegate bool JournalRowHandler(in JournalRow row);
