namespace ActorTrading.Engine.Embedded;

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
