using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Signals;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Live;

namespace ActorTrading.Cluster.Tests.Subscribing;

/// <summary>Which events of a node's symbols are evaluated for the topics with subscribers.</summary>
public class TopicInterestTests
{
    private static readonly Symbol Share = Symbol.Parse("BRK.B");
    private static readonly Symbol Coin = Symbol.Parse("BTC/USD");

    [Fact]
    public void TopicsThatCostNothing_HaveNothingLookedAt()
    {
        var wishes = TopicInterest.Of(
            [Topics.Signals, Topics.SignalsOf(Coin), Topics.Subscriptions, "bars.1min", "bars.warp.AAPL", "bars.1min.", "else"]);
        Assert.Empty(wishes.Bars);
        Assert.False(wishes.Volatility || wishes.Rejects);
        Assert.Null(wishes.Filter);
    }

    [Fact]
    public void Rejects_AreNoneOfTheSymbols()
    {
        var wishes = TopicInterest.Of([Topics.Rejects]);
        Assert.True(wishes.Rejects);
        Assert.Null(wishes.Filter);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)] // as reported by the mediator of some versions
    public void BarsOfASymbol_AreFoundByTheirTopic_HoweverOftenItWasEscaped(int times)
    {
        var topics = new[] { Topics.BarsOf(Frame.OneMinute, Share), Topics.BarsOf(Frame.OneDay, Coin) };
        for (var i = 0; i < times; i++) topics = [.. topics.Select(Uri.EscapeDataString)];
        var wishes = TopicInterest.Of(topics);
        Assert.Equal([(Frame.OneMinute, Share), (Frame.OneDay, Coin)], wishes.Bars.OrderBy(bar => bar.Frame));
        Assert.Equal([Share, Coin], wishes.Filter!.Symbols!.Order());
        Assert.Equal([Frame.OneMinute, Frame.OneDay], wishes.Filter.Frames!.Order());
    }

    [Fact]
    public void Volatility_IsLookedForOnEveryFrameButTicks()
    {
        var filter = TopicInterest.Of([Topics.Volatility]).Filter!;
        Assert.Null(filter.Symbols);
        Assert.Null(filter.Frames);
        var live = new LiveHub();
        live.Subscribe(filter, capacity: 1);
        Assert.True(live.WantsBars(Coin, Frame.OneMonth) && live.WantsBars(Coin, (Frame)90));
        Assert.False(live.WantsBars(Coin, Frame.Tick));
        Assert.True(TopicInterest.Of([Topics.Volatility, Topics.BarsOf(Frame.Tick, Coin)]).Filter!.TickBars);
    }

    [Fact]
    public void Bar_IsPublishedOnItsTopic_AndEachVolatilityOnce()
    {
        var columns = Plan.Parse("""{"frames":["1min"],"indicators":["volatility(3)","volatility(3)@1min","volatility(5)","ema(3)"]}""")
            .For(Coin).Columns;
        var closed = new BarClosed(Coin, Frame.OneMinute, new Bar { OpenTime = 60 }, [0.5, 0.5, double.NaN, 7]);
        Assert.Empty(TopicInterest.Of([Topics.Rejects, Topics.BarsOf(Frame.OneMinute, Share)]).MessagesOf(closed, columns));
        var wishes = TopicInterest.Of([Topics.Volatility, Topics.BarsOf(Frame.OneMinute, Coin)]);
        var published = wishes.MessagesOf(closed, columns).ToList();
        Assert.Equal([Topics.BarsOf(Frame.OneMinute, Coin), Topics.Volatility], published.Select(message => message.Topic));
        var bar = Assert.IsType<BarPublished>(published[0].Message);
        Assert.Equal((closed, "ema(3)"), (bar.Closed, bar.Columns[^1]));
        Assert.Equal(new VolatilityPublished(Coin, Frame.OneMinute, new Timestamp(60), "volatility(3)", 0.5), published[1].Message);
        Assert.Empty(wishes.MessagesOf(closed with { Values = [0.5] }, columns)); // of another plan
        Assert.Empty(wishes.MessagesOf(closed with { Frame = Frame.Tick }, columns));
    }
}
