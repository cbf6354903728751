using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>All indicators that a plan may name. A new one is a class and a line here.</summary>
public static class IndicatorRegistry
{
    /// <summary>The indicators, in the order documents list them.</summary>
    public static readonly IReadOnlyList<IndicatorKind> All =
    [
        new("sma", "simple moving average", [Length(20)], [], (a, m) => new Sma(m, a.Length(0))),
        new("ema", "exponential moving average", [Length(20), Variant("first")], [],
            (a, m) => new Ema(m, a.Length(0), a.Has(1) ? Seed.FirstValue : Seed.SimpleAverage)),
        new("volatility", "deviation of returns", [Length(100, minimum: 2), Variant("log")], [],
            (a, m) => new Volatility(m, a.Length(0), a.Has(1))),
    ];

    /// <summary>The indicator of that name, or null.</summary>
    public static IndicatorKind? Find(ReadOnlySpan<char> name)
    {
        foreach (var kind in All)
        {
            if (name.SequenceEqual(kind.Name)) return kind;
        }

        return null;
    }

    private static Parameter Length(int byDefault, string name = "n", int minimum = 1) =>
        new(name, ParameterKind.Length, byDefault, minimum);

    private static Parameter Variant(string word) => new(word, ParameterKind.Variant);
}
