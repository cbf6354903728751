using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.Domain.Tests.Signals;

public class NaiveRuleTests
{
    private const int Evaluations = 40;

    private static readonly string[] Indicators = ["sma(1)", "ema(2)"];
    private static readonly BarField[] Fields = Enum.GetValues<BarField>();

    [Fact]
    public void CompiledRule_FiresExactlyWhereThePlainReadingOfItDoes()
    {
        var signals = 0;
        Prop.ForAll(RuleGenerators.SmallRules.ToArbitrary(), Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), (rule, seed) =>
        {
            var (fired, past) = Run(rule, new Random(seed));
            Assert.Equal(new NaiveRule(rule, past).Fired(), fired);
            signals += fired.Count(f => f);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
        Assert.True(signals > 1_000, $"only {signals} signals: the market of this test is too dull");
    }

    /// <summary>A market of few, often equal and often absent values, in which a 5min bar closes sometimes.</summary>
    private static (List<bool> Fired, List<Moment> Past) Run(Rule rule, Random random)
    {
        var bench = new RuleBench(rule);
        var closed = new Dictionary<Frame, int> { [Frame.OneMinute] = 0, [Frame.FiveMinutes] = 0 };
        var values = new Dictionary<string, double>();
        var past = new List<Moment>();
        var fired = new List<bool>();
        var time = 0L;
        for (var i = 0; i < Evaluations; i++)
        {
            time += random.Next(1, 120) * Timestamp.Second;
            if (rule.EvaluationFrame(default) == Frame.OneMinute) Close(Frame.OneMinute);
            if (rule.EvaluationFrame(default) == Frame.FiveMinutes || random.Next(4) == 0) Close(Frame.FiveMinutes);
            past.Add(new Moment(time, new Dictionary<string, double>(values), new Dictionary<Frame, int>(closed)));
            fired.Add(bench.Fires(time));
        }

        return (fired, past);

        void Close(Frame frame)
        {
            closed[frame]++;
            foreach (var indicator in Indicators)
            {
                var name = $"{indicator}@{frame.Name()}";
                double? value = random.Next(8) == 0 ? null : random.Next(3);
                bench.Set(name, value);
                if (value is { } present) values[name] = present;
                else values.Remove(name);
            }

            var (price, volume) = (random.Next(1, 4), random.Next(0, 3));
            bench.Close(frame, closed[frame], price, volume);
            foreach (var field in Fields)
            {
                values[new BarValue(field, frame).ToString()] = field == BarField.Volume ? volume : price;
            }
        }
    }
}
