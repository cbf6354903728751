using System.Globalization;

namespace ActorTrading.Domain.Indicators;

/// <summary>What an argument of an indicator may be.</summary>
public enum ParameterKind
{
    /// <summary>A number of bars, 1 to <see cref="IndicatorKind.MaxLength"/>.</summary>
    Length,

    /// <summary>
    /// A decimal factor, such as the width of a band: <see cref="IndicatorKind.MinFactor"/> to
    /// <see cref="IndicatorKind.MaxFactor"/>.
    /// </summary>
    Factor,

    /// <summary>A word that asks for another convention; may be left out.</summary>
    Variant,
}

/// <summary>What the values of an indicator are measured in.</summary>
public enum ValueUnit
{
    /// <summary>A number without a unit.</summary>
    None,

    /// <summary>A price: the values lie among the prices.</summary>
    Price,

    /// <summary>The distance of two prices.</summary>
    PriceDifference,

    /// <summary>Hundredths.</summary>
    Percent,

    /// <summary>What volumes are measured in.</summary>
    Quantity,
}

/// <summary>One argument of an indicator: its name (for a variant: the word itself) and what it is when left out.</summary>
public sealed record Parameter(string Name, ParameterKind Kind, double Default = 0, int Minimum = 1);

/// <summary>The arguments of one use of an indicator, complete: a variant is 1 where asked for and 0 where not.</summary>
public readonly struct Arguments(IReadOnlyList<double> values)
{
    /// <summary>The number of bars given at that place.</summary>
    public int Length(int index) => (int)values[index];

    /// <summary>The factor given at that place.</summary>
    public double Factor(int index) => values[index];

    /// <summary>Whether the variant at that place was asked for.</summary>
    public bool Has(int index) => values[index] != 0;
}

/// <summary>
/// An entry of the registry: the name, its parameters, its outputs (none = a single, unnamed one) and how to
/// make it. <paramref name="Create"/> asks the layout for the cells.
/// </summary>
public sealed record IndicatorKind(
    string Name, string Summary, Parameter[] Parameters, string[] Outputs, Func<Arguments, StateLayout, Indicator> Create)
{
    /// <summary>The longest window accepted, in bars.</summary>
    public const int MaxLength = 100_000;

    /// <summary>The smallest factor accepted; a smaller one is a slip of the pen.</summary>
    public const double MinFactor = 0.001;

    /// <summary>The largest factor accepted.</summary>
    public const double MaxFactor = 1000;

    /// <summary>What its values are measured in.</summary>
    public ValueUnit Unit { get; init; }

    /// <summary>How many values a step writes.</summary>
    public int OutputCount => Math.Max(1, Outputs.Length);

    /// <summary>How it is written: <c>macd(fast,slow,signal).line|.signal|.histogram</c>.</summary>
    public string Signature
    {
        get
        {
            var parameters = string.Join(",", Parameters.Select(p => p.Kind == ParameterKind.Variant ? $"[{p.Name}]" : p.Name));
            var call = Parameters.Length == 0 ? Name : $"{Name}({parameters})";
            return Outputs.Length == 0 ? call : call + "." + string.Join("|.", Outputs);
        }
    }

    /// <summary>The one spelling of these arguments: variants only where asked for.</summary>
    public string Spell(IReadOnlyList<double> arguments)
    {
        var words = Parameters
            .Select((p, i) => (Parameter: p, Value: arguments[i]))
            .Where(x => x.Parameter.Kind != ParameterKind.Variant || x.Value != 0)
            .Select(x => x.Parameter.Kind == ParameterKind.Variant
                ? x.Parameter.Name
                : x.Value.ToString("R", CultureInfo.InvariantCulture));
        var written = string.Join(",", words);
        return written.Length == 0 ? Name : $"{Name}({written})";
    }
}
