using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// Hints to the processor's caches: begin to fetch what will be needed soon. Without effect on any result; nothing where
/// the processor takes no hints. The garbage collector may move the memory meanwhile: then a line is fetched in vain.
/// </summary>
public static class CacheLines
{
    private const int Size = 64;

    /// <summary>Begins to fetch an object and what lies behind it, that many bytes in all.</summary>
    public static unsafe void Prefetch(object first, int bytes = Size)
    {
        if (!Sse.IsSupported) return;
        var address = *(byte**)Unsafe.AsPointer(ref first);
        for (var offset = 0; offset < bytes; offset += Size) Sse.Prefetch0(address + offset);
    }

    /// <summary>Begins to fetch a value where it lies.</summary>
    public static unsafe void Prefetch<T>(ref readonly T value)
        where T : struct
    {
        if (!Sse.IsSupported) return;
        var address = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in value));
        for (var offset = 0; offset < Unsafe.SizeOf<T>(); offset += Size) Sse.Prefetch0(address + offset);
    }

    /// <summary>Begins to fetch a word.</summary>
    internal static unsafe void Prefetch(ref long word)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref word));
    }
}
