using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ActorTrading.Domain.Folding;

/// <summary>Hints to the processor's caches. Without effect on any result; nothing where the processor takes none.</summary>
internal static class CacheLines
{
    private const int Size = 64;

    /// <summary>Begins to fetch the memory of a span.</summary>
    public static unsafe void Prefetch<T>(ReadOnlySpan<T> span)
        where T : struct
    {
        if (!Sse.IsSupported) return;

        // The garbage collector may move the memory meanwhile: then a line is fetched in vain, and no harm is done.
        ref var first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(span));
        var bytes = span.Length * Unsafe.SizeOf<T>();
        for (var offset = 0; offset < bytes; offset += Size)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, offset)));
        }
    }

    /// <summary>Begins to fetch an object and what lies behind it.</summary>
    public static unsafe void PrefetchFrom(object first, int bytes)
    {
        if (!Sse.IsSupported) return;
        var address = *(byte**)Unsafe.AsPointer(ref first);
        for (var offset = 0; offset < bytes; offset += Size) Sse.Prefetch0(address + offset);
    }
}
