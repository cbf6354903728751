using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Zero and negative prices, if the plan allows them: oil on 2020-04-20, spreads, power.</summary>
public class AnyPriceStoryTests
{
    private const string Days =
        """
        {"prices": "any", "frames": ["1day"], "indicators": ["sma(2)", "roc(1)", "truerange", "volatility(2)", "momentum(1)", "rsi(1)"],
         "rules": ["alert when close < 0 on 1day", "buy when close crosses above 0 on 1day"]}
        """;

    [Fact]
    public void WtiOfMay_GoesThroughZeroAndBack()
    {
        var tape = new Tape(Days);
        Assert.Equal("applied", tape.Bar("2020-04-17", Frame.OneDay, 19.87, 20.51, 17.31, 18.27));
        Assert.Equal("applied", tape.Bar("2020-04-20", Frame.OneDay, 17.73, 17.85, -40.32, -37.63));
        Assert.Equal("applied", tape.Bar("2020-04-21", Frame.OneDay, -14, 13.86, -16.74, 10.01));
        Assert.Equal("applied", tape.Bar("2020-04-22", Frame.OneDay, 11.23, 16.18, 10.26, 13.78));

        Assert.Equal(["-37.63", "10.01"], tape.Log.Signals.Select(signal => FixedPoint.Format(signal.Price, 8)));
        Assert.Equal(Fixed8.ToDouble(-Tape.Of(37.63)), Fixed8.ToDouble(tape.Log.Bars[1].Bar.Close));
        Assert.Equal((10.01 + 13.78) / 2, Value(tape, "sma(2)"), 1e-12);
        Assert.Equal(100 * (13.78 - 10.01) / 10.01, Value(tape, "roc(1)"), 1e-12);
        Assert.Equal(16.18 - 10.01, Value(tape, "truerange"), 1e-12);
        Assert.True(double.IsNaN(Value(tape, "volatility(2)"))); // a return from -37.63 is in its window
    }

    [Fact]
    public void RateOfChangeFromAPriceThatIsNotPositive_IsAbsent()
    {
        var tape = new Tape(Days);
        tape.Bar("2020-04-20", Frame.OneDay, -37.63);
        tape.Bar("2020-04-21", Frame.OneDay, 0);
        Assert.True(double.IsNaN(Value(tape, "roc(1)")));
        Assert.Equal(37.63, Value(tape, "momentum(1)"), 1e-12);
        tape.Bar("2020-04-22", Frame.OneDay, 10);
        Assert.True(double.IsNaN(Value(tape, "roc(1)")));
        Assert.Equal(100, Value(tape, "rsi(1)"));
        tape.Bar("2020-04-23", Frame.OneDay, -5);
        Assert.Equal(-150, Value(tape, "roc(1)"), 1e-12);
    }

    /// <summary>Zero is a valid price: the first and the previous price of a symbol are distinguished from none.</summary>
    [Fact]
    public void ZeroIsAPrice()
    {
        var tape = new Tape(
            """{"prices": "any", "frames": ["tick", "1min"], "indicators": ["momentum(1)", "rsi(1)", "obv"], "rules": ["alert when close = 0 on 1min"]}""");
        Assert.Null(tape.State.Ohlcv.NewestPrice);
        tape.Tick("10:00:00", 0);
        Assert.Equal(0, tape.State.Ohlcv.NewestPrice);
        Assert.NotNull(tape.State.Ohlcv.LastBar(Frame.Tick));
        tape.Tick("10:00:30", 5, 2);
        Assert.Equal(100, Value(tape, "rsi(1)", Frame.Tick));
        Assert.Equal(2, Value(tape, "obv", Frame.Tick));
        tape.Tick("10:00:40", 0);
        tape.Tick("10:01:00", 3);
        Assert.Equal(0, tape.State.Ohlcv.LastBar(Frame.OneMinute)!.Value.Close);
        var signal = Assert.Single(tape.Log.Signals);
        Assert.Equal((0, false), (signal.Price, signal.Trigger.IsClock));
        Assert.Equal(StateHash.Of(tape.State), StateHash.Of(SymbolState.Read(Bytes(tape.State), tape.State.Plan)));
    }

