using System.Text.RegularExpressions;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Engine.Auditing;
using Akka.Actor;
using Akka.Event;

namespace ActorTrading.Cluster.Serialization;

/// <summary>
/// Counts the messages that the serializers of an actor system have refused. Logs at most one line every ten seconds. Thread-safe.
/// </summary>
internal sealed partial class RefusedMessages(Action<string> log, TimeProvider time, AccessAudit? audit = null) : IExtension
{
    private const int MaxManifest = 100;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Lock sync = new();
    private long count;
    private long logged;
    private DateTimeOffset next;

    /// <summary>Number of refused messages since the start of the actor system.</summary>
    public long Count => Volatile.Read(ref count);

    public static RefusedMessages Of(ActorSystem system) => system.WithExtension<RefusedMessages, Provider>();

    /// <summary>Counts a refused message.</summary>
    /// <param name="serializer">Name of the serializer.</param>
    /// <param name="manifest">Manifest of the message, as sent.</param>
    /// <param name="reason">Reason of the refusal.</param>
    /// <returns>The exception to throw.</returns>
    public MessageRefusedException Add(string serializer, string manifest, string reason = "nodes do not send it to each other")
    {
        var shown = Unprintable().Replace(manifest.Length > MaxManifest ? manifest[..MaxManifest] + "..." : manifest, "?");
        var text = $"Refused a message of the serializer {serializer} with the manifest '{shown}': {reason}.";
        Refuse(text, ClusterPort.AuditRecordOf("", "message_refused", $"{serializer} {shown}"));
        return new MessageRefusedException(text);
    }

    /// <summary>Counts a refusal that no serializer made.</summary>
    /// <param name="text">What was refused, from which peer, and why.</param>
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

    /// <summary>Logs another event, with the same rate limit.</summary>
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

    /// <summary>Creates the extension of an actor system.</summary>
    public sealed class Provider : ExtensionIdProvider<RefusedMessages>
    {
        public override RefusedMessages CreateExtension(ExtendedActorSystem system) =>
            new(text => system.Log.Warning("{0}", text), TimeProvider.System, ClusterPort.Of(system).Audit);
    }
}
