using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.Domain.Tests.Indicators;

public class IndicatorSpecTests
{
    public static TheoryData<string> Values => [.. EveryIndicator.Values];

    [Theory]
    [MemberData(nameof(Values))]
    public void EveryIndicator_WithItsDefaults_ReadsBackAsItIsWritten(string indicator)
    {
        foreach (var text in Frames.Common.Select(frame => $"{indicator}@{frame.Name()}").Append(indicator))
        {
            Assert.Equal(text, Parse(text).ToString());
        }
    }

    [Fact]
    public void EveryName_Alone_StandsForItsDefaults()
    {
        Assert.All(IndicatorRegistry.All, kind =>
            Assert.Equal(kind.Spell([.. kind.Parameters.Select(p => p.Default)]), Parse(kind.Name).Call));
        Assert.Equal("macd(12,26,9)", Parse("macd").ToString());
        Assert.Equal("vwap", Parse("vwap()").ToString());
    }

    [Fact]
    public void Signatures_AreTheNamesThatPlansUse() => Assert.Equal(
        [
            "sma(n)", "ema(n,[first])", "wma(n)", "rsi(n,[cutler],[first])", "stddev(n,[sample])", "volatility(n,[log])",
            "bollinger(n,k).upper|.middle|.lower", "macd(fast,slow,signal).line|.signal|.histogram", "atr(n,[first])",
            "truerange([first])", "vwap", "stochastic(n,k,d).k|.d", "obv", "roc(n)", "momentum(n)",
            "donchian(n,[current]).upper|.lower", "cci(n)", "adx(n)",
        ],
        IndicatorRegistry.All.Select(kind => kind.Signature));

    [Theory]
    [InlineData("  sma ( 20 ) @5min ", "sma(20)@5min")]
    [InlineData("rsi( 14 , cutler )", "rsi(14,cutler)")]
    [InlineData("ema(first)", "ema(20,first)")]
    [InlineData("ema(first,50)", "ema(50,first)")]
    [InlineData("bollinger(20,2.50).upper", "bollinger(20,2.5).upper")]
    [InlineData("bollinger(20).lower@1day", "bollinger(20,2).lower@1day")]
    [InlineData("stochastic(5).d", "stochastic(5,3,3).d")]
    [InlineData("truerange(first)@1hour", "truerange(first)@1hour")]
    [InlineData("sma(007)", "sma(7)")]
    public void LooseSpelling_BecomesTheOneSpelling(string text, string expected) => Assert.Equal(expected, Parse(text).ToString());

    [Theory]
    [InlineData("", 0, "an indicator is expected here, such as sma(n)")]
    [InlineData("  (20)", 2, "an indicator is expected here")]
    [InlineData("smma(20)", 0, "'smma' is no indicator; known: sma, ema, wma, rsi")]
    [InlineData(" SMA(20)", 1, "'SMA' is no indicator")]
    [InlineData("sma(0)", 4, "n of sma(n) is a whole number of bars from 1 to 100000, not '0'")]
    [InlineData("sma(-3)", 4, "not '-3'")]
    [InlineData("sma(2.5)", 4, "not '2.5'")]
    [InlineData("sma(100001)", 4, "from 1 to 100000, not '100001'")]
    [InlineData("sma(99999999999999999999)", 4, "not '99999999999999999999'")]
    [InlineData("sma(twenty)", 4, "not 'twenty'")]
    [InlineData("stddev(1)", 7, "whole number of bars from 2 to 100000, not '1'")]
    [InlineData("volatility(1,log)", 11, "from 2 to 100000")]
    [InlineData("macd(12, 26, x)", 13, "signal of macd(fast,slow,signal).line|.signal|.histogram is a whole number")]
    [InlineData("sma(20", 6, "a ')' is missing here")]
    [InlineData("sma(20 30)", 6, "a ')' is missing here")]
    [InlineData("sma(20,30)", 7, "'30' is an extra argument or an unknown word; expected sma(n)")]
    [InlineData("ema(20,last)", 7, "'last' is an extra argument or an unknown word; expected ema(n,[first])")]
    [InlineData("vwap(20)", 5, "'20' is an extra argument")]
    [InlineData("rsi(14,cutler,first)", 14, "'first' cannot follow 'cutler': rsi accepts only one of these words")]
    [InlineData("ema(20,first,first)", 13, "'first' cannot follow 'first'")]
    [InlineData("bollinger(20,0)", 13, "k of bollinger(n,k).upper|.middle|.lower is a number from 0.001 to 1000, not '0'")]
    [InlineData("bollinger(20,NaN)", 13, "not 'NaN'")]
    [InlineData("bollinger(20,1e2)", 13, "not '1e2'")]
    [InlineData("macd(12,26,9).sigal", 14, "'sigal' is not a value of macd; it has .line, .signal, .histogram")]
    [InlineData("sma(20).value", 8, "sma has a single value, which has no name")]
    [InlineData("sma(20)@1mins", 8, "'1mins' is not a frame; did you mean '1min'? A frame is tick")]
    [InlineData("sma(20)@", 8, "'' is not a frame")]
    [InlineData("sma(20) > 3", 8, "'> 3' is not expected after the indicator")]
    public void MistypedIndicator_IsRefusedAtItsColumn_WithWhatWouldBeRight(string text, int column, string message)
    {
        Assert.False(IndicatorSpec.TryParse(text, out var spec, out var error));
        Assert.Null(spec);
        Assert.Contains(message, error.Message);
        Assert.Equal(column, error.Column);
    }

