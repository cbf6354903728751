using Google.Protobuf;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// Parses the two Akka.NET messages that identify a node: the handshake of Akka.Remote and the join request. Strict: a repeated or
/// unknown field is an error, so that this parser and Akka.NET cannot read a message differently. Field numbers are those of
/// Akka.NET's WireFormats.proto, ContainerFormats.proto and ClusterMessages.proto.
/// </summary>
internal static class NodeFrames
{
    private const uint Associate = 1;

    /// <summary>Parses the first frame of an association.</summary>
    public static bool TryReadAssociate(ReadOnlySpan<byte> frame, out NodeName node)
    {
        node = default;
        return TryRead(frame, 2, out var message) && message.Only(2)
            && TryRead(message.Bytes(2), 2, out var instruction) && instruction.Only(1, 2) && instruction.Number(1) == Associate
            && TryRead(instruction.Bytes(2), 3, out var info) && info.Only(1, 2, 3)
            && TryReadAddress(info.Bytes(1), (uint)info.Number(2), out node);
    }

    /// <summary>Parses the join request of a node.</summary>
    public static bool TryReadJoin(ReadOnlySpan<byte> bytes, out NodeName node, out List<string> roles)
    {
        (node, roles) = (default, []);
        if (!TryRead(bytes, 3, out var join, repeated: 2)) return false;
        roles = join.Texts;
        return TryRead(join.Bytes(1), 2, out var unique) && TryReadAddress(unique.Bytes(1), (uint)unique.Number(2), out node);
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> bytes, uint uid, out NodeName node)
    {
        node = default;
        if (!TryRead(bytes, 4, out var address)) return false;
        node = new NodeName(address.Text(1), address.Text(2), (long)address.Number(3), uid);
        return node is { System.Length: > 0, Host.Length: > 0 };
    }

    /// <summary>
    /// Parses a message with field numbers up to <paramref name="last"/>. Each field may occur once, except the repeated text field.
    /// </summary>
    private static bool TryRead(ReadOnlySpan<byte> bytes, int last, out Fields fields, int repeated = 0)
    {
        fields = new Fields();
        try
        {
            using var input = new CodedInputStream(bytes.ToArray());
            while (input.ReadTag() is var tag and not 0)
            {
                var number = WireFormat.GetTagFieldNumber(tag);
                if (number > last || (number != repeated && !fields.Add(number))) return false;
                switch (WireFormat.GetTagWireType(tag))
                {
                    case WireFormat.WireType.Varint: fields.Put(number, input.ReadUInt64()); break;
                    case WireFormat.WireType.Fixed64: fields.Put(number, input.ReadFixed64()); break;
                    case WireFormat.WireType.LengthDelimited when number == repeated: fields.Texts.Add(input.ReadString()); break;
                    case WireFormat.WireType.LengthDelimited: fields.Put(number, input.ReadBytes().ToByteArray()); break;
                    default: return false;
                }
            }

            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private sealed class Fields
    {
        private readonly HashSet<int> there = [];
        private readonly Dictionary<int, ulong> numbers = [];
        private readonly Dictionary<int, byte[]> bytes = [];

        public List<string> Texts { get; } = [];

        public bool Add(int number) => there.Add(number);

        public void Put(int number, ulong value) => numbers[number] = value;

        public void Put(int number, byte[] value) => bytes[number] = value;

        public bool Only(params ReadOnlySpan<int> wanted)
        {
            foreach (var number in there)
            {
                if (!wanted.Contains(number)) return false;
            }

            return true;
        }

        public ulong Number(int number) => numbers.GetValueOrDefault(number);

        public byte[] Bytes(int number) => bytes.GetValueOrDefault(number, []);

        public string Text(int number) => System.Text.Encoding.UTF8.GetString(Bytes(number));
    }
}
