using ActorTrading.Connectors.Outbound;

namespace ActorTrading.Connectors.Tests.Outbound;

/// <summary>An external system in memory that stores messages, and fails on request.</summary>
internal sealed class MemoryTopic
{
    private readonly Lock sync = new();
    private readonly List<(ResultMessage Message, ResultPosition Delivered)> kept = [];
    private TaskCompletionSource open = Completed();

    /// <summary>The fate of a message: stored, stored but reported as failed, or lost.</summary>
    public Func<ResultMessage, Fate> FateOf { get; set; } = _ => Fate.Kept;

    /// <summary>Whether connections fail.</summary>
    public bool IsDown { get; set; }

    /// <summary>Number of connections opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Messages sent but not answered yet.</summary>
    public int Waiting { get; private set; }

    /// <summary>All stored messages, in order.</summary>
    public IReadOnlyList<ResultMessage> Messages
    {
        get
        {
            lock (sync) return [.. kept.Select(one => one.Message)];
        }
    }

    /// <summary>The same without duplicates, which a reader drops by id.</summary>
    public IReadOnlyList<ResultMessage> Distinct => [.. Messages.DistinctBy(message => message.Id)];

    public IResultTarget Connect() => new Target(this);

    /// <summary>Blocks answers until <see cref="Resume"/>.</summary>
    public void Stall() => open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => open.TrySetResult();

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private ResultPosition? End()
    {
        lock (sync)
        {
            if (IsDown) throw new IOException("It is down.");
            Opened++;
            return kept.Count == 0 ? null : kept.Max(one => one.Delivered);
        }
    }

    private async Task KeepAsync(ResultMessage message, ResultPosition delivered)
    {
        Fate fate;
        lock (sync)
        {
            if (IsDown) throw new IOException("It is down.");
            fate = FateOf(message);
            if (fate != Fate.Lost) kept.Add((message, delivered));
            Waiting++;
        }

        await open.Task;
        lock (sync) Waiting--;
        if (fate != Fate.Kept) throw new IOException("It is not known what became of it.");
    }

    internal enum Fate
    {
        Kept,
        KeptAndFailed,
        Lost,
    }

    private sealed class Target(MemoryTopic topic) : IResultTarget
    {
        private bool isBroken;

        public string Peer => "memory";

        public Task<ResultPosition?> OpenAsync(CancellationToken cancellation) => Task.Run(topic.End, cancellation);

        public async Task SendAsync(ResultMessage message, ResultPosition delivered)
        {
            if (isBroken) throw new IOException("It takes no more.");
            try
            {
                await topic.KeepAsync(message, delivered);
            }
            catch (IOException)
            {
                isBroken = true;
                throw;
            }
        }

        public ValueTask DisposeAsync() => default;
    }
}
