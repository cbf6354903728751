using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Simulation;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Text;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>Sample records of every kind from a generated market, in every format that the product reads.</summary>
internal static class SampleRecords
{
    private const int PerInput = 6;

    /// <summary>Several records of every kind.</summary>
    public static IReadOnlyList<Record> All { get; } = [.. Every(MarketOptions.Hostile.Kinds)];

    /// <summary>Texts with a few records in each dialect; tables begin with their header.</summary>
    public static IEnumerable<byte[]> Texts() => Dialects.All.SelectMany(dialect =>
    {
        var records = All.Where(record => dialect.Carries(record.Kind)).ToList();
        return Enumerable.Range(0, records.Count / PerInput).Take(6).Select(
            part => Text(dialect, records.Skip(part * PerInput).Take(PerInput)));
    });

    /// <summary>Single lines, without a line end.</summary>
    public static IEnumerable<byte[]> Lines() => Dialects.All.Where(dialect => !dialect.IsTable()).SelectMany(dialect =>
        All.Where(record => dialect.Carries(record.Kind)).Take(12).Select(
            record => Text(dialect, [record]).AsSpan().TrimEnd("\n"u8).ToArray()));

    /// <summary>Binary streams of a few records each.</summary>
    public static IEnumerable<byte[]> Binaries()
    {
        for (var part = 0; part < All.Count / PerInput && part < 30; part++)
        {
            var output = new ArrayBufferWriter<byte>();
            var encoder = new BinaryEncoder(output, batchBytes: 1 + (part * 40));
            foreach (var record in All.Skip(part * PerInput).Take(PerInput)) encoder.Write(record);
            encoder.Flush();
            yield return output.WrittenSpan.ToArray();
        }
    }

    private static byte[] Text(Dialect dialect, IEnumerable<Record> records)
    {
        var output = new ArrayBufferWriter<byte>();
        if (dialect.IsTable()) RecordWriter.WriteHeader(dialect, output);
        foreach (var record in records) RecordWriter.Write(record, dialect, output);
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<Record> Every(KindMix kinds)
    {
        var mixed = MarketGenerator.Generate(
            new MarketOptions { Ticks = 200, Symbols = 3, Names = ["AAPL", "BTC/USD"], Kinds = kinds, Source = "made" });
        var rare = MarketGenerator.Generate(new MarketOptions
        {
            Ticks = 40, Symbols = 2, Source = "rare", Epoch = 3,
                Kinds = new KindMix { Bar = 1, Print = 1, NewsSentiment = 1, MarketData = 1, EconomicIndicator = 1 },
        });
        return mixed.Concat(rare);
    }
}