    [Fact]
    public void QuotesOfSpreads_MayBeNegative_AndLackASide()
    {
        var tape = new Tape("""{"prices": "any", "price": "mid", "frames": ["tick"]}""");
        Assert.Equal("applied", tape.Take(Tape.QuoteAt("10:00:00", -0.25, -0.15)));
        Assert.Equal(-Tape.Of(0.2), tape.State.Ohlcv.LastPrice);
        Assert.Equal("applied", tape.Take(Tape.QuoteAt("10:00:01", 0, 0.1)));
        Assert.Equal(Tape.Of(0.05), tape.State.Ohlcv.LastPrice);
        Assert.Equal("applied", tape.Take(Tape.QuoteAt("10:00:02", 0, 0.1, bidSize: 0)));
        Assert.Equal(Tape.Of(0.05), tape.State.Ohlcv.LastPrice); // a side without price and size is not quoted
        Assert.Equal("crossed_quote", tape.Take(Tape.QuoteAt("10:00:03", -0.1, -0.2)));
        Assert.Equal("missing_field", tape.Take(Tape.QuoteAt("10:00:04", 0, 0, 0, 0)));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(0)]
    public void WithoutTheSetting_TheyAreRefused_AndTheAdviceNamesIt(double price)
    {
        var tape = new Tape("""{"frames": ["1min"]}""");
        var tick = Tape.TickAt("10:00:00", price);
        Assert.Equal("price_not_positive", tape.Take(tick));
        Assert.Contains(
            "prices: any", TickRules.Explain(tick, RejectReason.PriceNotPositive, tape.State.Plan.Settings).Advice,
            StringComparison.Ordinal);
    }

    [Fact]
    public void PricesWhoseDifferenceWouldNotFit_AreOutOfRange()
    {
        var tape = new Tape("""{"prices": "any", "frames": ["1min"]}""");
        var tick = Record.OfTick(Tape.Symbol, Identity.Anonymous, Tape.At("10:00:00"), long.MinValue, 1);
        Assert.Equal("out_of_range", tape.Take(tick));
        Assert.Equal("price", TickRules.Explain(tick, RejectReason.OutOfRange, tape.State.Plan.Settings).Field);
        Assert.Equal("applied", tape.Take(Record.OfTick(Tape.Symbol, Identity.Anonymous, Tape.At("10:00:00"), -(long.MaxValue / 2), 1)));
        Assert.Equal("applied", tape.Take(Record.OfTick(Tape.Symbol, Identity.Anonymous, Tape.At("10:00:01"), long.MaxValue / 2, 1)));
    }

    [Fact]
    public void SpikeBand_IsMeasuredByMagnitude_AndNotFromZero()
    {
        var tape = new Tape("""{"prices": "any", "frames": ["1min"], "limits": {"spike": {"percent": 50}}}""");
        Assert.Equal("applied", tape.Tick("10:00:00", -10));
        Assert.Equal("price_spike", tape.Tick("10:00:01", -16));
        Assert.Equal("applied", tape.Tick("10:00:02", -5));
        Assert.Equal("price_spike", tape.Tick("10:00:03", 0));
        var zero = new Tape("""{"prices": "any", "frames": ["1min"], "limits": {"spike": {"percent": 50}}}""");
        Assert.Equal("applied", zero.Tick("10:00:00", 0));
        Assert.Equal("applied", zero.Tick("10:00:01", 1000));
    }

    private static byte[] Bytes(SymbolState state)
    {
        var writer = new StateWriter();
        state.Write(writer);
        return writer.Written.ToArray();
    }

    private static double Value(Tape tape, string indicator, Frame frame = Frame.OneDay)
    {
        Assert.True(IndicatorSpec.TryParse(indicator, out var spec, out _));
        return tape.State.Ohlcv.Value(frame, spec);
    }
}
