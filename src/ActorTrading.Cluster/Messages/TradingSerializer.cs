using System.Buffers;
using System.Runtime.Serialization;
using ActorTrading.Cluster.Serialization;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Serialization;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Serializer of messages between nodes and of journal payloads, with short manifests. Manifests of messages begin with <c>m:</c>.
/// All others are journal payloads: they are passed through unchanged, and the fold validates them.
/// </summary>
internal sealed class TradingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Types that are bound to this serializer.</summary>
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
        // Counted and logged here, because Akka.NET logs it only among connection messages.
        RefusedMessages.Of(system).Add("trading", manifest, $"{error}");
        throw new SerializationException($"A message '{manifest}' of {bytes.Length} bytes: {error}.");
    }
}
