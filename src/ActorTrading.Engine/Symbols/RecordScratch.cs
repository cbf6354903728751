using ActorTrading.Domain.Records;

namespace ActorTrading.Engine.Symbols;

/// <summary>Reusable buffer for the records of one event; usually small enough to stay in the cache.</summary>
internal sealed class RecordScratch
{
    private Record[] room = new Record[256];

    /// <summary>A buffer for <paramref name="count"/> records with undefined content.</summary>
    public Span<Record> Of(int count)
    {
        if (room.Length < count) room = new Record[Math.Max(count, 2 * room.Length)];
        return room.AsSpan(0, count);
    }
}
