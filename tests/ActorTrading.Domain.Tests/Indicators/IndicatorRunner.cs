using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>Runs one indicator with its own memory over bars, as the fold does.</summary>
internal sealed class IndicatorRunner
{
    private readonly Indicator indicator;
    private readonly long[] state;
    private readonly double[] values;

    public IndicatorRunner(string text, Units units = default, bool anyPrices = false)
    {
        if (!IndicatorSpec.TryParse(text, out var spec, out var error)) throw new ArgumentException(error.Message, nameof(text));
        var layout = new StateLayout(units, anyPrices);
        indicator = spec.Kind.Create(new Arguments(spec.Arguments), layout);
        state = new long[layout.Words];
        values = new double[spec.Kind.OutputCount];
        Output = Math.Max(spec.Output, 0);
    }

    /// <summary>The output named in the text; the first output if the text names none.</summary>
    public int Output { get; }

    /// <summary>The current memory.</summary>
    public long[] State => state;

    /// <summary>Takes a bar. The next step overwrites the returned values.</summary>
    public ReadOnlySpan<double> Step(in Bar bar)
    {
        values.AsSpan().Fill(Indicator.Absent);
        indicator.Step(bar, state, values);
        return values;
    }

    /// <summary>The values of the output named in the text, one for each bar.</summary>
    public static double[] Run(string text, IEnumerable<Bar> bars, Units units = default, bool anyPrices = false)
    {
        var runner = new IndicatorRunner(text, units, anyPrices);
        return [.. bars.Select(bar => runner.Step(bar)[runner.Output])];
    }
}
