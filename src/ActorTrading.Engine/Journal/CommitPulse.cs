using System.Runtime.CompilerServices;

namespace ActorTrading.Engine.Journal;

/// <summary>Wakes those who wait for the next commit; costs nothing while nobody does. Safe for any number of threads.</summary>
internal sealed class CommitPulse
{
    private TaskCompletionSource? awaited;
    private volatile bool isOver;
    private Exception? end;

    /// <summary>Whether no commit will come any more. Throws when that is because the engine has failed.</summary>
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
    /// What pages bring, to where there is no more, and what comes then, until nothing more will come. A page is read
    /// into a list that is always the same; false says that there is none for now.
    /// </summary>
    /// <param name="look">After how long without a commit it is looked nevertheless; infinite for never.</param>
    public async IAsyncEnumerable<T> FollowAsync<T>(
        Func<CancellationToken, Task<bool>> readPage, IReadOnlyList<T> page, TimeSpan look,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            // Asked for before reading, so that no commit falls between.
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

    /// <summary>Nothing more will come.</summary>
    public void End(Exception? cause)
    {
        end = cause;
        isOver = true;
        Beat();
    }
}
