using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Simulation.Tests;

/// <summary>The generated market without disturbances.</summary>
public class MarketGeneratorTests
{
    private static readonly MarketOptions Everything = new() { Kinds = KindMix.Everything, Ticks = 100_000, Symbols = 20 };

    // The exact bytes that every machine and every release must generate. They come from this code: they prove that nothing has changed.
    [Theory]
    [InlineData(7, false, "57955b0171a008d87554654f739d96317499f3cdb07219c11775f95cc4eda03c")]
    [InlineData(42, true, "f01b9f1546b596f24ead42bb3bdfcb3d15829069c5dd2625ece7428b3d1c819b")]
    public void SameOptions_GiveTheSameBytes_Forever(ulong seed, bool isHostile, string sha256)
    {
        var options = isHostile ? MarketOptions.Hostile with { Spikes = 0.01 } : new MarketOptions();
        Assert.Equal(sha256, Hash(MarketGenerator.Generate(options with { Seed = seed, Ticks = 50_000 })));
    }

    [Fact]
    public void AnotherSeed_IsAnotherMarket() => Assert.NotEqual(
        Hash(MarketGenerator.Generate(new() { Seed = 1, Ticks = 1_000 })),
        Hash(MarketGenerator.Generate(new() { Seed = 2, Ticks = 1_000 })));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(20_000)]
    public void ShorterRun_IsTheBeginningOfALongerOne(int count)
    {
        var options = MarketOptions.Hostile with { Spikes = 0.01, Ticks = 50_000 };
        var shorter = MarketGenerator.Generate(options with { Ticks = count }).ToArray();
        Assert.Equal(count, shorter.Length);
        Assert.Equal(Hash(MarketGenerator.Generate(options).Take(count)), Hash(shorter));
    }

    [Fact]
    public void EveryRecord_KeepsTheRulesOfAdmission() => Assert.All(
        MarketGenerator.Generate(Everything), record => Assert.Equal(RejectReason.None, TickRules.Check(record, Limits.Default)));

    [Fact]
    public void CalmMarket_NumbersItsRecordsInOrder_AndItsStampsNeverGoBack()
    {
        var expected = 0L;
        var last = Everything.Start;
        foreach (var record in MarketGenerator.Generate(Everything with { Source = "feed-1", Epoch = 3 }))
        {
            Assert.Equal(new Identity(Source.Parse("feed-1"), 3, ++expected), record.Id);
            if (record.Kind == RecordKind.Bar) continue;
            Assert.True(record.Time >= last);
            last = record.Time;
        }
    }

    [Fact]
    public void MeanTimeBetweenRecords_IsTheStep()
    {
        var last = MarketGenerator.Generate(new() { Ticks = 100_000, Step = 1_000_000 }).Last();
        Assert.InRange((last.Time.Nanoseconds - new MarketOptions().Start.Nanoseconds) / 100_000.0, 990_000, 1_010_000);
    }

    [Fact]
    public void Kinds_ComeInTheProportionAskedFor()
    {
        var counts = MarketGenerator.Generate(Everything).CountBy(record => record.Kind).ToDictionary();
        Assert.Equal(8, counts.Count);
        Assert.InRange(counts[RecordKind.Tick], 59_000, 61_000);
        Assert.InRange(counts[RecordKind.Quote], 19_400, 20_600);
        Assert.InRange(counts[RecordKind.BookUpdate], 9_500, 10_500);
        Assert.InRange(counts[RecordKind.EconomicIndicator], 850, 1_150);
    }

    [Fact]
    public void EverySymbol_Trades_AndEveryRecordHoldsItsOwnObject()
    {
        var generator = new MarketGenerator(Everything);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        while (generator.TryNext(out var record))
        {
            Assert.Same(generator.Source, record.Id.Source);
            seen.Add(record.Symbol);
        }

        Assert.Equal(21, seen.Count); // and the economic records
        Assert.Subset(seen, new HashSet<object>(generator.Symbols, ReferenceEqualityComparer.Instance));
        Assert.Contains(Symbol.Economy, seen);
    }

    [Fact]
    public void Symbols_HaveTheNamesGiven_ThenTheirNumbers()
    {
        var names = new MarketGenerator(new() { Symbols = 1_002, Names = ["AAPL", "BRK.B"] }).Symbols
            .Select(symbol => symbol.Name).ToArray();
        Assert.Equal(["AAPL", "BRK.B", "SYM002"], names[..3]);
        Assert.Equal("SYM1001", names[^1]);
        Assert.Equal(1_002, names.Distinct().Count());
    }

    [Fact]
    public void Bars_HoldTheirOpenAndClose_AndAreComplete()
    {
        var now = Everything.Start;
        foreach (var record in MarketGenerator.Generate(Everything with { Step = Timestamp.Second, BarFrame = Frame.FiveMinutes }))
        {
            if (record.Kind != RecordKind.Bar)
            {
                now = record.Time;
                continue;
            }

            Assert.True(record.C <= Math.Min(record.A, record.D), "low above open or close");
            Assert.True(record.B >= Math.Max(record.A, record.D), "high below open or close");
            Assert.Equal(Frame.FiveMinutes, record.Frame);
            Assert.Equal(0, record.Time.Nanoseconds % (5 * Timestamp.Minute));
            // A step is at most two seconds: the bar ended before, but not more than five minutes.
            var sinceEnd = now.Nanoseconds - record.Time.Nanoseconds - (5 * Timestamp.Minute);
            Assert.InRange(sinceEnd, -20 * Timestamp.Second, 5 * Timestamp.Minute);
        }
    }

    [Fact]
    public void Quotes_AreNeverCrossed_NorLocked() => Assert.All(
        MarketGenerator.Generate(Everything).Where(record => record.Kind == RecordKind.Quote),
        quote => Assert.True(quote.A < quote.C));

    [Theory]
    [InlineData(0, 0.05)]
    [InlineData(0.01, 0.0004)]
    [InlineData(-0.01, 0.0004)]
    public void Prices_StayPlausible_HoweverWildTheMarket(double drift, double volatility)
    {
        foreach (var record in MarketGenerator.Generate(Everything with { Symbols = 5, Drift = drift, Volatility = volatility }))
        {
            if (record.Kind is not (RecordKind.Tick or RecordKind.Quote or RecordKind.BookUpdate or RecordKind.Bar or RecordKind.Print))
                continue;
            Assert.InRange(record.A, Fixed8.One / 10, 50_000 * Fixed8.One);
            Assert.Equal(0, record.A % (Fixed8.One / 10_000)); // four decimals at most
        }
    }

    [Fact]
    public void Sizes_ArePlausible_AndOfFourDecimalsAtMost() => Assert.All(
        MarketGenerator.Generate(Everything).Where(record => record.Kind == RecordKind.Tick),
        record =>
        {
            Assert.InRange(record.B, Fixed8.One / 10_000, 5_000 * Fixed8.One);
            Assert.Equal(0, record.B % (Fixed8.One / 10_000));
        });

    [Fact]
    public void Volatility_IsTheOneAskedFor_OverManySymbols()
    {
        var last = new Dictionary<Symbol, double>();
        var (sum, count) = (0.0, 0);
        foreach (var tick in MarketGenerator.Generate(new() { Symbols = 100, Ticks = 200_000, Volatility = 0.004 }))
        {
            var price = (double)tick.A;
            if (last.TryGetValue(tick.Symbol, out var before))
            {
                sum += (price / before - 1) * (price / before - 1);
                count++;
            }

            last[tick.Symbol] = price;
        }

        // Deviations are uniform over 0.5 to 1.5 times it: their root mean square is 1.04 times it.
        Assert.InRange(Math.Sqrt(sum / count), 0.0039, 0.0045);
    }

    [Fact]
    public void Drift_CarriesPricesUp()
    {
        var ticks = MarketGenerator.Generate(new() { Symbols = 1, Ticks = 10_001, Drift = 0.0001, Volatility = 0 }).ToArray();
        Assert.InRange((double)ticks[^1].A / ticks[0].A, 2.70, 2.73); // 1.0001^10000
    }

    [Fact]
    public void OneRecordMore_AllocatesNothing()
    {
        var generator = new MarketGenerator(MarketOptions.Hostile with { Ticks = 600_000, Spikes = 0.01 });
        for (var i = 0; i < 100_000; i++) generator.TryNext(out _);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 50_000; i++) Assert.True(generator.TryNext(out _));
        }));
    }

    [Fact]
    public void OptionsOutOfRange_AreRefusedByName()
    {
        (MarketOptions Options, string Name)[] bad =
        [
            (new() { Symbols = 0 }, "Symbols"), (new() { Ticks = -1 }, "Ticks"), (new() { Step = -1 }, "Step"),
            (new() { Step = Timestamp.Day, Ticks = 1_000_000 }, "Step"), (new() { Start = new(0) }, "Start"),
            (new() { Volatility = double.NaN }, "Volatility"), (new() { Drift = 1 }, "Drift"), (new() { Epoch = -1 }, "Epoch"),
            (new() { BarFrame = Frame.OneDay }, "BarFrame"), (new() { Disorder = -0.1 }, "Disorder"), (new() { Delay = 0 }, "Delay"),
            (new() { Duplicates = 1 }, "Duplicates"), (new() { Gaps = 2 }, "Gaps"), (new() { Bad = 1.01 }, "Bad"),
            (new() { Spikes = double.PositiveInfinity }, "Spikes"), (new() { Burst = 1 }, "Burst"),
        ];
        foreach (var (options, name) in bad)
            Assert.Equal(name, Assert.Throws<ArgumentException>(() => new MarketGenerator(options)).ParamName);
        Assert.Throws<ArgumentException>(() => new MarketGenerator(new() { Kinds = new() }));
        Assert.Throws<ArgumentException>(() => new MarketGenerator(new() { Kinds = new() { Tick = -1, Quote = 2 } }));
        Assert.Throws<FormatException>(() => new MarketGenerator(new() { Names = ["two,words"] }));
        Assert.Throws<FormatException>(() => new MarketGenerator(new() { Source = "" }));
    }

    /// <summary>SHA-256 over every field, little-endian, texts as their length and UTF-8.</summary>
    internal static string Hash(IEnumerable<Record> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var record in records)
        {
            Number((long)record.Kind | ((long)record.Frame.Code() << 8) | ((long)record.Side << 16));
            Text(record.Symbol.Name);
            Text(record.Id.Source.Name);
            foreach (var number in (ReadOnlySpan<long>)[record.Id.Epoch, record.Id.Seq, record.Time.Nanoseconds, record.A, record.B,
                record.C, record.D, record.E])
                Number(number);
            Text(record.Text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Number(long number)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }

        void Text(string? text)
        {
            var bytes = Encoding.UTF8.GetBytes(text ?? "");
            Number(text is null ? -1 : bytes.Length);
            hash.AppendData(bytes);
        }
    }
}
