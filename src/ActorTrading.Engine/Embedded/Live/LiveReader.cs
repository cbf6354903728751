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

    public bool WantsBars(Symbol symbol, Frame frame) =>
        filter.Bars && WantsSymbol(symbol) && (filter.Frames is null || filter.Frames.Contains(frame));

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
                    if (missed > 0) next = next with { Missed = missed };
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
