using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;
using static ActorTrading.Wire.Tests.Text.Reading;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

/// <summary>A record has the value of its text, whatever the number of decimals; the instrument's units are applied later.</summary>
public class UnitTests
{
    [Theory]
    [InlineData("227.99", "100", 8, 8)]
    [InlineData("0.30000000000000004", "100", 17, 8)]
    [InlineData("0.000009723", "0.000000004", 9, 9)]
    [InlineData("1e-18", "1e-18", 18, 18)]
    [InlineData("0.000000001234", "0", 12, 8)]
    [InlineData("123456789012.5", "40000000000000", 7, 5)]
    [InlineData("9223372036854775807", "9223372036854775807", 0, 0)]
    [InlineData("-37.63", "1", 8, 8)]
    [InlineData("-0.0000000001", "1", 10, 8)]
    [InlineData("1.5000000000000000000000000", "1", 8, 8)]
    public void Tick_CarriesItsDigits(string price, string size, int priceDecimals, int sizeDecimals)
    {
        foreach (var line in new[]
        {
            $$"""{"symbol":"AAPL","ts":1720522800000000000,"price":{{price}},"size":{{size}},"seq":17}""",
            $$"""{"symbol":"AAPL","ts":1720522800000000000,"price":"{{price}}","size":"{{size}}","seq":17}""",
        })
        {
            var tick = Line(line).Only();
            Assert.Equal(new Units(priceDecimals, sizeDecimals), tick.Units);
            Assert.Equal(Exact(price), Exact(FixedPoint.Format(tick.A, tick.Units.PriceDecimals)));
            Assert.Equal(Exact(size), Exact(FixedPoint.Format(tick.B, tick.Units.SizeDecimals)));
        }
    }

    [Fact]
    public void MoreDigitsThanFit_AreMarked_AndRoundedInTheLast()
    {
        var tick = Line("""{"symbol":"AAPL","ts":1720522800,"price":0.12345678901234567891234,"size":1}""").Only();
        Assert.Equal(new Units(19, 8, isInexact: true), tick.Units);
        Assert.Equal("0.1234567890123456789", FixedPoint.Format(tick.A, 19));
    }

    [Theory]
    [InlineData("1e-40", RejectReason.TooPrecise)]
    [InlineData("1e-30000", RejectReason.TooPrecise)]
    [InlineData("9223372036854775808", RejectReason.OutOfRange)]
    [InlineData("1e400", RejectReason.OutOfRange)]
    public void WhatNoInstrumentHas_IsRefusedAtOnce(string price, RejectReason reason) =>
        Refused(Line($$"""{"symbol":"AAPL","ts":1720522800,"price":{{price}}}"""), reason, "price", price);

    /// <summary>The four prices of a bar share their unit: the finest of them, if the largest price fits.</summary>
    [Fact]
    public void PricesOfABar_ShareAUnit()
    {
        var bar = Line("""{"symbol":"X","ts":1720522800,"open":0.1,"high":12.25,"low":0.0000000125,"close":0.2,"volume":3}""").Only();
        Assert.Equal(new Units(10, 8), bar.Units);
        Assert.Equal((1_000_000_000, 122_500_000_000, 125, 2_000_000_000), (bar.A, bar.B, bar.C, bar.D));

        Refused(
            Line("""{"symbol":"X","ts":1720522800,"open":1e10,"high":1e10,"low":1.00000000000000001e-10,"close":1,"volume":3}"""),
            RejectReason.TooPrecise, "low", "1.00000000000000001e-10");
    }

    [Theory]
    [InlineData("39250123456789", 8)]
    [InlineData("1e29", 8)]
    [InlineData("240000000000.12345678", 8)]
    [InlineData("39250123456789.123456789", 9)]
    public void VolumeOfABar_IsExact_HoweverLarge(string volume, int decimals)
    {
        var bar = Table($"time,symbol,open,high,low,close,volume\n2021-10-28T00:00:00Z,SHIB,1,1,1,1,{volume}").Only();
        Assert.Equal(decimals, bar.Units.SizeDecimals);
        Assert.Equal(Exact(volume), Exact(FixedPoint.Format(bar.Volume, decimals)));
    }

    /// <summary>Random numbers of any size and number of decimals survive a round trip in every dialect that has the kind.</summary>
    [Fact]
    public void RecordsInAnyUnits_AreWrittenAndReadToTheSameNumbers()
    {
        var random = new Random(5);
        for (var i = 0; i < 3_000; i++)
        {
            var units = new Units(random.Next(0, 19), random.Next(0, 19));
            var id = new Identity(Source.Parse("f"), 0, i);
            var at = new Timestamp(1_720_522_800_000_000_000);
            var symbol = Symbol.Parse("X1");
            var numbers = Enumerable.Range(0, 5).Select(_ => random.NextInt64(1L << random.Next(1, 56)) + 1).ToArray();
            var record = (i % 3) switch
            {
                0 => Record.OfTick(symbol, id, at, numbers[0], numbers[1]),
                1 => Record.OfQuote(symbol, id, at, numbers[0], numbers[1], numbers[2], numbers[3]),
                _ => Record.OfBar(
                    symbol, id, at, Frame.OneDay, numbers[0], numbers[1], numbers[2], numbers[3],
                    (Int128)numbers[4] * random.NextInt64(1L << 60)),
            };
            foreach (var dialect in Dialects.All.Where(dialect => dialect.Carries(record.Kind)))
            {
                var text = Write(record.In(units), dialect);
                var read = (dialect is Dialect.CsvTrades or Dialect.CsvBars or Dialect.CsvQuotes ? Table(text) : Line(text.TrimEnd('\n')))
                    .Only();
                Assert.Equal(Numbers(record.In(units)), Numbers(read));
            }
        }
    }

    private static string Write(in Record record, Dialect dialect)
    {
        var output = new ArrayBufferWriter<byte>();
        if (dialect is Dialect.CsvTrades or Dialect.CsvBars or Dialect.CsvQuotes) RecordWriter.WriteHeader(dialect, output);
        RecordWriter.Write(record, dialect, output);
        return Encoding.UTF8.GetString(output.WrittenSpan).TrimEnd('\n');
    }

    private static IEnumerable<string> Numbers(Record record)
    {
        for (var slot = 0; slot < 4; slot++)
        {
            var decimals = RecordNumbers.IsPrice(record.Kind, slot) ? record.Units.PriceDecimals : record.Units.SizeDecimals;
            yield return FixedPoint.Format(RecordNumbers.Of(record, slot), decimals);
        }

        yield return FixedPoint.Format(record.Volume, record.Units.SizeDecimals);
    }

    /// <summary>A decimal text as a fraction of integers in lowest terms.</summary>
    private static (BigInteger Numerator, BigInteger Denominator) Exact(string text)
    {
        var parts = text.ToLowerInvariant().Split('e');
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0)
            - (point < 0 ? 0 : parts[0].Length - point - 1);
        var number = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        var (numerator, denominator) = exponent >= 0
            ? (number * BigInteger.Pow(10, exponent), BigInteger.One)
            : (number, BigInteger.Pow(10, -exponent));
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return common.IsZero ? (0, 1) : (numerator / common, denominator / common);
    }
}
