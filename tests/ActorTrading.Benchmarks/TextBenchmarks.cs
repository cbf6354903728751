using System.Buffers;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Engine;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using BenchmarkDotNet.Attributes;

namespace ActorTrading.Benchmarks;

/// <summary>
/// From text in memory (NDJSON of 106 bytes per tick, CSV of 50 bytes) to records and to folded state: framing, parsing, rules,
/// deduplication and the default plan, 200 symbols, on one core. Does not measure the disk.
/// </summary>
[MemoryDiagnoser]
public class TextBenchmarks
{
    private const int Ticks = 1_000_000;

    private readonly Record[] records = new Record[Ticks];
    private readonly ArrayBufferWriter<byte> text = new(Ticks * 110);
    private readonly ArrayBufferWriter<byte> table = new(Ticks * 60);
    private readonly SteadyMarket source = new(200);
    private readonly ReadOptions options = new();
    private readonly Nowhere nowhere = new();
    private readonly Market market = new(Plan.Default, NoOutput.Instance);

    [GlobalSetup]
    public void WarmUp()
    {
        Next();
        TextToState();
    }

    [IterationSetup]
    public void Next()
    {
        source.Next(records);
        text.ResetWrittenCount();
        foreach (ref readonly var record in records.AsSpan()) RecordWriter.Write(record, Dialect.Canonical, text);
        table.ResetWrittenCount();
        RecordWriter.WriteHeader(Dialect.CsvTrades, table);
        foreach (ref readonly var record in records.AsSpan()) RecordWriter.Write(record, Dialect.CsvTrades, table);
    }

    [Benchmark(OperationsPerInvoke = Ticks)]
    public void TextToRecords() => Read(text, nowhere);

    [Benchmark(OperationsPerInvoke = Ticks)]
    public void TextToState() => Read(text, market);

    [Benchmark(OperationsPerInvoke = Ticks)]
    public void TableToRecords() => Read(table, nowhere);

    [Benchmark(OperationsPerInvoke = Ticks)]
    public void TableToState() => Read(table, market);

    private void Read(ArrayBufferWriter<byte> from, IRecordSink sink)
    {
        var written = MemoryMarshal.TryGetArray(from.WrittenMemory, out var array) ? array : throw new InvalidOperationException();
        using var stream = new MemoryStream(written.Array!, written.Offset, written.Count, writable: false);
        RecordFile.Read(stream, "memory", options, sink);
    }

    private sealed class Nowhere : IRecordSink
    {
        public void OnRecord(in Record record)
        {
        }

        public void OnRejected(in RejectedInput input) => throw new InvalidOperationException(input.Rejection.ToString());
    }
}
