using System.Globalization;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>Bars for indicators: recorded ones from the reference data, and generated ones.</summary>
internal static class MarketBars
{
    /// <summary>502 days of SPY, 2017 and 2018.</summary>
    public static Bar[] SpyDaily { get; } = ReferenceData.Folder is null ? [] : Read("bars", "spy_1d_2017_2018.csv");

    /// <summary>The bars of a CSV file with the columns time, open, high, low, close, volume; one session.</summary>
    public static Bar[] Read(params string[] parts) =>
        [.. ReferenceTable.Read(parts).Rows.Select((row, i) => Of(row, i))];

    /// <summary>The bar in a row of a table. The names of columns may be in any case.</summary>
    public static Bar Of(ReferenceTable.Row row, int index) => new()
    {
        OpenTime = index * Timestamp.Day,
        Open = Units(row["open"]),
        High = Units(row["high"]),
        Low = Units(row["low"]),
        Close = Units(row["close"]),
        Volume = row["volume"].Length == 0 ? 0 : Units(row["volume"]),
        Ticks = 1,
    };

    /// <summary>One bar for each price, as on the tick frame.</summary>
    public static Bar[] Ticks(IEnumerable<long> prices) => [.. prices.Select((price, i) => Bar.Of(i, 0, price, Fixed8.One))];

    /// <summary>Bars without range, all at one price.</summary>
    public static Bar[] Flat(int count, string price = "0.1") => Ticks(Enumerable.Repeat(Units(price), count));

    /// <summary>A seeded random walk of full bars, sometimes with equal closes and empty volumes.</summary>
    public static Bar[] RandomWalk(int count, int seed)
    {
        var random = new Random(seed);
        var bars = new Bar[count];
        var last = Units("100");
        for (var i = 0; i < count; i++)
        {
            var bar = Bar.Of(i * Timestamp.Minute, i / 390, last, 0);
            for (var t = random.Next(6); t > 0; t--)
            {
                last = Math.Max(1_000_000, last + (random.Next(-20, 21) * 1_000_000L));
                bar.Add(last, random.Next(3) * Fixed8.One);
            }

            bars[i] = bar;
        }

        return bars;
    }

    public static long Units(string text)
    {
        var plain = text.Contains('E', StringComparison.OrdinalIgnoreCase)
            ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
            : text;
        return Fixed8.TryParse(plain, out var units) == NumberStatus.Ok ? units : throw new FormatException(text);
    }
}
