using ActorTrading.Engine.Journal;

namespace ActorTrading.Cluster.Retention;

/// <summary>Whether this node could delete old events. Thread-safe.</summary>
internal sealed class RetentionHealth(ClusterOptions options)
{
    private JournalException? failure;

    /// <summary>Why the last deletion failed; null: it did not.</summary>
    public JournalException? Failure => Volatile.Read(ref failure);

    /// <summary>Notes a failed deletion.</summary>
    public void Failed(string why)
    {
        options.Meter?.DeletionFailed();
        Note(new JournalException(JournalFailure.Other, why));
    }

    /// <summary>Notes a pass without failures, or the end of this node's retention singleton.</summary>
    public void Whole()
    {
        if (failure is not null) Note(null);
    }

    private void Note(JournalException? outcome)
    {
        Volatile.Write(ref failure, outcome);
        options.OnRetention?.Invoke(outcome);
    }
}
