using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Signals;

/// <summary>The number of bars that an indicator needs before it has a value.</summary>
public static class WarmUp
{
    private const int Patience = 20;

    /// <summary>
    /// Number of bars up to and including the first one with a value of the spec's output (without an output: with all values). Found by
    /// running the indicator itself on a moving market, so it cannot differ from the indicator. Null if there is no value within 20 times
    /// the sum of its lengths.
    /// </summary>
    public static int? Bars(IndicatorSpec spec)
    {
        var layout = new StateLayout();
        var indicator = spec.Kind.Create(new Arguments(spec.Arguments), layout);
        var state = new long[layout.Words];
        var values = new double[spec.Kind.OutputCount];
        var lengths = spec.Kind.Parameters.Zip(spec.Arguments).Where(x => x.First.Kind == ParameterKind.Length).Sum(x => x.Second);
        for (var count = 1; count <= Patience * (lengths + 1); count++)
        {
            Array.Fill(values, Indicator.Absent);
            indicator.Step(LivelyBar(count), state, values);
            if (spec.Output >= 0 ? !double.IsNaN(values[spec.Output]) : !values.Any(double.IsNaN)) return count;
        }

        return null;
    }

    /// <summary>
    /// A bar of a moving market: prices rise and fall, and every bar has a range and a volume, so no indicator divides by zero.
    /// </summary>
    private static Bar LivelyBar(int count)
    {
        var price = (100 + (count * 7 % 13)) * Fixed8.One;
        var bar = Bar.Of(count * Timestamp.Minute, session: 0, price, 10 * Fixed8.One);
        bar.Add(price + (2 * Fixed8.One), Fixed8.One);
        bar.Add(price - Fixed8.One, Fixed8.One);
        bar.Add(price + (count % 2 * Fixed8.One), Fixed8.One);
        return bar;
    }
}
