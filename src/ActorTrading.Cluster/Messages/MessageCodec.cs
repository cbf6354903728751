using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using ActorTrading.Wire;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Binary codec of messages between nodes. Messages are sealed like journal payloads, so a damaged or foreign message is rejected
/// with the position of the fault. The number at the end of a manifest is the version of its layout. Nodes of two versions must
/// understand each other during a rolling upgrade.
/// </summary>
internal static class MessageCodec
{
    public const string Prefix = "m:";

    private static readonly MessageKind[] Kinds =
    [
        .. SymbolCodec.Kinds, .. AnswerCodec.Kinds, .. DirectoryCodec.Kinds, .. SignalMessageCodec.Kinds, .. NodeCodec.Kinds,
        .. ShardCodec.Kinds, .. LiveCodec.Kinds, .. PublishedCodec.Kinds, .. RetentionCodec.Kinds, .. MarketCodec.Kinds,
        .. ReportCodec.Kinds,
    ];

    private static readonly FrozenDictionary<Type, MessageKind> ByType = Kinds.ToFrozenDictionary(kind => kind.Type);
    private static readonly FrozenDictionary<string, MessageKind> ByManifest = Kinds.ToFrozenDictionary(kind => kind.Manifest);

    /// <summary>All message types.</summary>
    public static IEnumerable<Type> Types => Kinds.Select(kind => kind.Type);

    /// <exception cref="ArgumentException">The type is not a message type.</exception>
    public static string ManifestOf(object message) => KindOf(message).Manifest;

    /// <summary>Encodes a message.</summary>
    /// <exception cref="ArgumentException">The type is not a message type, or the message has a record that the journal cannot
    /// represent.</exception>
    public static void Encode(object message, IBufferWriter<byte> output)
    {
        var kind = KindOf(message);
        var writer = new PayloadWriter(output, kind.Manifest);
        writer.Byte(EventManifests.Version);
        kind.Write(ref writer, message);
        writer.Close();
    }

    /// <summary>Decodes a message.</summary>
    /// <returns>Whether the bytes are valid; if not, <paramref name="error"/> has the reason and position.</returns>
    public static bool TryDecode(string manifest, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out object? message, out CodecError error)
    {
        message = null;
        if (!PayloadSeal.TryOpen(manifest, bytes, out var content, out error)) return false;
        if (!ByManifest.TryGetValue(manifest, out var kind)) content.Fail(Faults.UnknownManifest);
        else message = kind.Read(ref content);
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (!content.Failed && message is not null) return true;
        message = null;
        error = new CodecError(content.Position, content.Fault!);
        return false;
    }

    private static MessageKind KindOf(object message) => ByType.TryGetValue(message.GetType(), out var kind)
        ? kind
        : throw new ArgumentException($"{message.GetType().Name} is not a message between nodes.", nameof(message));
}
