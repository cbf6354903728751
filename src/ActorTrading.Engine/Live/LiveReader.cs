using System.Runtime.CompilerServices;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Engine.Live;

/// <summary>A reader of live events: a ring buffer of unread events. When it is full, the oldest event is dropped and counted.</summary>
internal sealed class LiveReader(LiveFilter filter, int capacity)
{
    private readonly Lock sync = new();
    private readonly Queue<LiveEvent> unread = new();
    private TaskCompletionSource? awaited;
    private long missed;
    private bool isOver;
    private Exception? end;

    /// <summary>Set by the hub only.</summary>
    public LiveFilter Filter { get; set; } = filter;

    /// <summary>Whether it relays to another node.</summary>
    public bool IsRelay { get; init; }

    /// <summary>The symbols under which the hub has indexed it. Used by the hub only.</summary>
    public SymbolScope Scope { get; set; } = SymbolScope.All;

    /// <summary>Called when the symbols that it may see have changed; null if they cannot change. Used by the hub only.</summary>
    public Action? OnScopeChanged { get; set; }

    /// <summary>Whether it wants the bars of a frame, if it wants bars at all.</summary>
    public bool WantsBars(Frame frame) => Filter.Frames?.Contains(frame) ?? (Filter.TickBars || frame != Frame.Tick);

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
}
