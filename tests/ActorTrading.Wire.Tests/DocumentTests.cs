using System.Text.RegularExpressions;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;
using ActorTrading.Wire.Tests.Binary;

namespace ActorTrading.Wire.Tests;

/// <summary>
/// The hex examples of docs/binary.md have the documented meaning. They were written by hand, not by the product's encoders.
/// </summary>
public partial class DocumentTests
{
    private static readonly string[] Ticks =
    [
        "Tick AAPL exchange/3/17 1720522800000000000 A=22799000000 B=10000000000",
        "Tick AAPL exchange/3/18 1720522800001000000 A=22800000000 B=100000000",
    ];

    private const string Quote = "Quote AAPL exchange/3/19 1720522800002000000 A=22799000000 B=300000000 C=22800000000 D=200000000";

    [Fact]
    public void IngestStream()
    {
        var bytes = Example("Two ticks of AAPL and a quote");
        Assert.Equal([.. Ticks, Quote], Streams.Decode(bytes, out var decoder).Story);
        Assert.Null(decoder.Damage);
        Assert.Equal(4, decoder.Frames);
    }

    [Fact]
    public void AcceptedTicks() =>
        Assert.Equal(Ticks, Records("ta1", Example("Two ticks under `ta1`")));

    [Fact]
    public void AcceptedRecords() =>
        Assert.Equal([Quote], Records("ra1", Example("A quote under `ra1`")));

    [Fact]
    public void AdvancedClock()
    {
        Assert.True(new EventDecoder().TryDecodeEvent("ca1", Example("The clock under `ca1`"), out var happened, out _));
        var expected = new DateTime(2024, 7, 9, 11, 1, 0, DateTimeKind.Utc);
        Assert.Equal(new ClockAdvanced(Symbol.Parse("AAPL"), Timestamp.FromDateTime(expected)), happened);
    }

    [Fact]
    public void Snapshot()
    {
        Assert.True(SnapshotCodec.TryDecode(Example("For example:"), out var snapshot, out _));
        Assert.Equal(Enumerable.Range(1, 32).Select(i => (byte)i), snapshot.PlanHash.ToArray());
        Assert.Equal(1234, snapshot.SequenceNr);
        Assert.Equal("the state"u8, snapshot.Body);
    }

    [Fact]
    public void LoggedSignal()
    {
        Assert.True(SignalCodec.TryDecode(Example("A signal under `sg1`"), out var plan, out var signal, out _));
        var bar = Timestamp.FromDateTime(new DateTime(2024, 7, 9, 11, 0, 0, DateTimeKind.Utc));
        var fired = new Timestamp(bar.Nanoseconds + Timestamp.Minute);
        Assert.Equal(PlanHash.FromBytes([.. Enumerable.Range(1, 32).Select(i => (byte)i)]), plan);
        var trigger = new Trigger(new Identity(Source.Parse("exchange"), 3, 20), new(fired.Nanoseconds + 1_000_000), 102 * Fixed8.One);
        var expected = new Signal(
            Symbol.Parse("AAPL"), 7, "buy-0a1b2c3d", "up", "buy when close > 100 on 1min", SignalAction.Buy, Frame.OneMinute, bar, 0, fired,
            101 * Fixed8.One, signal.Values, trigger);
        Assert.Equal(expected, signal);
        Assert.Equal([new SignalValue("close@1min", 101)], signal.Values);
    }

    [Fact]
    public void ChangedSubscriptions()
    {
        Assert.True(SubscriptionCodec.TryDecode(Example("Two symbols added"), out var change, out var symbols, out _));
        Assert.Equal(SubscriptionChange.Added, change);
        Assert.Equal(["AAPL", "BTC/USD"], symbols.Select(symbol => symbol.Name));
    }

    [Fact]
    public void SnapshotOfTheSignalLog()
    {
        Assert.True(SignalLogCodec.TryDecode(Example("A snapshot under `sl1`"), out var position, out var numbers, out _));
        var plan = PlanHash.FromBytes([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        Assert.Equal(1_234, position);
        Assert.Equal(
            new Dictionary<(Symbol, PlanHash), long> { [(Symbol.Parse("AAPL"), plan)] = 7, [(Symbol.Parse("BTC/USD"), plan)] = 1_227 },
            numbers);
    }

    private static IEnumerable<string> Records(string manifest, byte[] payload)
    {
        Assert.True(new EventDecoder().TryDecode(manifest, payload, out var decoded, out _));
        return RecordText.Describe(decoded.Records);
    }

    /// <summary>The bytes of the indented block after the line that begins with that text.</summary>
    private static byte[] Example(string title)
    {
        var lines = File.ReadAllLines(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "binary.md"));
        var block = lines.SkipWhile(line => !line.StartsWith(title, StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith("    ", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal));
        return [.. block.SelectMany(line => Convert.FromHexString(HexColumn().Match(line).Value.Replace(" ", "")))];
    }

    [GeneratedRegex("^    [0-9a-f]{2}( [0-9a-f]{2})*(?=   |$)")]
    private static partial Regex HexColumn();
}
