using System.Text;
using ActorTrading.Calendars;
using ActorTrading.Domain.Plans;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// The body of <c>PUT /plan</c>, <c>POST /plan/check</c> and <c>/plan/dry-run</c>. Property: an accepted plan survives writing and reading.
/// </summary>
internal sealed class HttpPlanTarget : FuzzTarget
{
    public const string Called = "http-plan";

    public override string Name => Called;

    /// <summary>The calendars and indicators of a plan are compiled: a few bytes can define a decade of sessions.</summary>
    protected override int AllocatedPerByte => 400_000;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            Plan.Default.ToJson(), "{}",
            """
            {"frames":["tick","1s","1min","5min","1hour","1day"],
             "indicators":["ema(3)","vwap","rsi(3)","donchian(4).upper@1min","macd(2,4,2)@5min","sma(2)@tick"],
             "rules":["buy when ema(3) crosses above close on 1min","alert when volume > 10 for 2 bars on 5min cooldown 1hour",
             {"name":"mixed","rule":"buy when rsi(3)@1min < 60 and not close@1hour > 1000000"}],
             "limits":{"spike":{"percent":50,"within":"10min"}},
             "symbols":{"BTC/USD":{"frames":["5min","1day"],"rules":["alert when close != open on 5min"],
              "indicators":["obv"],"price_decimals":2,"size_decimals":6}}}
            """,
            """
            {"calendar":"us-equities","price":"bid","frames":["1min","1hour","1day"],"indicators":["sma(2)","vwap@tick","atr(2)@1hour"],
             "rules":["sell when close < sma(2) on 1min"]}
            """,
            """
            {"calendar":{"zone":"Europe/Berlin","sessions":[{"open":"09:00","close":"17:30"}],"weekend":["saturday","sunday"],
             "holidays":["2024-12-25"]},"frames":["1day"]}
            """,
            """{"price":"mid","frames":["1s","5min"],"price_decimals":3,"size_decimals":0}""",
            "{\"rules\":[\"buy when " + string.Concat(Enumerable.Repeat("not ", 45)) + "close > 1\",\"sell when close>1" + string.Concat(
                Enumerable.Repeat(" and(close>1)", 300)) + "\"]}",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(new string('[', 30_000)), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"symbols\":", 3_000))),
    ];

    public override bool Take(byte[] input, Random random)
    {
        var (plan, errors) = Measured(
            input.Length, () => (Plan.TryParse(input, VenueCalendars.Source, out var read, out var wrong) ? read : null, wrong));
        if (plan is null)
        {
            FuzzFault.Unless(errors.Count > 0, "a plan that is refused is refused with a reason");
            return false;
        }

        FuzzFault.Unless(Plan.Parse(plan.ToJson(), VenueCalendars.Source).Hash == plan.Hash,
            "a plan is read again as itself from what it is spelled as");
        return true;
    }
}
