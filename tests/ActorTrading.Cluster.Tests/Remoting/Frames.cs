using System.Buffers.Binary;
using System.Text;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>
/// Frames of Akka.Remote, built by hand: a length of four bytes (little endian) and a protobuf message, whose fields are numbered as in
/// Akka.NET's WireFormats.proto and ContainerFormats.proto.
/// </summary>
internal static class Frames
{
    private const int Associate = 1;
    private const ulong NoSequence = ulong.MaxValue;

    /// <summary>The first frame of a connection: address and uid of the caller.</summary>
    public static byte[] Hello(string system, int port, ulong uid, string protocol = "tcp") => Framed(Bytes(2, [
        .. Number(1, Associate),
        .. Bytes(2, [.. Bytes(1, [.. Text(1, system), .. Text(2, "127.0.0.1"), .. Number(3, (ulong)port), .. Text(4, protocol)]),
            .. Fixed(2, uid)]),
    ]));

    /// <summary>A message to an actor.</summary>
    /// <param name="recipient">The path of the actor, with its address.</param>
    /// <param name="message">A message of <see cref="Payload"/>.</param>
    /// <param name="sender">The path of the sender, with its address.</param>
    public static byte[] Envelope(string recipient, byte[] message, string sender) => Framed(Bytes(1, Bytes(2, [
        .. Bytes(1, Text(1, recipient)), .. Bytes(2, message), .. Bytes(4, Text(1, sender)), .. Fixed(5, NoSequence),
    ])));

    /// <summary>A serialized message, as contained in envelopes and other messages.</summary>
    public static byte[] Payload(int serializer, string manifest, byte[] bytes) =>
        [.. Bytes(1, bytes), .. Number(2, (ulong)serializer), .. Text(3, manifest)];

    /// <summary>A message sent through an ActorSelection.</summary>
    public static byte[] Selection(byte[] message, params string[] elements) =>
        Payload(6, "", [.. Bytes(1, message),
            .. elements.SelectMany(name => Bytes(2, [.. Number(1, name.Contains('*') ? 3u : 2u), .. Text(2, name)]))]);

    /// <summary>Asks an actor to identify itself; the answer contains the text.</summary>
    public static byte[] Identify(string text) => Payload(16, "ID", Bytes(1, Payload(17, "S", Encoding.UTF8.GetBytes(text))));

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(int field, byte[] content) =>
        [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    public static byte[] Number(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] Framed(byte[] message)
    {
        var frame = new byte[sizeof(int) + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.Length);
        message.CopyTo(frame, sizeof(int));
        return frame;
    }

    private static byte[] Fixed(int field, ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return [.. Varint(((ulong)field << 3) | 1), .. bytes];
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
