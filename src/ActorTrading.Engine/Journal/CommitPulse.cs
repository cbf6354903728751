using System.Runtime.CompilerServices;

namespace ActorTrading.Engine.Journal;

/// <summary>Signal for waiting readers at each commit; costs nothing without waiting readers. Thread-safe.</summary>
internal sealed class CommitPulse
{
    private TaskCompletionSource? awaited;
    private volatile bool isOver;
    private Exception? end;

    /// <summary>Whether no more commits will come. Throws if the engine has failed.</summary>
    public bool IsOver => isOver && end is { } cause ? throw cause : isOver;

    /// <summary>Completes at the next commit, or when there will be none.</summary>
    public Task Next
    {
        get
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var task = (Interlocked.CompareExchange(ref awaited, mine, null) ?? mine).Task;
            if (isOver) Beat();
            return task;
        }
    }

    /// <summary>
    /// Yields the items of all pages, then new items after each commit, until no more commits will come. Each page is read into the same
    /// list; false means that there is no page for now.
    /// </summary>
    /// <param name="look">Polling interval for reading without a commit; infinite for never.</param>
    public async IAsyncEnumerable<T> FollowAsync<T>(
        Func<CancellationToken, Task<bool>> readPage, IReadOnlyList<T> page, TimeSpan look,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            // Taken before reading, so that no commit is missed in between.
            var (next, isOver) = (Next, IsOver);
            while (await readPage(cancellation).ConfigureAwait(false))
            {
                foreach (var one in page) yield return one;
            }

            if (isOver) yield break;
            await next.WaitAsync(look, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A commit is durable.</summary>
    public void Beat()
    {
        if (Volatile.Read(ref awaited) is not null) Interlocked.Exchange(ref awaited, null)?.TrySetResult();
    }

    /// <summary>No more commits will come.</summary>
    public void End(Exception? cause)
    {
        end = cause;
        isOver = true;
        Beat();
    }
}
