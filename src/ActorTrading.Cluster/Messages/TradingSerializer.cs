using System.Buffers;
using System.Runtime.Serialization;
using ActorTrading.Cluster.Serialization;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Serialization;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Messages between nodes, and what the journal keeps, as our own bytes under short names. Messages have manifests that begin
/// with <c>m:</c>; anything else is of the journal and handed through as it is, to be judged by who folds it.
/// </summary>
internal sealed class TradingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>What is serialized so, whatever else it may be called on the way.</summary>
    public static readonly Type[] Bound = [typeof(JournaledBytes), .. MessageCodec.Types];

    public override int Identifier => EventManifests.SerializerId;

    public override string Manifest(object o) => o is JournaledBytes journaled ? journaled.Manifest : MessageCodec.ManifestOf(o);

    public override byte[] ToBinary(object obj)
    {
        if (obj is JournaledBytes journaled) return journaled.Payload;
        var output = new ArrayBufferWriter<byte>();
        MessageCodec.Encode(obj, output);
        return output.WrittenSpan.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!manifest.StartsWith(MessageCodec.Prefix, StringComparison.Ordinal)) return new JournaledBytes(manifest, bytes);
        if (MessageCodec.TryDecode(manifest, bytes, out var message, out var error)) return message;
        // Counted and logged: Akka.NET tells of it among the lines of connections only.
        RefusedMessages.Of(system).Add("trading", manifest, $"{error}");
        throw new SerializationException($"A message '{manifest}' of {bytes.Length} bytes: {error}.");
    }
}
