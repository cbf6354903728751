using ActorTrading.Cluster.Serialization;

namespace ActorTrading.Cluster.Tests.Serialization;

public class RefusedMessagesTests
{
    private readonly List<string> lines = [];
    private readonly Clock clock = new();

    [Fact]
    public void EveryOneIsCounted_AndOneLineIsLoggedInTenSeconds()
    {
        var refused = new RefusedMessages(lines.Add, clock);
        for (var i = 0; i < 100; i++) refused.Add("json", "A");
        clock.Now += TimeSpan.FromSeconds(10);
        refused.Add("proto", "B");
        Assert.Equal(101, refused.Count);
        Assert.Equal(
            [
                "Refused a message of the serializer json with the manifest 'A': nodes do not send it to each other.",
                "Refused a message of the serializer proto with the manifest 'B': nodes do not send it to each other. "
                + "99 more since the last line.",
            ],
            lines);
    }

    [Fact]
    public void Manifest_IsShortened_AndStaysOnItsLine()
    {
        var exception = new RefusedMessages(lines.Add, clock).Add("json", "a\r\nforged line\u202E" + new string('x', 5_000));
        Assert.InRange(exception.Message.Length, 1, 250);
        Assert.Contains("'a??forged line?x", exception.Message, StringComparison.Ordinal);
        Assert.Equal(exception.Message, Assert.Single(lines));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
