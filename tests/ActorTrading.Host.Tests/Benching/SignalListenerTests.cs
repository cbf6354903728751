using System.Diagnostics;
using ActorTrading.Host.Benching;

namespace ActorTrading.Host.Tests.Benching;

public sealed class SignalListenerTests
{
    private readonly MarketTape tape = MarketTape.Open(true, symbols: 10, first: 0, every: 1);
    private readonly Stopwatch clock = new();

    [Fact]
    public void Signal_TookFromWhenItsRecordWasToBeSent()
    {
        var listener = new SignalListener(clock, beginning: TimeSpan.Zero);
        listener.Follow(tape, new SendSchedule(1_000_000_000)); // all was to be sent at once
        clock.Start();
        listener.Hear("2024-07-09T13:01:00Z SELL SYM003 at 267.93 (sell when rsi(14) crosses above 70 on 1min)");

        Assert.Equal(1, listener.Latencies.Count);
        Assert.InRange(listener.Latencies.Max, 0, (long)clock.Elapsed.TotalNanoseconds);
    }

    [Fact]
    public void SignalOfTheWarmUp_DoesNotCount()
    {
        var listener = new SignalListener(clock, beginning: TimeSpan.FromSeconds(1));
        listener.Follow(tape, new SendSchedule(1_000)); // a minute of ten symbols is 600 records: to be sent in the first second
        listener.Hear("2024-07-09T13:01:00Z SELL SYM003 at 267.93 (sell)");
        Assert.Equal(0, listener.Latencies.Count);
        listener.Hear("2024-07-09T13:05:00Z SELL SYM003 at 267.93 (sell)");
        Assert.Equal(1, listener.Latencies.Count);
    }

    [Theory]
    [InlineData("drained; state hash 00")]
    [InlineData("2024-07-09T13:01:00Z SELL OTHER at 267.93 (sell)")]
    [InlineData("yesterday SELL SYM003 at 267.93 (sell)")]
    [InlineData("")]
    public void OtherLines_AreNone(string line)
    {
        var listener = new SignalListener(clock, beginning: TimeSpan.Zero);
        listener.Follow(tape, new SendSchedule(1_000));
        listener.Hear(line);
        Assert.Equal(0, listener.Latencies.Count);
    }
}
