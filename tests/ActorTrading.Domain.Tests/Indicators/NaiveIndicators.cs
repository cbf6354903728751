using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>
/// A slow and simple version of every indicator: from the definition, over whole columns, in decimals of 28 digits. An absent value is
/// null.
/// </summary>
internal static class NaiveIndicators
{
    /// <summary>The values of the output named in the text, one for each bar; NaN if absent.</summary>
    public static double[] Run(string text, IReadOnlyList<Bar> bars, Units units = default)
    {
        Assert.True(IndicatorSpec.TryParse(text, out var spec, out var error), error?.Message);
        var columns = Columns(spec.Kind.Name, new Arguments(spec.Arguments), bars, units);
        return [.. columns[Math.Max(spec.Output, 0)].Select(value => (double?)value ?? double.NaN)];
    }

    private static decimal?[][] Columns(string name, Arguments a, IReadOnlyList<Bar> bars, Units units)
    {
        var market = new Market(bars, units);
        var close = market.Close;
        return name switch
        {
            "sma" => [Mean(close, a.Length(0))],
            "ema" => [Smooth(close, a.Length(0), 2m / (a.Length(0) + 1), a.Has(1))],
            "wma" => [Windows(close, a.Length(0), w => w.Select((c, i) => c * (i + 1)).Sum() / Enumerable.Range(1, w.Length).Sum())],
            "rsi" => [Rsi(close, a.Length(0), cutler: a.Has(1), first: a.Has(2))],
            "stddev" => [Windows(close, a.Length(0), w => Deviation(w, a.Has(1)))],
            "volatility" => [Windows(Returns(close, a.Has(1)), a.Length(0), w => Deviation(w, sample: true))],
            "bollinger" => Bollinger(close, a.Length(0), (decimal)a.Factor(1)),
            "macd" => Macd(close, a.Length(0), a.Length(1), a.Length(2)),
            "atr" => [Smooth(TrueRange(market, a.Has(1)), a.Length(0), 1m / a.Length(0), a.Has(1))],
            "truerange" => [TrueRange(market, a.Has(0))],
            "vwap" => [Vwap(market)],
            "stochastic" => Stochastic(market, a.Length(0), a.Length(1), a.Length(2)),
            "obv" => [Obv(market)],
            "roc" => [Each(
                close.Length, i => i < a.Length(0) || close[i - a.Length(0)] <= 0 ? null : 100 * (close[i] / close[i - a.Length(0)] - 1))],
            "momentum" => [Each(close.Length, i => i < a.Length(0) ? null : close[i] - close[i - a.Length(0)])],
            "donchian" => Donchian(market, a.Length(0), a.Has(1)),
            "cci" => [Cci(market, a.Length(0))],
            "adx" => [Adx(market, a.Length(0))],
            _ => throw new ArgumentException($"no naive {name}", nameof(name)),
        };
    }

    private static decimal?[] Rsi(decimal?[] close, int n, bool cutler, bool first)
    {
        var change = Each(close.Length, i => i > 0 ? close[i] - close[i - 1] : first ? 0 : null);
        var gain = Each(change.Length, i => change[i] is { } c ? Math.Max(c, 0) : null);
        var loss = Each(change.Length, i => change[i] is { } c ? Math.Max(-c, 0) : null);
        var gains = cutler ? Mean(gain, n) : Smooth(gain, n, 1m / n, first);
        var losses = cutler ? Mean(loss, n) : Smooth(loss, n, 1m / n, first);
        return Each(close.Length, i => gains[i] + losses[i] > 0 ? 100 * gains[i] / (gains[i] + losses[i]) : null);
    }

    /// <summary>No return is defined for a price that is not positive, and no log return to such a price or above 3,200 %.</summary>
    private static decimal?[] Returns(decimal?[] close, bool log) => Each(close.Length, i =>
    {
        if (i == 0 || close[i - 1] <= 0 || (log && close[i] <= 0)) return null;
        var change = log ? Ln((close[i] / close[i - 1])!.Value) : (close[i] / close[i - 1] - 1)!.Value;
        return Math.Abs(change) < 32 ? change : null;
    });

