using System.Text;
using ActorTrading.Cluster.Subscribing;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// Frames between subscribers and nodes at the cluster port. Each is read, or rejected with false. Property: a frame that was read survives
/// writing and reading. Most inputs get a valid seal.
/// </summary>
internal sealed class PortSubscriberTarget : FuzzTarget
{
    public const string Called = "port-subscriber";

    private static readonly object[] Messages =
    [
        new SubscriberHello("trading"),
        new SubscriberAnswer("", ["10.0.0.1:4053", "node-2.cluster:4053"]), new SubscriberAnswer("no gateway", []),
        new FollowTopic(1, "signals"), new FollowTopic(2, "bars.1min.AAPL"), new TopicFollowed(1), new LeaveTopic(2),
        new TopicMessage(1, "sp1", [1, 2, 3, 4]), new AskSignals(7, 1_000), new SignalsAnswer(7, [0, 255, 17]), new Heartbeat(123_456),
    ];

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Messages.Select(SubscriberFrames.Write),
        .. ClusterMessages.Golden().Select(each => SubscriberFrames.Write(new TopicMessage(3, each.Manifest, each.Bytes))),
    ];

    public override byte[] Finish(byte[] input, Random random)
    {
        if (random.Next(4) == 0 || input.Length == 0 || input.Length - 1 - input[0] <= Crc32C.Size) return input;
        var manifest = Encoding.ASCII.GetString(input, 1, input[0]);
        return ClusterMessages.Sealed(input, 1 + input[0], manifest, random);
    }

    public override bool Take(byte[] input, Random random)
    {
        var message = Measured(input.Length, () => SubscriberFrames.TryRead(input, out var read) ? read : null);
        if (message is null) return false;
        var written = SubscriberFrames.Write(message);
        FuzzFault.Unless(SubscriberFrames.TryRead(written, out var again) && again.GetType() == message.GetType(),
            "a frame is read again from what it is written as");
        FuzzFault.Unless(SubscriberFrames.Write(again!).AsSpan().SequenceEqual(written), "a frame is read again as itself");
        FuzzFault.Unless(message is SubscriberHello == SubscriberFrames.IsHello(input), "a hello is known by its first bytes");
        return true;
    }
}
