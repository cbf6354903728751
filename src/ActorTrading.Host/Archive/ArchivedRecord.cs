using ActorTrading.Domain.Records;

namespace ActorTrading.Host.Archive;

/// <summary>
/// A record of a journal with the position of its event and its index within the event. Ordering by both gives the order of acceptance.
/// </summary>
internal readonly record struct ArchivedRecord(Record Record, long Position, int Ordinal) : IComparable<ArchivedRecord>
{
    public int CompareTo(ArchivedRecord other) =>
        Position != other.Position ? Position.CompareTo(other.Position) : Ordinal.CompareTo(other.Ordinal);
}
