using System.Runtime.CompilerServices;
using ActorTrading.Domain.Values;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// A reader of symbol states: for each symbol, the newest state that it has not read yet, in the order of their first unread change.
/// Thread-safe.
/// </summary>
internal sealed class StateReader
{
    private readonly Lock sync = new();
    private readonly Dictionary<Symbol, ReadOnlyMemory<byte>> unread = [];
    private readonly Queue<Symbol> order = new();
    private TaskCompletionSource? awaited;
    private bool isOver;
    private Exception? end;

    /// <summary>Called when the state of a symbol has changed.</summary>
    public void Offer(Symbol symbol, ReadOnlyMemory<byte> json)
    {
        lock (sync)
        {
            if (!unread.ContainsKey(symbol)) order.Enqueue(symbol);
            unread[symbol] = json;
            Wake();
        }
    }

    /// <summary>Called when there are no more states.</summary>
    public void End(Exception? cause)
    {
        lock (sync)
        {
            (isOver, end) = (true, cause);
            Wake();
        }
    }

    /// <summary>Reads the states as JSON.</summary>
    public async IAsyncEnumerable<(Symbol Symbol, ReadOnlyMemory<byte> Json)> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            Task? wait = null;
            (Symbol, ReadOnlyMemory<byte>) next = default;
            lock (sync)
            {
                if (order.TryDequeue(out var symbol))
                {
                    unread.Remove(symbol, out var json);
                    next = (symbol, json);
                }
                else
                {
                    if (end is not null) throw end;
                    if (isOver) yield break;
                    wait = (awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
            }

            if (wait is null) yield return next;
            else await wait.WaitAsync(cancellation);
        }
    }

    private void Wake()
    {
        awaited?.TrySetResult();
        awaited = null;
    }
}
