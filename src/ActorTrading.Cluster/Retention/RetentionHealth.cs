using ActorTrading.Engine.Journal;

namespace ActorTrading.Cluster.Retention;

/// <summary>Whether old events can be deleted, as far as this node has tried. Safe for any number of threads.</summary>
internal sealed class RetentionHealth(ClusterOptions options)
{
    private JournalException? failure;

    /// <summary>Why the last deletion failed; null when it did not.</summary>
    public JournalException? Failure => Volatile.Read(ref failure);

    /// <summary>A deletion has failed.</summary>
    public void Failed(string why)
    {
        options.Meter?.DeletionFailed();
        Note(new JournalException(JournalFailure.Other, why));
    }

    /// <summary>Everything that was due is deleted, or another node does it from now on.</summary>
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
