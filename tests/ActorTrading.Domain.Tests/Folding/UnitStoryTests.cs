using System.Globalization;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Records in other units than their instrument: converted, rounded where that is harmless, rejected otherwise.</summary>
public class UnitStoryTests
{
    private const string Minutes =
        """{"frames": ["1min"], "indicators": ["sma(1)", "roc(1)@tick"], "rules": ["alert when close > 0 on 1min"]""";

    private static Record Tick(string time, string price, string size = "1")
    {
        var (a, priceDecimals) = Number(price);
        var (b, sizeDecimals) = Number(size);
        return Record.OfTick(Tape.Symbol, Identity.Anonymous, Tape.At(time), a, b).In(new Units(priceDecimals, sizeDecimals));
    }

    private static (long Units, int Decimals) Number(string text)
    {
        var decimals = text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return (long.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), decimals);
    }

    [Theory]
    [InlineData("0.30000000000000004", "0.3")]
    [InlineData("227.99000000000001", "227.99")]
    [InlineData("1.1", "1.1")]
    [InlineData("100000000.1", "100000000.1")]
    [InlineData("5.0000000049", "5")]
    public void TextOfABinaryDouble_IsRounded_AndCounted(string price, string kept)
    {
        var tape = new Tape(Minutes + "}");
        var tick = Tick("10:00:00", price);
        Assert.Equal("applied", tape.Take(tick));
        Assert.Equal(kept, FixedPoint.Format(tape.State.Ohlcv.LastPrice, 8));
        Assert.Equal(price != kept, Fold.IsRounded(tape.State.Plan, tick));
    }

    /// <summary>
    /// Programs that store single-precision numbers write them with the digits of doubles. The intended value is the shortest decimal of
    /// that single.
    /// </summary>
    [Theory]
    [InlineData("0.000045000000682193786", "0.000045")]
    [InlineData("0.00004999999873689376", "0.00005")]
    [InlineData("0.10000000149011612", "0.1")]
    [InlineData("255.84107971191406", "255.84107971")]
    public void TextOfABinarySingle_IsItsShortestDecimal(string price, string kept)
    {
        var tape = new Tape(Minutes + "}");
        var tick = Tick("10:00:00", price);
        Assert.Equal("applied", tape.Take(tick));
        Assert.Equal(kept, FixedPoint.Format(tape.State.Ohlcv.LastPrice, 8));
        Assert.True(Fold.IsRounded(tape.State.Plan, tick));
    }

    [Theory]
    [InlineData("0.000009723000403027982", "9")]
    [InlineData("0.000045000000682193", "13")]
    public void SingleThatNeedsMoreDecimals_IsRefusedWithThese(string price, string decimals)
    {
        var tape = new Tape(Minutes + "}");
        Assert.Equal("too_precise", tape.Take(Tick("10:00:00", price)));
        Assert.EndsWith(
            $"to {decimals}.", TickRules.Explain(Tick("10:00:00", price), RejectReason.TooPrecise, tape.State.Plan.Settings).Advice,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.000009723", "1", "price", "0.000009723", "price_decimals of the plan, or of the symbol, to 9")]
    [InlineData("0.000000001234", "1", "price", "0.000000001234", "price_decimals of the plan, or of the symbol, to 12")]
    [InlineData("4.000000005", "1", "price", "4.000000005", "price_decimals of the plan, or of the symbol, to 9")]
    [InlineData("1.5", "0.000000004", "size", "0.000000004", "size_decimals of the plan, or of the symbol, to 9")]
    [InlineData("0.0989433276653", "1", "price", "0.0989433276653", "price_decimals of the plan, or of the symbol, to 10")]
    public void WhatWouldLoseMore_IsRefused_WithTheSettingThatTakesIt(string price, string size, string field, string value, string setting)
    {
        var tape = new Tape(Minutes + "}");
        var tick = Tick("10:00:00", price, size);
        Assert.Equal("too_precise", tape.Take(tick));
        var refusal = TickRules.Explain(tick, RejectReason.TooPrecise, tape.State.Plan.Settings);
        Assert.Equal((RejectReason.TooPrecise, field, value), (refusal.Reason, refusal.Field, refusal.Value));
        Assert.Contains(setting, refusal.Advice, StringComparison.Ordinal);

        var key = setting.Split(' ');
        var helped = new Tape($"{Minutes}, \"{key[0]}\": {key[^1]}}}");
        Assert.Equal("applied", helped.Take(tick));
    }

    [Fact]
    public void WhatIsTooLarge_IsRefused_WithTheSettingThatTakesIt()
    {
        var tape = new Tape(Minutes + "}");
        var tick = Record.OfTick(Tape.Symbol, Identity.Anonymous, Tape.At("10:00:00"), 972, 40_000_000_000_000).In(new Units(8, 0));
        Assert.Equal("out_of_range", tape.Take(tick));
        var refusal = TickRules.Explain(tick, RejectReason.OutOfRange, tape.State.Plan.Settings);
        Assert.Equal(
            ("size", "40000000000000", "Set size_decimals of the plan, or of the symbol, to 5."),
            (refusal.Field, refusal.Value, refusal.Advice));
        Assert.Equal("applied", new Tape(Minutes + ", \"size_decimals\": 5}").Take(tick));
    }

    /// <summary>A rate of change that was wrong with eight decimals: 0.10288 % instead of 0.04114 %.</summary>
    [Fact]
    public void CoinOfNineDecimals()
    {
        var tape = new Tape(Minutes + ", \"price_decimals\": 12}");
        tape.Take(Tick("10:00:00", "0.000009723"));
        tape.Take(Tick("10:00:01", "0.000009727"));
        var roc = tape.State.Ohlcv.Value(Frame.Tick, tape.State.Plan.Settings.Indicators[1]);
        Assert.Equal(100 * (9727.0 - 9723.0) / 9723.0, roc, 1e-12);
        tape.Take(Tick("10:01:00", "0.00001"));
        Assert.Equal(9.727e-6, tape.State.Ohlcv.Value(Frame.OneMinute, tape.State.Plan.Settings.Indicators[0]), 1e-20);
        Assert.Contains("at 0.000009727 (alert", tape.Log.Signals[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EighteenDecimals_AreExact()
    {
        var tape = new Tape("""{"frames": ["1min"], "price_decimals": 18, "size_decimals": 18}""");
        tape.Take(Tick("10:00:00", "1.000000000000000001", "0.000000000000000001"));
        tape.Take(Tick("10:00:01", "9.000000000000000003", "9.000000000000000002"));
        tape.Take(Tick("10:00:02", "1.000000000000000002", "9.000000000000000002"));
        var bar = tape.State.Ohlcv.OpenBar(Frame.OneMinute)!.Value;
        Assert.Equal(
            ["1.000000000000000001", "9.000000000000000003", "1.000000000000000001", "1.000000000000000002", "18.000000000000000005"],
            new Int128[] { bar.Open, bar.High, bar.Low, bar.Close, bar.Volume }.Select(number => FixedPoint.Format(number, 18)));
    }

    [Fact]
    public void VolumeOfABarMadeElsewhere_IsExact_HoweverLarge()
    {
        var tape = new Tape("""{"frames": ["1day", "1week"]}""");
        var volume = Int128.Parse("3925012345678912345678901", CultureInfo.InvariantCulture);
        foreach (var day in (string[])["2024-07-09", "2024-07-10"])
            Assert.Equal(
                "applied",
                tape.Take(Record.OfBar(Tape.Symbol, Identity.Anonymous, Tape.At(day), Frame.OneDay, 972, 980, 960, 975, volume)));
        Assert.Equal(volume * 2, tape.State.Ohlcv.BarSoFar(Frame.OneWeek)!.Value.Volume);
        Assert.Equal(
            "size_negative",
            tape.Take(Record.OfBar(Tape.Symbol, Identity.Anonymous, Tape.At("2024-07-11"), Frame.OneDay, 1, 1, 1, 1, -volume)));
    }

    /// <summary>The same trades in any units that can represent them give the same bars, values and signals in decimal text.</summary>
    [Theory]
    [InlineData(8, 8)]
    [InlineData(5, 3)]
    [InlineData(12, 4)]
    [InlineData(13, 13)]
    [InlineData(4, 0)]
    public void SameTrades_GiveTheSameBars_WhateverTheDecimals(int price, int size)
    {
        const string Rest =
            "\"frames\": [\"tick\", \"1min\", \"5min\"], \"indicators\": [\"sma(3)\", \"vwap\", \"rsi(3)\", \"obv\", \"stddev(3)\"], "
                + "\"rules\": [\"buy when close > open on 1min\", \"sell when close crosses below vwap on tick\"]}";
        var eight = new Tape("{" + Rest);
        var other = new Tape($"{{\"price_decimals\": {price}, \"size_decimals\": {size}, " + Rest);
        var random = new Random(price);
        var time = Tape.At("10:00:00").Nanoseconds;
        var last = 1_000_000L; // ten-thousandths
        for (var i = 0; i < 2_000; i++)
        {
            time += random.NextInt64(5 * Timestamp.Second);
            last = Math.Max(1, last + random.Next(-40, 41));
            var tick = Record.OfTick(Tape.Symbol, Identity.Anonymous, new Timestamp(time), last, random.Next(1, 1000)).In(new Units(4, 0));
            Assert.Equal(eight.Take(tick), other.Take(tick));
        }

        Assert.Equal(Lines(eight), Lines(other));
        Assert.True(eight.Log.Signals.Count > 3);
        Assert.Equal(eight.Log.Signals.Select(signal => signal.ToString()), other.Log.Signals.Select(signal => signal.ToString()));

        static IEnumerable<string> Lines(Tape tape)
        {
            var units = tape.State.Plan.Units;
            foreach (var (frame, bar) in tape.Log.Bars.Select(closed => (closed.Frame, closed.Bar)))
            {
                yield return string.Join(' ', new Int128[] { bar.Open, bar.High, bar.Low, bar.Close }
                    .Select(number => FixedPoint.Format(number, units.PriceDecimals)))
                    + $" {frame.Name()} {FixedPoint.Format(bar.Volume, units.SizeDecimals)} {bar.Ticks} {bar.Opened}";
            }

            foreach (var (frame, spec) in Seen.Values(tape.State.Plan.Settings))
                yield return $"{spec}@{frame.Name()} {tape.State.Ohlcv.Value(frame, spec).ToString("G13", CultureInfo.InvariantCulture)}";
        }
    }

    /// <summary>
    /// Records accepted under other units are folded in the current ones: rounded if these are coarser, skipped if they do not fit.
    /// </summary>
    [Fact]
    public void RecordsOfAnEarlierPlan_AreRounded_OrPassedOver()
    {
        var coarse = new SymbolPlan(Plan.Parse("""{"frames": ["1min"], "price_decimals": 2, "size_decimals": 0}""").Settings);
        var state = new SymbolState(Tape.Symbol, coarse);
        var fine = Tick("10:00:00", "227.98765", "1.4");
        Assert.Equal(RejectReason.TooPrecise, Fold.Check(coarse, fine));
        Assert.True(Fold.CanFold(coarse, fine));
        Assert.True(Fold.Apply(state, fine, NoOutput.Instance));
        Assert.Equal((22_799, 1), (state.Ohlcv.LastPrice, (long)state.Ohlcv.OpenBar(Frame.OneMinute)!.Value.Volume));

        Assert.False(Fold.CanFold(coarse, Tick("10:00:00", "0.001"))); // the result would be zero
        var narrow = new SymbolPlan(Plan.Parse("""{"frames": ["1min"], "price_decimals": 18}""").Settings);
        Assert.False(Fold.CanFold(narrow, Tick("10:00:00", "227.99")));
        Assert.False(Fold.CanFold(coarse, Tick("10:00:00", "-37.63")));
        Assert.True(Fold.CanFold(new SymbolPlan(Plan.Parse("""{"prices": "any"}""").Settings), Tick("10:00:00", "-37.63")));
    }
}
