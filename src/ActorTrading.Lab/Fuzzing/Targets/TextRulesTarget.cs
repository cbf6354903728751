using System.Text;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>Rule texts: a rule, or an error with a position in the text. Property: a rule survives writing and reading.</summary>
internal sealed class TextRulesTarget : FuzzTarget
{
    public const string Called = "text-rules";

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "buy when rsi(14) crosses below 30 on 5min", "sell when close < ema(3) on tick and close@1min > ema(3)@5min",
                "alert when volume > 10 for 2 bars on 5min cooldown 1hour",
            "buy when rsi(3)@1min < 60 and not close@1hour > 1000000",
                "alert when (close - open) / -2 * 1.5 != macd(12,26,9).line or (high >= 1 and low <= 2)",
                "buy when close crosses above vwap on 90s",
            "buy when " + new string('(', 60) + "close > 1", "buy when " + string.Concat(Enumerable.Repeat("not ", 60)) + "close > 1",
                "buy when close > 1" + string.Concat(Enumerable.Repeat(" for 2 bars", 60)),
            "buy when " + string.Concat(Enumerable.Repeat("-", 49)) + "close > 1", "buy when close>1" + string.Concat(
                Enumerable.Repeat(" and(close>1)", 300)), "buy when " + string.Concat(Enumerable.Repeat("close > 1 and ", 200))
                + "close > 1",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override bool Take(byte[] input, Random random)
    {
        var text = Encoding.UTF8.GetString(input);
        var (rule, error) = Measured(input.Length, () => (RuleParser.TryParse(text, out var read, out var wrong) ? read : null, wrong));
        if (rule is null)
        {
            FuzzFault.Unless(error is { Message.Length: > 0 } && error.Column >= 0 && error.Column <= text.Length,
                $"an error points into the text: {error?.Column} of {text.Length}");
            return false;
        }

        var spelled = rule.ToString();
        FuzzFault.Unless(RuleParser.TryParse(spelled, out var again, out var fault),
            $"a rule is read again from its spelling: {fault?.Message}: {spelled}");
        FuzzFault.Unless(again!.Equals(rule), $"a rule is read again as itself from its spelling: {spelled} {again}");
        return true;
    }
}
