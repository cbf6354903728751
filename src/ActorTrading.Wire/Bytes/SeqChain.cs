using System.Runtime.CompilerServices;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Bytes;

/// <summary>The expected seq of a row, so that only a difference is written.</summary>
internal static class SeqChain
{
    /// <summary>The seq expected after another one: one more; after no seq again no seq.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long After(long seq) => seq == Identity.None ? seq : seq + 1;
}
