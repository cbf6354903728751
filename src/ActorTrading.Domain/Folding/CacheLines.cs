using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// Cache prefetch hints: start loading memory that will be needed soon. They never change a result and do nothing on processors without
/// prefetch. If the garbage collector moves the memory meanwhile, the prefetched line is wasted.
/// </summary>
public static class CacheLines
{
    private const int Size = 64;

    /// <summary>Prefetches an object and the memory behind it, that many bytes in all.</summary>
    public static unsafe void Prefetch(object first, int bytes = Size)
    {
        if (!Sse.IsSupported) return;
        var address = *(byte**)Unsafe.AsPointer(ref first);
        for (var offset = 0; offset < bytes; offset += Size) Sse.Prefetch0(address + offset);
    }

    /// <summary>Prefetches a value in place.</summary>
    public static unsafe void Prefetch<T>(ref readonly T value)
        where T : struct
    {
        if (!Sse.IsSupported) return;
        var address = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in value));
        for (var offset = 0; offset < Unsafe.SizeOf<T>(); offset += Size) Sse.Prefetch0(address + offset);
    }

    /// <summary>Prefetches a word.</summary>
    internal static unsafe void Prefetch(ref long word)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref word));
    }
}
