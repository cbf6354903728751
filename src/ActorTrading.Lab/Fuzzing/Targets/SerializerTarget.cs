using System.Runtime.Serialization;
using System.Text;
using ActorTrading.Cluster.Messages;
using ActorTrading.Wire.Bytes;
using Akka.Actor;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// The product's own messages between nodes: manifest, line end, bytes. Each is read, or rejected with a
/// <see cref="SerializationException"/>. Property: a message that was read survives writing and reading. Most inputs get a valid seal.
/// </summary>
internal sealed class SerializerTarget : FuzzTarget
{
    public const string Called = "serializer";

    private readonly ActorSystem system = ActorSystem.Create("fuzz", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");
    private readonly TradingSerializer serializer;

    public SerializerTarget() => serializer = new TradingSerializer((ExtendedActorSystem)system);

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
        [.. ClusterMessages.Golden().Select(each => (byte[])[.. Encoding.ASCII.GetBytes(each.Manifest), (byte)'\n', .. each.Bytes])];

    public override byte[] Finish(byte[] input, Random random)
    {
        var (manifest, at) = ManifestOf(input);
        if (random.Next(4) == 0 || input.Length - at <= Crc32C.Size || !Ascii.IsValid(manifest)) return input;
        return ClusterMessages.Sealed(input, at, manifest, random);
    }

    public override bool Take(byte[] input, Random random)
    {
        var (manifest, at) = ManifestOf(input);
        var bytes = input[at..];
        object message;
        try
        {
            message = Measured(input.Length, () => serializer.FromBinary(bytes, manifest));
        }
        catch (SerializationException)
        {
            return false;
        }

        if (message is JournaledBytes) return true; // passed through with any content
        var written = serializer.ToBinary(message);
        FuzzFault.Unless(serializer.Manifest(message) == manifest, "a message has the manifest that it was read by");
        var again = serializer.ToBinary(serializer.FromBinary(written, manifest));
        FuzzFault.Unless(written.AsSpan().SequenceEqual(again),
            $"a message '{manifest}' is read again as itself from what it is written as");
        return true;
    }

    public override void Dispose() => system.Terminate().Wait();

    private static (string Manifest, int At) ManifestOf(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        return end < 0 ? (Encoding.Latin1.GetString(input), input.Length) : (Encoding.Latin1.GetString(input, 0, end), end + 1);
    }
}
