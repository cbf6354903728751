using ActorTrading.Engine.Recovering;

namespace ActorTrading.Host.Nodes;

/// <summary>The progress and the result of a node's recovery. Thread-safe.</summary>
internal sealed class NodeRecovery : IProgress<RecoveryProgress>
{
    private readonly Lock sync = new();

    /// <summary>The progress; meaningful only during recovery.</summary>
    public RecoveryProgress Progress { get; private set; }

    /// <summary>The position of the last signal that recovery found.</summary>
    public long Signals { get; set; }

    /// <inheritdoc/>
    public void Report(RecoveryProgress value)
    {
        lock (sync)
        {
            if (value.Events > Progress.Events) Progress = value;
        }
    }
}
