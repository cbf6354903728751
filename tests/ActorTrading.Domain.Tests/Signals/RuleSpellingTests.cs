using System.Text.RegularExpressions;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Signals;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.Domain.Tests.Signals;

public class RuleSpellingTests
{
    [Fact]
    public void AnyRule_IsReadBackFromItsSpellingAsItWas() =>
        Prop.ForAll(RuleGenerators.Rules.ToArbitrary(), rule =>
        {
            var text = rule.ToString();
            if (text.Length > RuleParser.MaxLength) return;
            var again = RuleParserTests.Parse(text);
            Assert.Equal(rule, again);
            Assert.Equal(text, again.ToString());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void AnyRuleInCapitalsWithOtherBlanks_IsTheSameRule() =>
        Prop.ForAll(RuleGenerators.Rules.ToArbitrary(), rule =>
        {
            var text = rule.ToString().ToUpperInvariant().Replace(" ", " \t ", StringComparison.Ordinal);
            if (text.Length > RuleParser.MaxLength) return;
            Assert.Equal(rule, RuleParserTests.Parse(text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void AnyRuleWithACharacterChanged_IsARuleOrAnErrorWithinIt() =>
        Prop.ForAll(RuleGenerators.Rules.ToArbitrary(), Gen.Choose(0, 5_000).ToArbitrary(),
            Gen.Elements(" ()@.,-x7<".ToCharArray()).ToArbitrary(), (rule, at, character) =>
            {
                var text = rule.ToString().ToCharArray();
                text[at % text.Length] = character;
                var changed = new string(text);
                if (!RuleParser.TryParse(changed, out _, out var error)) Assert.InRange(error.Column, 0, changed.Length);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Id_DependsOnWhatTheRuleSaysAlone()
    {
        var id = RuleParserTests.Parse("buy when close > sma(20) on 1min").Id(Frame.FiveMinutes);
        Assert.Matches(new Regex("^buy-[0-9a-f]{8}$"), id);
        Assert.Equal(id, RuleParserTests.Parse("BUY WHEN close@1min > sma( 20 )@1min").Id(Frame.OneHour));
        Assert.Equal(id, RuleParserTests.Parse("buy when price > sma(20)").Id(Frame.OneMinute));
        Assert.NotEqual(id, RuleParserTests.Parse("buy when close > sma(20)").Id(Frame.FiveMinutes));
        Assert.NotEqual(id, RuleParserTests.Parse("buy when close > sma(21) on 1min").Id(Frame.OneMinute));
        Assert.NotEqual(id, RuleParserTests.Parse("buy when close > sma(20) on 1min cooldown 1min").Id(Frame.OneMinute));
        Assert.NotEqual(id[3..], RuleParserTests.Parse("sell when close > sma(20) on 1min").Id(Frame.OneMinute)[4..]);
    }

    [Fact]
    public void Frames_AreThoseOfTheValues_AndTheSmallestCallsForTheEvaluation()
    {
        var rule = RuleParserTests.Parse("buy when close > sma(20)@1hour and rsi(14)@tick < 30 and sma(20)@1hour < 9");
        Assert.Equal([Frame.Tick, Frame.FiveMinutes, Frame.OneHour], rule.Frames(Frame.FiveMinutes));
        Assert.Equal(Frame.Tick, rule.EvaluationFrame(Frame.FiveMinutes));
        Assert.Equal(["sma(20)/1hour", "rsi(14)/tick"], rule.Indicators(Frame.FiveMinutes).Select(x => $"{x.Spec}/{x.Frame.Name()}"));
    }
}