    [Fact]
    public void PrefixOfARule_EndsWhereTheIndicatorEnds()
    {
        const string rule = "buy when rsi(14) crosses below 30";

        Assert.True(IndicatorSpec.TryParsePrefix(rule, 9, out var spec, out _, out var end));
        Assert.Equal("rsi(14)", spec.ToString());
        Assert.Equal("buy when rsi(14)".Length, end);
        Assert.False(IndicatorSpec.TryParsePrefix(rule, 4, out _, out var error, out _));
        Assert.Equal(4, error.Column);
    }

    [Fact]
    public void UseWithoutAnOutput_StandsForAllOfThem()
    {
        Assert.Equal(
            ["macd(12,26,9).line", "macd(12,26,9).signal", "macd(12,26,9).histogram"],
            Parse("macd").EachOutput().Select(s => s.ToString()));
        Assert.Equal(["sma(20)"], Parse("sma(20)").EachOutput().Select(s => s.ToString()));
        Assert.Equal(["macd(12,26,9).signal@1min"], Parse("macd.signal@1min").EachOutput().Select(s => s.ToString()));
    }

    [Fact]
    public void TwoSpellingsOfOneUse_AreEqual()
    {
        Assert.Equal(Parse("bollinger(20,2)"), Parse("bollinger( 20, 2.0 )"));
        Assert.Equal(Parse("bollinger").GetHashCode(), Parse("bollinger(20)").GetHashCode());
        Assert.NotEqual(Parse("ema(20)"), Parse("ema(20,first)"));
        Assert.NotEqual(Parse("ema(20)"), Parse("ema(20)@1min"));
    }

    [Fact]
    public void AnyArguments_ReadBackAsTheyAreWritten()
    {
        var uses =
            from kind in Gen.Elements(IndicatorRegistry.All.ToArray())
            from lengths in Gen.Choose(2, IndicatorKind.MaxLength).ArrayOf(3)
            from thousandths in Gen.Choose(1, 1_000_000)
            from variant in Gen.Choose(-1, kind.Parameters.Length - 1)
            select kind.Spell([.. kind.Parameters.Select((p, i) => p.Kind switch
            {
                ParameterKind.Length => lengths[i % 3],
                ParameterKind.Factor => thousandths / 1000.0,
                _ => i == variant ? 1 : 0,
            })]);

        Prop.ForAll(uses.ToArbitrary(), text => Parse(text).ToString() == text).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AnyText_IsReadOrRefused_NeverThrown()
    {
        var pieces = Gen.Elements(
            "sma", "macd", "rsi", "(", ")", ",", ".", "@", "14", "-1", " ", "first", "cutler", "line", "1min", "é", "\0");
        var texts = pieces.ArrayOf().Select(parts => string.Concat(parts));

        Prop.ForAll(texts.ToArbitrary(), text => IndicatorSpec.TryParse(text, out var spec, out var error)
            ? Parse(spec.ToString()).Equals(spec)
            : error.Column >= 0 && error.Column <= text.Length && error.Message.Length > 0).QuickCheckThrowOnFailure();
    }

    private static IndicatorSpec Parse(string text)
    {
        Assert.True(IndicatorSpec.TryParse(text, out var spec, out var error), error?.Message);
        return spec;
    }
}
