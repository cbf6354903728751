using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ActorTrading.Lab.Benching;

namespace ActorTrading.Lab.Tests.Benching;

public sealed class ArrivalListenerTests
{
    private const string Signal = """{"signal":{"position":7,"id":"x","symbol":"SYM003","time":"2024-07-09T13:01:00Z"}}""";

    private readonly MarketTape tape = MarketTape.Open(true, symbols: 10, first: 0, every: 1);
    private readonly Stopwatch clock = new();

    [Fact]
    public void Signal_TookFromWhenItsRecordWasToBeSent()
    {
        var listener = Follow(rate: 1_000_000_000); // everything was due at once
        clock.Start();
        Hear(listener, Signal);

        Assert.Equal(1, listener.Signals.Count);
        Assert.InRange(listener.Signals.Max, 0, (long)clock.Elapsed.TotalNanoseconds);
        Assert.Equal(7, listener.Position);
    }

    [Fact]
    public void Bar_TookFromWhenTheRecordThatClosedItWasToBeSent()
    {
        var listener = Follow(rate: 600); // a minute of ten symbols is a second of the schedule
        var closing = new SendSchedule(600).IntendedAt(tape.FirstAt("SYM003", tape.TimeOf(600)));
        Assert.True(closing >= 1_000_000_000);
        // At the start: before it was due.
        Hear(listener, """{"bar":{"symbol":"SYM003","frame":"1min","open_time":"2024-07-09T13:00:00Z"}}""");
        Assert.Equal(1, listener.Bars.Count);
        Assert.Equal(0, listener.Bars.Percentile(1));

        var late = Follow(rate: 600, beginning: TimeSpan.FromTicks(closing / 100 + 1));
        Hear(late, """{"bar":{"symbol":"SYM003","frame":"1min","open_time":"2024-07-09T13:00:00Z"}}""");
        Assert.Equal(0, late.Bars.Count); // due before the measurement
        Hear(late, """{"bar":{"symbol":"SYM003","frame":"5min","open_time":"2024-07-09T13:00:00Z"}}""");
        Assert.Equal(1, late.Bars.Count);
    }

    [Fact]
    public void SignalOfTheWarmUp_DoesNotCount()
    {
        // A minute of ten symbols is 600 records, due in the first second.
        var listener = Follow(rate: 1_000, beginning: TimeSpan.FromSeconds(1));
        Hear(listener, Signal);
        Assert.Equal(0, listener.Signals.Count);
        Assert.Equal(7, listener.Position);
        Hear(listener, Signal.Replace("13:01", "13:05", StringComparison.Ordinal));
        Assert.Equal(1, listener.Signals.Count);
    }

    [Fact]
    public void Missed_IsAddedUp_AndTheLogsEndIsWhereItBegins()
    {
        var listener = Follow(rate: 1_000);
        Assert.Equal("subscribed", Hear(listener, """{"subscribed":{"topics":["signals"],"from":17,"last":17}}"""));
        Assert.Equal(17, listener.Position);
        Hear(listener, """{"missed":{"topic":"bars","count":12}}""");
        Hear(listener, """{"missed":{"topic":"bars","count":3}}""");
        Assert.Equal(15, listener.Missed);
    }

    [Theory]
    [InlineData("""{"heartbeat":1720522805000000000}""")]
    [InlineData("""{"bar":{"symbol":"SYM003","frame":"1day","open_time":"2024-07-09T00:00:00Z"}}""")]
    [InlineData("""{"signal":{"position":1,"symbol":"OTHER","time":"2024-07-09T13:01:00Z"}}""")]
    public void WhatTellsNothingOfTheLoad_DoesNotCount(string message)
    {
        var listener = Follow(rate: 1_000);
        Hear(listener, message);
        Assert.Equal(0, listener.Signals.Count + listener.Bars.Count);
    }

    [Theory]
    [InlineData("drained")]
    [InlineData("17")]
    [InlineData("{}")]
    [InlineData("""{"signal":{"position":1,"symbol":"SYM003","time":"yesterday"}}""")]
    public void WhatNoNodeSays_IsRefused(string message) => Assert.ThrowsAny<JsonException>(() => Hear(Follow(rate: 1_000), message));

    private static string Hear(ArrivalListener listener, string message) => listener.Hear(Encoding.UTF8.GetBytes(message));

    private ArrivalListener Follow(long rate, TimeSpan beginning = default)
    {
        var listener = new ArrivalListener(clock, beginning);
        listener.Follow(tape, new SendSchedule(rate));
        return listener;
    }
}
