using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Snapshots;

/// <summary>A snapshot read back: views into the payload it was read from, which must outlive it.</summary>
public readonly ref struct SnapshotEnvelope
{
    internal SnapshotEnvelope(ReadOnlySpan<byte> planHash, Symbol symbol, long sequenceNr, ReadOnlySpan<byte> body)
    {
        PlanHash = planHash;
        Symbol = symbol;
        SequenceNr = sequenceNr;
        Body = body;
    }

    /// <summary>The plan under which the state came to be, 32 bytes. Under another plan the snapshot is worth nothing.</summary>
    public ReadOnlySpan<byte> PlanHash { get; }

    /// <summary>Whose state it is.</summary>
    public Symbol Symbol { get; }

    /// <summary>The number of the last event that the state contains.</summary>
    public long SequenceNr { get; }

    /// <summary>The state, as the Domain wrote it.</summary>
    public ReadOnlySpan<byte> Body { get; }
}
