using ActorTrading.Cluster.Subscribing;

namespace ActorTrading.Cluster.Tests.Subscribing;

/// <summary>The frames between a subscriber and a node.</summary>
public class SubscriberFramesTests
{
    private static readonly object[] All =
    [
        new SubscriberHello("trading"), new SubscriberAnswer("no", ["10.0.0.1:4053", "[::1]:4053"]),
        new FollowTopic(3, "bars.1min.BTC/USD"), new TopicFollowed(3), new LeaveTopic(3),
        new TopicMessage(3, "m:signals1", [1, 2, 3]), new AskSignals(4, long.MaxValue), new SignalsAnswer(4, [9]), new Heartbeat(1 << 20),
    ];

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Frame_IsReadAsItWasWritten_AndNoPartOfItIs(int kind)
    {
        var frame = SubscriberFrames.Write(All[kind]);
        Assert.True(SubscriberFrames.TryRead(frame, out var read));
        Assert.Equivalent(All[kind], read, strict: true);
        Assert.Equal(kind == 0, SubscriberFrames.IsHello(frame));
        for (var cut = 0; cut < frame.Length; cut++) Assert.False(SubscriberFrames.TryRead(frame.AsSpan(0, cut), out _));
        for (var at = 0; at < frame.Length; at++)
        {
            frame[at] ^= 0x10;
            Assert.False(SubscriberFrames.TryRead(frame, out _));
            frame[at] ^= 0x10;
        }
    }

    [Fact]
    public void Bytes_StayAsTheyAre() => Assert.Equal(
        [
            "08733A68656C6C6F31010774726164696E67095E926B", "09733A666F6C6C6F773101030F7369676E616C732E4254432F55534474CA1249",
        ],
        [
            Convert.ToHexString(SubscriberFrames.Write(new SubscriberHello("trading"))),
            Convert.ToHexString(SubscriberFrames.Write(new FollowTopic(3, "signals.BTC/USD"))),
        ]);

    [Fact]
    public void Noise_IsNoFrame()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            if (i % 2 == 0 && noise.Length > 20) SubscriberFrames.Write(All[random.Next(All.Length)]).AsSpan(0, 12).CopyTo(noise);
            Assert.False(SubscriberFrames.TryRead(noise, out _));
        }
    }
}
