using ActorTrading.Cluster.Messages;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Cluster.Signals;

/// <summary>What this node has heard of damage to the signal log. Safe for any number of threads.</summary>
internal sealed class SignalLogHealth(TimeProvider time)
{
    /// <summary>Whoever finds it damaged says so every two seconds, and may die.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private volatile Word? last;

    /// <summary>The entry that is missing or damaged; null where none is known to be.</summary>
    public RecoveryException? Fault => last is { } word && time.GetElapsedTime(word.At) < KeptFor ? word.Fault : null;

    /// <summary>The administrator has told of it.</summary>
    public void Take(SignalLogFault told) => last = told.Fault.Length == 0
        ? null
        : new Word(new RecoveryException(PersistenceIds.Administrator, told.Position, told.Fault), time.GetTimestamp());

    private sealed record Word(RecoveryException Fault, long At);
}
