using ActorTrading.Domain.Records;

namespace ActorTrading.Engine;

/// <summary>
/// A live event: a closed bar, a late record, or a folded record (after the bars that it closed). <see cref="Missed"/>: number of events
/// that were dropped before this one.
/// </summary>
public sealed record LiveEvent(BarClosed? Bar = null, Record? Late = null, long Missed = 0, Record? Tick = null)
{
    private EncodedOnce encoded;

    /// <summary>
    /// The encoded event. The first reader encodes it, and all other readers share these bytes: all readers of an engine use the same
    /// encoding.
    /// </summary>
    public ReadOnlyMemory<byte> EncodedBy(Func<LiveEvent, byte[]> encode) => encoded.Bytes ??= encode(this);

    /// <summary>Excluded from the equality of events: all instances are equal.</summary>
    private struct EncodedOnce : IEquatable<EncodedOnce>
    {
        public byte[]? Bytes;

        public readonly bool Equals(EncodedOnce other) => true;

        public override readonly bool Equals(object? obj) => obj is EncodedOnce;

        public override readonly int GetHashCode() => 0;
    }
}