    /// <summary>ln x = 2 · (s + s³/3 + s⁵/5 + …) with s = (x − 1) / (x + 1), until the terms vanish.</summary>
    private static decimal Ln(decimal x)
    {
        var s = (x - 1) / (x + 1);
        var sum = 0m;
        var power = s;
        for (var k = 1; power / k != 0; k += 2, power *= s * s) sum += power / k;
        return 2 * sum;
    }

    private static decimal?[][] Bollinger(decimal?[] close, int n, decimal k)
    {
        var middle = Mean(close, n);
        var deviation = Windows(close, n, w => Deviation(w, sample: false));
        return [Each(close.Length, i => middle[i] + (k * deviation[i])), middle, Each(close.Length, i => middle[i] - (k * deviation[i]))];
    }

    private static decimal?[][] Macd(decimal?[] close, int fast, int slow, int signal)
    {
        var fastEma = Smooth(close, fast, 2m / (fast + 1), first: false);
        var slowEma = Smooth(close, slow, 2m / (slow + 1), first: false);
        var line = Each(close.Length, i => fastEma[i] - slowEma[i]);
        var average = Smooth(line, signal, 2m / (signal + 1), first: false);
        return [line, average, Each(close.Length, i => line[i] - average[i])];
    }

    private static decimal?[] TrueRange(Market m, bool first) => Each(m.Close.Length, i => i == 0
        ? first ? m.High[0] - m.Low[0] : null
        : new[] { m.High[i] - m.Low[i], Math.Abs((m.High[i] - m.Close[i - 1])!.Value), Math.Abs((m.Low[i] - m.Close[i - 1])!.Value) }
            .Max());

    private static decimal?[] Vwap(Market m) => Each(m.Close.Length, i =>
    {
        var start = i;
        while (start > 0 && m.Session[start - 1] == m.Session[i]) start--;
        var session = Enumerable.Range(start, i - start + 1).ToList();
        var volume = session.Sum(b => m.Volume[b]);
        return volume == 0 ? null : session.Sum(b => m.Typical[b] * m.Volume[b]) / volume;
    });

    private static decimal?[][] Stochastic(Market m, int n, int k, int d)
    {
        var lowest = Windows(m.Low, n, w => w.Min());
        var highest = Windows(m.High, n, w => w.Max());
        var raw = Each(m.Close.Length, i =>
            highest[i] > lowest[i] ? 100 * (m.Close[i] - lowest[i]) / (highest[i] - lowest[i]) : null);
        var slow = Mean(raw, k);
        return [slow, Mean(slow, d)];
    }

    private static decimal?[] Obv(Market m)
    {
        var total = 0m;
        return Each(m.Close.Length, i => i == 0 ? total : total += m.Volume[i] * Math.Sign((m.Close[i] - m.Close[i - 1])!.Value));
    }

    private static decimal?[][] Donchian(Market m, int n, bool current)
    {
        var highest = Windows(m.High, n, w => w.Max());
        var lowest = Windows(m.Low, n, w => w.Min());
        var shift = current ? 0 : 1;
        return [Each(m.Close.Length, i => i < shift ? null : highest[i - shift]),
            Each(m.Close.Length, i => i < shift ? null : lowest[i - shift])];
    }

    private static decimal?[] Cci(Market m, int n)
    {
        var mean = Mean(m.Typical, n);
        var deviation = Windows(m.Typical, n, w => Math.Round(w.Average(t => Math.Abs(t - w.Average())), 20));
        return Each(mean.Length, i => deviation[i] > 0 ? (m.Typical[i] - mean[i]) / (0.015m * deviation[i]) : null);
    }

