using System.Runtime.CompilerServices;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Embedded.Live;

/// <summary>One who looks on: a ring of what it has not read yet, which forgets the oldest when it is full and counts what it forgot.</summary>
internal sealed class LiveReader(LiveFilter filter, int capacity)
{
    private readonly Lock sync = new();
    private readonly Queue<LiveEvent> unread = new();
    private TaskCompletionSource? awaited;
    private long missed;
    private bool isOver;
    private Exception? end;

    public LiveFilter Filter => filter;

    /// <summary>Whether it reads for somebody elsewhere.</summary>
    public bool IsRelay { get; init; }

    /// <summary>What lets through all that one of two lets through, and perhaps more.</summary>
    public static LiveFilter Either(LiveFilter one, LiveFilter other) => new(
        one.Symbols is null || other.Symbols is null ? null : one.Symbols.Union(other.Symbols).ToHashSet(),
        one.Frames is null || other.Frames is null ? null : one.Frames.Union(other.Frames).ToHashSet(),
        one.Bars || other.Bars, one.Late || other.Late, one.Ticks || other.Ticks);

    public bool WantsBars(Symbol symbol, Frame frame) =>
        filter.Bars && WantsSymbol(symbol) && (filter.Frames?.Contains(frame) ?? (filter.TickBars || frame != Frame.Tick));

    public bool WantsLate(Symbol symbol) => filter.Late && WantsSymbol(symbol);

    public bool WantsTicks(Symbol symbol) => filter.Ticks && WantsSymbol(symbol);

    public bool Wants(LiveEvent happened) => happened switch
    {
        { Bar: { } bar } => WantsBars(bar.Symbol, bar.Frame),
        { Late: { } late } => WantsLate(late.Symbol),
        _ => WantsTicks(happened.Tick!.Value.Symbol),
    };

    public void Offer(LiveEvent happened)
    {
        TaskCompletionSource? wake;
        lock (sync)
        {
            if (unread.Count == capacity)
            {
                unread.Dequeue();
                missed++;
            }

            unread.Enqueue(happened);
            (wake, awaited) = (awaited, null);
        }

        wake?.TrySetResult();
    }

    public void End(Exception? cause)
    {
        TaskCompletionSource? wake;
        lock (sync)
        {
            (isOver, end) = (true, cause);
            (wake, awaited) = (awaited, null);
        }

        wake?.TrySetResult();
    }

    public async IAsyncEnumerable<LiveEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            LiveEvent? next;
            lock (sync)
            {
                if (unread.TryDequeue(out next))
                {
                    if (missed > 0) next = next with { Missed = next.Missed + missed };
                    missed = 0;
                    wait = Task.CompletedTask;
                }
                else
                {
                    if (end is not null) throw end;
                    if (isOver) yield break;
                    awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    wait = awaited.Task;
                }
            }

            if (next is null) await wait.WaitAsync(cancellation).ConfigureAwait(false);
            else yield return next;
        }
    }

    private bool WantsSymbol(Symbol symbol) => filter.Symbols is null || filter.Symbols.Contains(symbol);
}
