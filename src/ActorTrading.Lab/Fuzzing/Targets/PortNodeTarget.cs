using ActorTrading.Cluster.Remoting;
using Google.Protobuf;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// The two Akka.NET messages that identify a node, as the cluster port reads them before Akka.NET does: the handshake, and the join
/// request. Each is read, or rejected with false.
/// </summary>
internal sealed class PortNodeTarget : FuzzTarget
{
    public const string Called = "port-node";

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Frames()];

    public override bool Take(byte[] input, Random random)
    {
        var isHandshake = Measured(input.Length, () => NodeFrames.TryReadAssociate(input, out var node) && IsNamed(node));
        var isWish = Measured(input.Length, () => NodeFrames.TryReadJoin(input, out var node, out _) && IsNamed(node));
        return isHandshake || isWish;
    }

    private static bool IsNamed(NodeName node)
    {
        FuzzFault.Unless(node is { System.Length: > 0, Host.Length: > 0 }, "a node that is read has a system and a host");
        return true;
    }

    private static IEnumerable<byte[]> Frames()
    {
        foreach (var port in new ulong[] { 0, 4_053, ulong.MaxValue })
        {
            var address = Message(
                output => Text(output, 1, "trading"), output => Text(output, 2, "10.0.0.1"), output => Number(output, 3, port),
                output => Text(output, 4, "akka.ssl.tcp"));
            var info = Message(output => Bytes(output, 1, address), output => Fixed(output, 2, 0x1234_5678_9ABC_DEF0));
            var instruction = Message(output => Number(output, 1, 1), output => Bytes(output, 2, info));
            yield return Message(output => Bytes(output, 2, instruction));
            var node = Message(output => Bytes(output, 1, address), output => Number(output, 2, 0x9ABC_DEF0));
            yield return Message(
                output => Bytes(output, 1, node), output => Text(output, 2, "symbols"), output => Text(output, 2, "ingest"),
                output => Text(output, 3, "1.0.0"));
        }
    }

    private static byte[] Message(params Action<CodedOutputStream>[] fields)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            foreach (var field in fields) field(output);
        }

        return memory.ToArray();
    }

    private static void Text(CodedOutputStream output, int number, string text)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Bytes(CodedOutputStream output, int number, byte[] bytes)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static void Number(CodedOutputStream output, int number, ulong value)
    {
        output.WriteTag(number, WireFormat.WireType.Varint);
        output.WriteUInt64(value);
    }

    private static void Fixed(CodedOutputStream output, int number, ulong value)
    {
        output.WriteTag(number, WireFormat.WireType.Fixed64);
        output.WriteFixed64(value);
    }
}
