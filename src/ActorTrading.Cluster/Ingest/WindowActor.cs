using ActorTrading.Cluster.Messages;
using Akka.Actor;

namespace ActorTrading.Cluster.Ingest;

/// <summary>Brings the answers of symbols to the window, and reminds it of those that do not come.</summary>
internal sealed class WindowActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public WindowActor(SymbolWindow window)
    {
        Receive<SymbolDone>(window.OnDone);
        Receive<LookForUnanswered>(_ => window.Resend());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(SymbolWindow window) => Props.Create(() => new WindowActor(window));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(LookForUnanswered), LookForUnanswered.Instance, Look);

    private sealed class LookForUnanswered
    {
        public static readonly LookForUnanswered Instance = new();
    }
}
