using System.Collections.Frozen;
using Akka.Actor;
using Akka.Event;

namespace ActorTrading.Cluster.Telemetry;

/// <summary>Number of messages on this node that no actor has handled, by kind. Thread-safe.</summary>
internal sealed class DeadLetterCounts
{
    private readonly FrozenDictionary<string, Count> counts = new[] { "undelivered", "suppressed", "dropped", "unhandled" }
        .ToFrozenDictionary(kind => kind, _ => new Count());

    /// <summary>
    /// Counts by kind. <c>undelivered</c>: the receiver had stopped. <c>suppressed</c>: the same, for messages for which Akka.NET
    /// expects it. <c>dropped</c>: a buffer was full. <c>unhandled</c>: the receiver does not handle the message type.
    /// </summary>
    public IEnumerable<(string Kind, long Messages)> All => counts.Select(count => (count.Key, Interlocked.Read(ref count.Value.Messages)));

    /// <summary>Counts a message of the event stream.</summary>
    public void Add(object published)
    {
        var kind = published switch
        {
            SuppressedDeadLetter => "suppressed",
            Dropped => "dropped",
            UnhandledMessage => "unhandled",
            _ => "undelivered",
        };
        Interlocked.Increment(ref counts[kind].Messages);
    }

    private sealed class Count
    {
        public long Messages;
    }
}

/// <summary>Counts the dead letters of the event stream.</summary>
internal sealed class DeadLetterListener : UntypedActor
{
    private readonly DeadLetterCounts counts;

    public DeadLetterListener(DeadLetterCounts counts) => this.counts = counts;

    public static Props For(DeadLetterCounts counts) => Props.Create(() => new DeadLetterListener(counts));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(AllDeadLetters));
        Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));
    }

    protected override void OnReceive(object message) => counts.Add(message);
}
