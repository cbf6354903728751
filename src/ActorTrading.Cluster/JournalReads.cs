using ActorTrading.Engine.Journal;
using Akka.Actor;

namespace ActorTrading.Cluster;

/// <summary>
/// Journal reads for actors, which must not block on a database. They run on pool threads, 2 to 8 at a time. Thread-safe.
/// </summary>
internal sealed class JournalReads(IJournalStore store)
{
    private static readonly int AtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly TaskFactory factory = new(
        CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskContinuationOptions.None,
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, AtOnce).ConcurrentScheduler);

    /// <summary>Queues a read, and completes with its result.</summary>
    public Task<T> RunAsync<T>(Func<IJournalStore, T> read) => factory.StartNew(() => read(store));

    /// <summary>Queues a read, and sends the result, or a <see cref="Status.Failure"/>, to an actor.</summary>
    public void Run<T>(Func<IJournalStore, T> read, IActorRef receiver) => RunAsync(read).PipeTo(receiver, receiver);
}
