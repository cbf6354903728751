using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>All indicators that a plan may use. A new indicator needs a class and one line here.</summary>
public static class IndicatorRegistry
{
    /// <summary>The indicators, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<IndicatorKind> All =
    [
        new("sma", "simple moving average", [Length(20)], [], (a, m) => new Sma(m, a.Length(0))) { Unit = ValueUnit.Price },
        new("ema", "exponential moving average", [Length(20), Variant("first")], [],
            (a, m) => new Ema(m, a.Length(0), SeedOf(a, 1))) { Unit = ValueUnit.Price },
        new("wma", "linearly weighted moving average", [Length(20)], [], (a, m) => new Wma(m, a.Length(0))) { Unit = ValueUnit.Price },
        new("rsi", "relative strength index", [Length(14), Variant("cutler"), Variant("first")], [],
            (a, m) => a.Has(1) ? new CutlerRsi(m, a.Length(0)) : new Rsi(m, a.Length(0), SeedOf(a, 2))) { Unit = ValueUnit.Percent },
        new("stddev", "deviation of closes", [Length(20, minimum: 2), Variant("sample")], [],
            (a, m) => new StandardDeviation(m, a.Length(0), a.Has(1))) { Unit = ValueUnit.PriceDifference },
        new("volatility", "deviation of returns", [Length(100, minimum: 2), Variant("log")], [],
            (a, m) => new Volatility(m, a.Length(0), a.Has(1))),
        new("bollinger", "Bollinger bands", [Length(20, minimum: 2), Factor(2, "k")], ["upper", "middle", "lower"],
            (a, m) => new Bollinger(m, a.Length(0), a.Factor(1))) { Unit = ValueUnit.Price },
        new("macd", "moving average convergence and divergence",
            [Length(12, "fast"), Length(26, "slow"), Length(9, "signal")], ["line", "signal", "histogram"],
            (a, m) => new Macd(m, a.Length(0), a.Length(1), a.Length(2))) { Unit = ValueUnit.PriceDifference },
        new("atr", "average true range", [Length(14), Variant("first")], [],
            (a, m) => new Atr(m, a.Length(0), SeedOf(a, 1))) { Unit = ValueUnit.PriceDifference },
        new("truerange", "true range", [Variant("first")], [], (a, m) => new TrueRange(m, SeedOf(a, 0)))
            { Unit = ValueUnit.PriceDifference },
        new("vwap", "volume-weighted average price of the session", [], [], (_, m) => new Vwap(m)) { Unit = ValueUnit.Price },
        new("stochastic", "stochastic oscillator", [Length(14), Length(3, "k"), Length(3, "d")], ["k", "d"],
            (a, m) => new Stochastic(m, a.Length(0), a.Length(1), a.Length(2))) { Unit = ValueUnit.Percent },
        new("obv", "on-balance volume", [], [], (_, m) => new Obv(m)) { Unit = ValueUnit.Quantity },
        new("roc", "rate of change in percent", [Length(12)], [], (a, m) => new Roc(m, a.Length(0))) { Unit = ValueUnit.Percent },
        new("momentum", "change over n steps", [Length(10)], [], (a, m) => new Momentum(m, a.Length(0)))
            { Unit = ValueUnit.PriceDifference },
        new("donchian", "Donchian channel", [Length(20), Variant("current")], ["upper", "lower"],
            (a, m) => new Donchian(m, a.Length(0), a.Has(1))) { Unit = ValueUnit.Price },
        new("cci", "commodity channel index", [Length(20, minimum: 2)], [], (a, m) => new Cci(m, a.Length(0))),
        new("adx", "average directional index", [Length(14)], [], (a, m) => new Adx(m, a.Length(0))) { Unit = ValueUnit.Percent },
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

    private static Parameter Factor(double byDefault, string name) => new(name, ParameterKind.Factor, byDefault);

    private static Parameter Variant(string word) => new(word, ParameterKind.Variant);

    private static Seed SeedOf(Arguments arguments, int variant) =>
        arguments.Has(variant) ? Seed.FirstValue : Seed.SimpleAverage;
}
