using ActorTrading.Engine.Journal;
using Akka.Actor;

namespace ActorTrading.Cluster;

/// <summary>
/// Reads of the journal on behalf of actors, which must not wait for a database: on threads of the pool, a few at a time. Safe
/// for any number of threads.
/// </summary>
internal sealed class JournalReads(IJournalStore store)
{
    private static readonly int AtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly TaskFactory factory = new(
        CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskContinuationOptions.None,
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, AtOnce).ConcurrentScheduler);

    /// <summary>Reads when it is its turn.</summary>
    public Task<T> RunAsync<T>(Func<IJournalStore, T> read) => factory.StartNew(() => read(store));

    /// <summary>Reads when it is its turn, and sends an actor the result, or a <see cref="Status.Failure"/>.</summary>
    public void Run<T>(Func<IJournalStore, T> read, IActorRef receiver) => RunAsync(read).PipeTo(receiver, receiver);
}
