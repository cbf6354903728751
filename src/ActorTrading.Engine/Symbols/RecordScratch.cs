using ActorTrading.Domain.Records;

namespace ActorTrading.Engine.Symbols;

/// <summary>Room for the records of one event; small enough, mostly, to stay in the cache.</summary>
internal sealed class RecordScratch
{
    private Record[] room = new Record[256];

    /// <summary>Room for so many; what is in it is of no meaning.</summary>
    public Span<Record> Of(int count)
    {
        if (room.Length < count) room = new Record[Math.Max(count, 2 * room.Length)];
        return room.AsSpan(0, count);
    }
}