    // With the average true range, as Wilder defines it.
    private static decimal?[] Adx(Market m, int n)
    {
        var up = Each(m.Close.Length, i => i == 0 ? null : m.High[i] - m.High[i - 1]);
        var down = Each(m.Close.Length, i => i == 0 ? null : m.Low[i - 1] - m.Low[i]);
        var plus = Smooth(Each(up.Length, i => i == 0 ? null : up[i] > down[i] && up[i] > 0 ? up[i] : 0), n, 1m / n, first: false);
        var minus = Smooth(Each(up.Length, i => i == 0 ? null : down[i] > up[i] && down[i] > 0 ? down[i] : 0), n, 1m / n, first: false);
        var range = Smooth(TrueRange(m, first: false), n, 1m / n, first: false);
        var index = Each(up.Length, i =>
        {
            if (range[i] is not { } r) return null;
            if (r == 0) return 0;
            var (pdi, mdi) = (100 * plus[i] / r, 100 * minus[i] / r);
            return pdi + mdi == 0 ? 0 : 100 * Math.Abs((pdi - mdi)!.Value) / (pdi + mdi);
        });
        return Smooth(index, n, 1m / n, first: false);
    }

    private static decimal?[] Mean(decimal?[] column, int n) => Windows(column, n, w => w.Average());

    /// <summary>a ← a + weight · (x − a), starting with the mean of the first n values, or with the first.</summary>
    private static decimal?[] Smooth(decimal?[] column, int n, decimal weight, bool first)
    {
        var start = Array.FindIndex(column, value => value is not null);
        var smooth = new decimal?[column.Length];
        var seedAt = first ? start : start + n - 1;
        if (start < 0 || seedAt >= column.Length) return smooth;
        smooth[seedAt] = column[start..(seedAt + 1)].Average();
        for (var i = seedAt + 1; i < column.Length; i++) smooth[i] = smooth[i - 1] + (weight * (column[i] - smooth[i - 1]));
        return smooth;
    }

    /// <summary>Two passes: the mean, then the distances from it.</summary>
    private static decimal Deviation(decimal[] window, bool sample)
    {
        var mean = window.Average();
        var squares = window.Sum(x => (x - mean) * (x - mean));
        return (decimal)Math.Sqrt((double)(squares / (window.Length - (sample ? 1 : 0))));
    }

    /// <summary>A function of the last n values; absent until there are n.</summary>
    private static decimal?[] Windows(decimal?[] column, int n, Func<decimal[], decimal> of) => Each(column.Length, i =>
    {
        if (i + 1 < n) return null;
        var window = column[(i + 1 - n)..(i + 1)];
        return window.Contains(null) ? null : of([.. window.Select(x => x!.Value)]);
    });

    private static decimal?[] Each(int count, Func<int, decimal?> of)
    {
        var column = new decimal?[count];
        for (var i = 0; i < count; i++) column[i] = of(i);
        return column;
    }

    private sealed class Market(IReadOnlyList<Bar> bars, Units units)
    {
        public decimal?[] High { get; } = [.. bars.Select(b => (decimal?)b.High / PowerOfTen(units.PriceDecimals))];

        public decimal?[] Low { get; } = [.. bars.Select(b => (decimal?)b.Low / PowerOfTen(units.PriceDecimals))];

        public decimal?[] Close { get; } = [.. bars.Select(b => (decimal?)b.Close / PowerOfTen(units.PriceDecimals))];

        public decimal?[] Typical { get; } =
            [.. bars.Select(b => (decimal?)((decimal)b.High + b.Low + b.Close) / (3 * PowerOfTen(units.PriceDecimals)))];

        public decimal[] Volume { get; } = [.. bars.Select(b => (decimal)b.Volume / PowerOfTen(units.SizeDecimals))];

        private static decimal PowerOfTen(int exponent) => Enumerable.Repeat(10m, exponent).Aggregate(1m, (product, ten) => product * ten);

        public long[] Session { get; } = [.. bars.Select(b => b.Session)];
    }
}
