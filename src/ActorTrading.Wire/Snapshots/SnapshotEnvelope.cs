using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Snapshots;

/// <summary>A decoded snapshot: views into the payload, which must stay valid.</summary>
public readonly ref struct SnapshotEnvelope
{
    internal SnapshotEnvelope(ReadOnlySpan<byte> planHash, Symbol symbol, long sequenceNr, ReadOnlySpan<byte> body)
    {
        PlanHash = planHash;
        Symbol = symbol;
        SequenceNr = sequenceNr;
        Body = body;
    }

    /// <summary>The hash of the plan that computed the state, 32 bytes. The snapshot cannot be used under another plan.</summary>
    public ReadOnlySpan<byte> PlanHash { get; }

    /// <summary>The symbol.</summary>
    public Symbol Symbol { get; }

    /// <summary>The sequence number of the last event that the state contains.</summary>
    public long SequenceNr { get; }

    /// <summary>The state as written by the Domain.</summary>
    public ReadOnlySpan<byte> Body { get; }
}
