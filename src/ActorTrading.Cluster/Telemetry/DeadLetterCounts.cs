using System.Collections.Frozen;
using Akka.Actor;
using Akka.Event;

namespace ActorTrading.Cluster.Telemetry;

/// <summary>Messages of this node that no actor has handled, by kind. Safe for any number of threads.</summary>
internal sealed class DeadLetterCounts
{
    private readonly FrozenDictionary<string, Count> counts = new[] { "undelivered", "suppressed", "dropped", "unhandled" }
        .ToFrozenDictionary(kind => kind, _ => new Count());

    /// <summary>
    /// <c>undelivered</c>: the receiver had stopped. <c>suppressed</c>: the same, of messages for which Akka.NET expects that.
    /// <c>dropped</c>: a full buffer. <c>unhandled</c>: the receiver does not know the message.
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

/// <summary>Brings dead letters from the event stream to their counts.</summary>
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
