using System.Runtime.CompilerServices;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Bytes;

/// <summary>Which seq a row expects, so that it need only write a difference.</summary>
internal static class SeqChain
{
    /// <summary>The seq expected after another: one more, but no seq stays no seq.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long After(long seq) => seq == Identity.None ? seq : seq + 1;
}
