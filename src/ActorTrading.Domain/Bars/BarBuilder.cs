using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Bars;

/// <summary>
/// Builds the bars of one frame in a symbol's words. Buckets are left-closed and stamped at their start. An empty bucket gives no bar. At
/// most one bar is open. Not thread-safe for one symbol's words.
/// </summary>
public sealed class BarBuilder
{
    /// <summary>Number of words of a bar.</summary>
    public static readonly int BarWords = Unsafe.SizeOf<Bar>() / sizeof(long);

    /// <summary>The first words of a builder, which hold the open bar.</summary>
    internal static readonly int WordsOfOpenBar = BarWords + 1;

    private const long NoneOpen = long.MaxValue;

    private readonly int open;
    private readonly IntegerCell end;

    /// <summary>Creates a builder for that frame.</summary>
    public BarBuilder(StateLayout layout, Frame frame)
    {
        Frame = frame;
        end = layout.Integer();
        open = layout.Take(BarWords);
        LastBar = layout.Take(BarWords);
    }

    /// <summary>The length of the bars.</summary>
    public Frame Frame { get; }

    /// <summary>Offset of the last closed bar in the words; see <see cref="Bar.IsThere"/>.</summary>
    public int LastBar { get; }

    /// <summary>The open bar.</summary>
    public ref Bar Open(Span<long> words) => ref At(words, open);

    /// <summary>The last closed bar.</summary>
    public ref Bar Last(Span<long> words) => ref At(words, LastBar);

    /// <summary>End of the open bar; the maximum time if none is open.</summary>
    public long End(Span<long> words) => end.In(words);

    /// <summary>Whether a bar is open.</summary>
    public bool IsOpen(Span<long> words) => end.In(words) != NoneOpen;

    /// <summary>Initialises the words: no open bar.</summary>
    internal void Initialize(Span<long> words) => end.In(words) = NoneOpen;

    /// <summary>Opens a bar. Its first price is in <paramref name="first"/>; its start is the bucket's start.</summary>
    public void Begin(Span<long> words, in Bucket bucket, in Bar first)
    {
        ref var bar = ref Open(words);
        bar = first;
        bar.OpenTime = bucket.Start;
        bar.Session = bucket.Session;
        end.In(words) = bucket.End;
    }

    /// <summary>Closes the open bar; it becomes the last closed bar.</summary>
    public void Close(Span<long> words)
    {
        Last(words) = Open(words);
        end.In(words) = NoneOpen;
        Open(words) = default;
    }

    /// <summary>The bar at that offset of the words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref Bar At(Span<long> words, int offset) =>
        ref Unsafe.As<long, Bar>(ref MemoryMarshal.GetReference(words.Slice(offset, BarWords)));
}
