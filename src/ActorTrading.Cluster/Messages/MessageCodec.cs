using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using ActorTrading.Wire;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// The bytes of messages between nodes: sealed as payloads of the journal are, so that a damaged or foreign one is refused with its
/// place. The number at the end of a manifest is the layout's; nodes of two versions must understand each other
/// while one replaces the other.
/// </summary>
internal static class MessageCodec
{
    public const string Prefix = "m:";

    private static readonly MessageKind[] Kinds =
    [
        .. SymbolCodec.Kinds, .. GlanceCodec.Kinds, .. DirectoryCodec.Kinds, .. SignalMessageCodec.Kinds, .. NodeCodec.Kinds,
        .. ShardCodec.Kinds, .. LiveCodec.Kinds, .. PublishedCodec.Kinds, .. RetentionCodec.Kinds, .. MarketCodec.Kinds,
        .. ReportCodec.Kinds,
    ];

    private static readonly FrozenDictionary<Type, MessageKind> ByType = Kinds.ToFrozenDictionary(kind => kind.Type);
    private static readonly FrozenDictionary<string, MessageKind> ByManifest = Kinds.ToFrozenDictionary(kind => kind.Manifest);

    /// <summary>What can travel.</summary>
    public static IEnumerable<Type> Types => Kinds.Select(kind => kind.Type);

    /// <exception cref="ArgumentException">It is no message.</exception>
    public static string ManifestOf(object message) => KindOf(message).Manifest;

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentException">It is none, or holds a record that no journal could give back.</exception>
    public static void Encode(object message, IBufferWriter<byte> output)
    {
        var kind = KindOf(message);
        var writer = new PayloadWriter(output, kind.Manifest);
        writer.Byte(EventManifests.Version);
        kind.Write(ref writer, message);
        writer.Close();
    }

    /// <summary>Reads a message.</summary>
    /// <returns>Whether it was sound; if not, <paramref name="error"/> says why and where.</returns>
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
        : throw new ArgumentException($"{message.GetType().Name} is no message between nodes.", nameof(message));
}
