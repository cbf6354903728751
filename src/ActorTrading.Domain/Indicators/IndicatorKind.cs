using System.Globalization;

namespace ActorTrading.Domain.Indicators;

/// <summary>Kinds of indicator parameters.</summary>
public enum ParameterKind
{
    /// <summary>A number of bars, 1 to <see cref="IndicatorKind.MaxLength"/>.</summary>
    Length,

    /// <summary>
    /// A decimal factor, such as the width of a band: <see cref="IndicatorKind.MinFactor"/> to
    /// <see cref="IndicatorKind.MaxFactor"/>.
    /// </summary>
    Factor,

    /// <summary>A word that selects another convention; optional.</summary>
    Variant,
}

/// <summary>Unit of an indicator's values.</summary>
public enum ValueUnit
{
    /// <summary>A number without a unit.</summary>
    None,

    /// <summary>A price: the values lie among the prices.</summary>
    Price,

    /// <summary>The difference of two prices.</summary>
    PriceDifference,

    /// <summary>Percent.</summary>
    Percent,

    /// <summary>The unit of volumes.</summary>
    Quantity,
}

/// <summary>One parameter of an indicator: its name (for a variant: the word itself) and its default.</summary>
public sealed record Parameter(string Name, ParameterKind Kind, double Default = 0, int Minimum = 1);

/// <summary>The complete arguments of one use of an indicator; a variant is 1 if selected, otherwise 0.</summary>
public readonly struct Arguments(IReadOnlyList<double> values)
{
    /// <summary>The length at that index, in bars.</summary>
    public int Length(int index) => (int)values[index];

    /// <summary>The factor at that index.</summary>
    public double Factor(int index) => values[index];

    /// <summary>Whether the variant at that index is selected.</summary>
    public bool Has(int index) => values[index] != 0;
}

/// <summary>
/// An entry of the registry: the name, its parameters, its outputs (none = a single, unnamed one) and its factory.
/// <paramref name="Create"/> allocates the cells in the layout.
/// </summary>
public sealed record IndicatorKind(
    string Name, string Summary, Parameter[] Parameters, string[] Outputs, Func<Arguments, StateLayout, Indicator> Create)
{
    /// <summary>Maximum length of a window, in bars.</summary>
    public const int MaxLength = 100_000;

    /// <summary>Minimum factor; a smaller one is assumed to be a typing error.</summary>
    public const double MinFactor = 0.001;

    /// <summary>Maximum factor.</summary>
    public const double MaxFactor = 1000;

    /// <summary>Unit of the values.</summary>
    public ValueUnit Unit { get; init; }

    /// <summary>Number of values that a step writes.</summary>
    public int OutputCount => Math.Max(1, Outputs.Length);

    /// <summary>The signature: <c>macd(fast,slow,signal).line|.signal|.histogram</c>.</summary>
    public string Signature
    {
        get
        {
            var parameters = string.Join(",", Parameters.Select(p => p.Kind == ParameterKind.Variant ? $"[{p.Name}]" : p.Name));
            var call = Parameters.Length == 0 ? Name : $"{Name}({parameters})";
            return Outputs.Length == 0 ? call : call + "." + string.Join("|.", Outputs);
        }
    }

    /// <summary>The canonical spelling of these arguments; variants only if selected.</summary>
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
