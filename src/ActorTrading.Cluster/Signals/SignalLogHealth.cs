using ActorTrading.Cluster.Messages;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Cluster.Signals;

/// <summary>Damage of the signal log that was reported to this node. Thread-safe.</summary>
internal sealed class SignalLogHealth(TimeProvider time)
{
    /// <summary>How long a report is valid. The reporter repeats it every two seconds, and may crash.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private volatile Word? last;

    /// <summary>The missing or damaged entry; null: no known damage.</summary>
    public RecoveryException? Fault => last is { } word && time.GetElapsedTime(word.At) < KeptFor ? word.Fault : null;

    /// <summary>Handles a report of the administrator.</summary>
    public void Take(SignalLogFault told) => last = told.Fault.Length == 0
        ? null
        : new Word(new RecoveryException(PersistenceIds.Administrator, told.Position, told.Fault), time.GetTimestamp());

    private sealed record Word(RecoveryException Fault, long At);
}
