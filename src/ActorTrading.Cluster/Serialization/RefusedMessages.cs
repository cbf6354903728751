using System.Text.RegularExpressions;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Engine.Auditing;
using Akka.Actor;
using Akka.Event;

namespace ActorTrading.Cluster.Serialization;

/// <summary>
/// Messages that the serializers of an actor system have refused: counted, and logged no more often than every ten seconds. Safe
/// for any number of threads.
/// </summary>
internal sealed partial class RefusedMessages(Action<string> log, TimeProvider time, AccessAudit? audit = null) : IExtension
{
    private const int MaxManifest = 100;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Lock sync = new();
    private long count;
    private long logged;
    private DateTimeOffset next;

    /// <summary>All that were refused since the actor system was started.</summary>
    public long Count => Volatile.Read(ref count);

    public static RefusedMessages Of(ActorSystem system) => system.WithExtension<RefusedMessages, Provider>();

    /// <summary>Counts one.</summary>
    /// <param name="serializer">The name of the serializer that it is for.</param>
    /// <param name="manifest">Its kind, as its sender says.</param>
    /// <param name="reason">Why it is refused.</param>
    /// <returns>The exception to throw.</returns>
    public MessageRefusedException Add(string serializer, string manifest, string reason = "nodes do not send it to each other")
    {
        var shown = Unprintable().Replace(manifest.Length > MaxManifest ? manifest[..MaxManifest] + "..." : manifest, "?");
        var text = $"Refused a message of the serializer {serializer} with the manifest '{shown}': {reason}.";
        Refuse(text, ClusterPort.Refusal("", "message_refused", $"{serializer} {shown}"));
        return new MessageRefusedException(text);
    }

    /// <summary>Counts one that no serializer has seen.</summary>
    /// <param name="text">What was refused, of whom and why.</param>
    /// <param name="line">The same for the audit log.</param>
    public void Refuse(string text, AuditRecord line)
    {
        audit?.Refuse(line);
        lock (sync)
        {
            count++;
            Log(text, own: 1);
        }
    }

    /// <summary>Logs what is no refusal of a message, no more often than those.</summary>
    public void Report(string text)
    {
        lock (sync) Log(text, own: 0);
    }

    private void Log(string text, int own)
    {
        var now = time.GetUtcNow();
        if (now < next) return;
        var others = count - logged - own;
        log(others == 0 ? text : $"{text} {others} more since the last line.");
        (logged, next) = (count, now + BetweenLines);
    }

    [GeneratedRegex(@"[^\x20-\x7E]")]
    private static partial Regex Unprintable();

    /// <summary>Makes one for each actor system.</summary>
    public sealed class Provider : ExtensionIdProvider<RefusedMessages>
    {
        public override RefusedMessages CreateExtension(ExtendedActorSystem system) =>
            new(text => system.Log.Warning("{0}", text), TimeProvider.System, ClusterPort.Of(system).Audit);
    }
}
