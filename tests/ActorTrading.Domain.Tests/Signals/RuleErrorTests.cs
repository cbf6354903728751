using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Tests.Signals;

public class RuleErrorTests
{
    /// <summary>The bar | stands before the character that the error must point to.</summary>
    [Theory]
    [InlineData("|", "a rule begins with buy, sell or alert")]
    [InlineData("   |", "a rule begins with buy, sell or alert")]
    [InlineData("|by when close > 3", "did you mean 'buy'?")]
    [InlineData("|hold when close > 3", "found 'hold'")]
    [InlineData("buy |", "'when' is expected here")]
    [InlineData("buy |if close > 3", "'when' is expected here")]
    [InlineData("buy when |", "a value is expected here")]
    [InlineData("buy when |and close > 3", "a value is expected here")]
    [InlineData("buy when |? > 3", "found '?'")]
    [InlineData("buy when |smma(20) > 3", "did you mean 'sma'?")]
    [InlineData("buy when |foo > 3", "neither an indicator (sma, ema,")]
    [InlineData("buy when |clos > 3", "did you mean 'close'?")]
    [InlineData("buy when sma(|x) > 3", "n of sma(n) is a whole number of bars")]
    [InlineData("buy when sma(|0) > 3", "n of sma(n) is a whole number of bars from 1")]
    [InlineData("buy when sma(20,|3) > 3", "an extra argument")]
    [InlineData("buy when sma(20)@|1mins > 3", "'1mins' is not a frame; did you mean '1min'? A frame is tick")]
    [InlineData("buy when sma(20).|upper > 3", "single value")]
    [InlineData("buy when |macd(12,26,9) > 3", "macd has several values; name one: macd(12,26,9).line")]
    [InlineData("buy when macd(12,26,9).|sginal > 3", "it has .line, .signal, .histogram")]
    [InlineData("buy when close@|1mins > 3", "'1mins' is not a frame")]
    [InlineData("buy when close@ |> 3", "a frame is expected here")]
    [InlineData("buy when close|", "a comparison is expected here")]
    [InlineData("buy when close |and open > 3", "a comparison is expected here")]
    [InlineData("buy when (close) |or open > 3", "a comparison is expected here")]
    [InlineData("buy when not close|", "a comparison is expected here")]
    [InlineData("buy when close |cross above open", "did you mean 'crosses'?")]
    [InlineData("buy when close |30", "a comparison is expected here")]
    [InlineData("buy when close >|", "a value is expected here")]
    [InlineData("buy when close > |> 3", "a value is expected here")]
    [InlineData("buy when close crosses |open", "'above' or 'below' is expected here")]
    [InlineData("buy when 3 |> 2", "both sides are constants")]
    [InlineData("buy when close > open and 1 + 1 |crosses above 2 * 3", "both sides are constants")]
    [InlineData("buy when close > open |> low", "comparisons cannot be chained")]
    [InlineData("buy when (close > open) |> 3", "not a number to compare")]
    [InlineData("buy when 3 < |(close > open)", "a comparison needs a number here")]
    [InlineData("buy when (close > open) |+ 3 > 2", "'+' needs a number on each side")]
    [InlineData("buy when 3 * |(close > open) > 2", "'*' needs a number here")]
    [InlineData("buy when -|(close > open) > 2", "'-' needs a number here")]
    [InlineData("buy when (close > open|", "a ')' is expected here, for the '(' in column 10")]
    [InlineData("buy when (close > open |cooldown 3s", "a ')' is expected here")]
    [InlineData("buy when close > open|)", "')' is not expected here")]
    [InlineData("buy when close > open |xor low > 3", "did you mean 'or'?")]
    [InlineData("buy when close > |3x", "'3x' is not a number")]
    [InlineData("buy when close > |1.2.3", "'1.2.3' is not a number")]
    [InlineData("buy when close > |.", "'.' is not a number")]
    [InlineData("buy when close > |1e999", "too large")]
    [InlineData("buy when close > 30|%", "write 0.01 for 1 %")]
    [InlineData("buy when close > open for |bars", "a whole number of bars")]
    [InlineData("buy when close > open for |0 bars", "from 1 to 100000")]
    [InlineData("buy when close > open for |3min", "a whole number of bars")]
    [InlineData("buy when close > open for 3 |minutes", "'bars' is expected here")]
    [InlineData("buy when close > open on |1mins", "'1mins' is not a frame")]
    [InlineData("buy when close > open on |1mn", "did you mean '1min'?")]
    [InlineData("buy when close > open on|", "a frame is expected here")]
    [InlineData("buy when close |on 5min > 3", "as in close@5min")]
    [InlineData("buy when close |for 3 bars > 3", "'for' must follow a condition")]
    [InlineData(
        "buy when close > 1 on 1min and open > 2 on 5min and |low > 3", "the frame is missing: the rule has 'on' 1min and 5min elsewhere")]
    [InlineData("buy when close > 1 on 1min and open > 2 on 5min and 3 < low@1min and 2 < |sma(20)", "the frame is missing")]
    [InlineData("buy when close > 1 cooldown|", "a duration is expected here")]
    [InlineData("buy when close > 1 cooldown |soon", "'soon' is not a duration")]
    [InlineData("buy when close > 1 cooldown |0s", "not a duration")]
    [InlineData("buy when close > 1 cooldown |10", "'10' is not a duration")]
    [InlineData("buy when close > 1 cooldown |1.5min", "not a duration")]
    [InlineData("buy when close > 1 cooldown |36501days", "not a duration")]
    [InlineData("buy when close > 1 cooldown 3s |on 5min", "a rule ends with its cooldown")]
    public void BadRule_IsRefusedAtTheColumnThatIsWrong(string marked, string messagePart)
    {
        var column = marked.IndexOf('|');
        var text = marked.Remove(column, 1);
        Assert.False(RuleParser.TryParse(text, out var rule, out var error));
        Assert.Null(rule);
        Assert.Contains(messagePart, error.Message);

        // An error at the end of the text points to the position after its last character.
        Assert.Equal(Math.Min(column, text.TrimEnd().Length), error.Column);
    }

