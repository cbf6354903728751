using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Live;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// Client messages over <c>/ws</c>: a subscription, or a fault. Property: an accepted subscription survives writing and reading.
/// </summary>
internal sealed class WebSocketTarget : FuzzTarget
{
    public const string Called = "websocket";

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            """{"subscribe":{"topics":["signals","bars"],"symbols":["AAPL","BTC/USD"],"frames":["1min","5min"],"from":0}}""",
            """{"subscribe":{"topics":["ticks","late","rejects"]}}""",
            """{"subscribe":{}}""", """{"subscribe":{"topics":["state"],"symbols":["AAPL","economy"]}}""",
            """{"subscribe":{"topics":["market"],"symbols":null,"from":null}}""",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(new string('[', 4_000)), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"subscribe\":", 800))),
    ];

    public override bool Take(byte[] input, Random random)
    {
        try
        {
            var subscription = Measured(input.Length, () => Subscription.Of(input));
            FuzzFault.Unless(IsSame(subscription, Subscription.Of(Spell(subscription))),
                "a subscription is read again as itself from what it says");
            return true;
        }
        catch (RequestFault refusal)
        {
            FuzzFault.Unless(refusal is { Status: 400, Code: "bad_subscribe", Message.Length: > 0 },
                $"a refusal is bad_subscribe: {refusal.Code}");
            return false;
        }
    }

    private static bool IsSame(Subscription one, Subscription other) =>
        (one.Topics, one.From) == (other.Topics, other.From) && IsSame(one.Symbols, other.Symbols) && IsSame(one.Frames, other.Frames);

    private static bool IsSame<T>(IReadOnlySet<T>? one, IReadOnlySet<T>? other) => one is null ? other is null : other is not null
        && one.SetEquals(other);

    private static byte[] Spell(Subscription subscription) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        subscribe = new
        {
            topics = subscription.TopicNames, symbols = subscription.Symbols?.Select(symbol => symbol.Name),
                frames = subscription.Frames?.Select(frame => frame.Name()), from = subscription.From,
        },
    });
}
