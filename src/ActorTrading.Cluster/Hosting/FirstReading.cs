using Akka.Actor;
using Akka.Persistence;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Persistent actor that recovers once without any events, to warm up. The first recovery initialises Akka.Persistence and the
/// journal plugin and is JIT-compiled, which takes a second on a small machine. A node that joins gets its shards all at once, and
/// their symbols would pause for that time. Writes nothing.
/// </summary>
internal sealed class FirstReading : ReceivePersistentActor
{
    private readonly TaskCompletionSource done;

    public FirstReading(TaskCompletionSource done)
    {
        this.done = done;
        Recover<RecoveryCompleted>(_ => Context.Stop(Self));
    }

    public override string PersistenceId => "first-reading";

    protected override void PostStop()
    {
        done.TrySetResult();
        base.PostStop();
    }
}

/// <summary>Starts a <see cref="FirstReading"/>.</summary>
internal static class FirstReadings
{
    /// <summary>Completes when the actor has recovered or failed. After a failure, later reads try the journal again.</summary>
    public static Task OfAsync(ActorSystem system)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new FirstReading(done)));
        return done.Task;
    }
}