    [Fact]
    public void Caret_StandsUnderTheFault()
    {
        Assert.False(RuleParser.TryParse("buy when\tfoo > 3", out _, out var error));
        var lines = error.Render("buy when\tfoo > 3").Split('\n');
        Assert.Equal("buy when foo > 3", lines[0]);
        Assert.Equal("         ^", lines[1]);
        Assert.StartsWith("column 10: 'foo'", lines[2]);
    }

    [Fact]
    public void CaretInALongRule_ShowsThePartAroundTheFault()
    {
        var text = "buy when " + string.Join(" and ", Enumerable.Repeat("close > open", 40)) + " and foo > 3 and "
            + string.Join(" and ", Enumerable.Repeat("close > open", 40));
        Assert.False(RuleParser.TryParse(text, out _, out var error));
        var lines = error.Render(text).Split('\n');
        Assert.True(lines[0].Length <= 122);
        Assert.Equal("foo > 3", lines[0].Substring(lines[1].IndexOf('^'), 7));
    }

    [Fact]
    public void EndlessRule_IsRefusedWithoutBeingRead()
    {
        Assert.False(RuleParser.TryParse(new string('(', 1_000_000), out _, out var error));
        Assert.Contains("at most 4000 characters", error.Message);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("not ")]
    [InlineData("-")]
    public void DeeplyNestedRule_IsRefusedAtTheLevelTooMany(string opening)
    {
        var text = "buy when " + string.Concat(Enumerable.Repeat(opening, 900));
        Assert.False(RuleParser.TryParse(text, out _, out var error));
        Assert.Contains("nest at most 50 deep", error.Message);
        Assert.Equal("buy when ".Length + (50 * opening.Length), error.Column);
    }

    /// <summary>A plan keeps the spelling of its rules, and a node reads its plan when it starts.</summary>
    [Theory]
    [InlineData(
        "not ", 40, "close > 1", "", 0, "the full form of this rule is not valid: brackets, 'not' and minus signs nest at most 50 deep")]
    [InlineData(
        "", 0, "close > 1", " for 2 bars", 60,
        "the full form of this rule is not valid: brackets, 'not' and minus signs nest at most 50 deep")]
    [InlineData("", 0, "close>1", " and(close>1)", 300, "a rule has at most 4000 characters; in its full form this one has")]
    public void RuleWhoseSpellingIsNoRule_IsRefused(string before, int times, string condition, string after, int more, string message)
    {
        var text = "buy when " + string.Concat(Enumerable.Repeat(before, times)) + condition
            + string.Concat(Enumerable.Repeat(after, more));
        Assert.False(RuleParser.TryParse(text, out var rule, out var error));
        Assert.Null(rule);
        Assert.StartsWith(message, error.Message);
    }

    [Fact]
    public void RuleCutAnywhere_IsARuleOrAnErrorWithinTheText()
    {
        const string Rule = "sell when not (rsi(14) < 70) and bollinger(20,2).upper < 1.5e1 * -high@1hour for 3 bars on 1min or close "
            + "crosses below ema(5) cooldown 10 min";
        for (var length = 0; length <= Rule.Length; length++)
        {
            for (var from = 0; from <= length; from += 7)
            {
                var text = Rule[from..length];
                if (!RuleParser.TryParse(text, out _, out var error)) Assert.InRange(error.Column, 0, text.Length);
            }
        }
    }

    [Theory]
    [InlineData("buy when clöse > 3")]
    [InlineData("buy when close > ٣")]
    [InlineData("buy when close\0 > 3")]
    [InlineData("buy when \ud83d > 3")]
    [InlineData("İuy when close > 3")]
    public void StrangeCharacters_AreRefusedLikeAnyOther(string text)
    {
        Assert.False(RuleParser.TryParse(text, out _, out var error));
        Assert.InRange(error.Column, 0, text.Length);
        Assert.NotEmpty(error.Render(text));
    }
}
