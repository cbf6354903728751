using Akka.Actor;
using Akka.Persistence;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Recovers once from a journal that has nothing for it. What Akka.Persistence and the journal's provider set up, and the runtime
/// compiles, when the first symbol comes to life takes a second on a small machine: a node that has just joined gets its shards
/// all at once, and their symbols would pause for that. Writes nothing.
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
    /// <summary>Completes when that is done, or has failed: then the journal is asked again by those who need it.</summary>
    public static Task OfAsync(ActorSystem system)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new FirstReading(done)));
        return done.Task;
    }
}
