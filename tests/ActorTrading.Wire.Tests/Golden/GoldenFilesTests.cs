using System.Buffers;
using System.Globalization;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;
using ActorTrading.Wire.Tests.Binary;
using ActorTrading.Wire.Tests.Events;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Golden;

/// <summary>Files written by an earlier version, each with a text of its content. They must load forever: see Golden/README.md.</summary>
public class GoldenFilesTests
{
    /// <summary>Set to 1, with no file of that name present, to write the files of a new version; see the README.</summary>
    private const string WriteVariable = "ACTORTRADING_WRITE_GOLDEN";

    private static readonly Symbol Aapl = Symbol.Parse("AAPL");

    private static string Folder { get; } =
        Path.Combine(ReferenceData.RepositoryFolder(), "tests", "ActorTrading.Wire.Tests", "Golden", "v1");

    [Theory]
    [InlineData("stream")]
    [InlineData("ta1")]
    [InlineData("ra1")]
    [InlineData("ca1")]
    [InlineData("ss1")]
    [InlineData("sl1")]
    [InlineData("ex1")]
    [InlineData("ex1-back")]
    [InlineData("sd1")]
    public void FileOfVersion1_MeansWhatItMeantWhenItWasWritten(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, name + ".bin"));
        var meaning = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        Assert.NotEmpty(meaning);
        Assert.Equal(meaning, Read(name, bytes));
    }

    [Fact]
    public void Folder_HoldsNoFileThatNoTestReads() =>
        Assert.Equal(
            ["ca1", "ex1", "ex1-back", "ra1", "sd1", "sl1", "ss1", "stream", "ta1"],
            Directory.GetFiles(Folder, "*.bin").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [SkippableFact]
    public void WriteTheFilesOnce()
    {
        Skip.If(Environment.GetEnvironmentVariable(WriteVariable) != "1", $"writes golden files; only with {WriteVariable}=1");
        var output = new ArrayBufferWriter<byte>();
        var events = new EventEncoder();

        Write(
            "stream",
            Streams.Encode(RecordsOfEveryKind.Concat(Streams.Market(40, symbols: 3)).Concat(Economy).Concat(Impossible), batchBytes: 200));

        events.EncodeRecords(Aapl, TickRecords, output);
        Write("ta1", Taken(output));
        events.EncodeRecords(Aapl, [.. RecordsOfEveryKind.Where(record => record.Symbol.Equals(Aapl)), .. Impossible], output);
        Write("ra1", Taken(output));
        events.EncodeClock(Aapl, new Timestamp(1_720_522_860_000_000_000), output);
        Write("ca1", Taken(output));
        SnapshotCodec.Encode([.. Enumerable.Range(1, 32).Select(i => (byte)i)], Aapl, 1_234, "the state"u8, output);
        Write("ss1", Taken(output));
        SignalLogCodec.Encode(1_234, SignalNumbers, output);
        Write("sl1", Taken(output));
        Write("ex1", ExclusionCodecTests.Encode(ExclusionCodecTests.Change("source in a span")));
        Write("sd1", DeletionCodecTests.Encode(DeletionCodecTests.Deleted));
        Write("ex1-back", ExclusionCodecTests.Encode(new ExclusionChange(Aapl, null, 7, new Timestamp(1_720_522_860_000_000_000), "")));
    }

    private static IEnumerable<string> Read(string name, byte[] bytes)
    {
        switch (name)
        {
            case "stream":
                var sink = Streams.Decode(bytes, out var decoder);
                Assert.Null(decoder.Damage);
                return sink.Story;
            case "ss1":
                Assert.True(SnapshotCodec.TryDecode(bytes, out var snapshot, out _));
                return
                [
                    $"plan {Convert.ToHexStringLower(snapshot.PlanHash)}",
                    $"symbol {snapshot.Symbol}",
                    string.Create(CultureInfo.InvariantCulture, $"up to event {snapshot.SequenceNr}"),
                    $"body {Convert.ToHexStringLower(snapshot.Body)}",
                ];
            case "sl1":
                Assert.True(SignalLogCodec.TryDecode(bytes, out var position, out var numbers, out _));
                return
                [
                    string.Create(CultureInfo.InvariantCulture, $"up to signal {position}"),
                    .. numbers.Select(
                        entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key.Symbol} {entry.Key.Plan} {entry.Value}"))
                        .Order(StringComparer.Ordinal),
                ];
            case "sd1":
                Assert.True(DeletionCodec.TryDecode(bytes, out var deleted, out _));
                return
                [
                    string.Create(CultureInfo.InvariantCulture, $"{deleted.Symbol} at {deleted.Time.Nanoseconds} by '{deleted.By}'"),
                    .. deleted.Newest.Select(id => string.Create(CultureInfo.InvariantCulture, $"{id.Source} {id.Epoch} {id.Seq}")),
                ];
            case "ex1" or "ex1-back":
                Assert.True(ExclusionCodec.TryDecode(bytes, out var change, out _));
                return
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{change.Symbol} at {change.Time.Nanoseconds} by '{change.By}', taken back {change.TakenBack}"),
                    .. change.Added is not { } added ? (string[])[] :
                    [
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"source {added.Filter.Source} epoch {added.Filter.Epoch} seq {added.Filter.Seq} from "
                            + $"{added.Filter.From?.Nanoseconds} to {added.Filter.To?.Nanoseconds}"),
                        string.Create(CultureInfo.InvariantCulture, $"{added.Records} records up to event {added.UpTo}"),
                        .. added.Newest.Select(id => id.ToString()),
                    ],
                ];
            default:
                Assert.True(new EventDecoder().TryDecodeEvent(name, bytes, out var happened, out _));
                return happened switch
                {
                    RecordsAccepted accepted =>
                        [$"RecordsAccepted {accepted.Symbol}", .. accepted.Records.Select(record => RecordText.Describe(record))],
                    ClockAdvanced advanced => [$"ClockAdvanced {advanced.Symbol} to {advanced.To} = {advanced.To.Nanoseconds}"],
                    _ => [],
                };
        }
    }

    private static void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Folder);
        if (File.Exists(Path.Combine(Folder, name + ".bin"))) return;
        using (var file = new FileStream(Path.Combine(Folder, name + ".bin"), FileMode.CreateNew)) file.Write(bytes);
        File.WriteAllLines(Path.Combine(Folder, name + ".txt"), Read(name, bytes));
    }

    private static byte[] Taken(ArrayBufferWriter<byte> output)
    {
        var bytes = output.WrittenSpan.ToArray();
        output.ResetWrittenCount();
        return bytes;
    }

    private static Identity Id(int seq) => new(Source.Parse("exchange"), 3, seq);

    private static Timestamp At(long microseconds) => new(1_720_522_800_000_000_000 + (microseconds * 1_000));

    private static Dictionary<(Symbol, PlanHash), long> SignalNumbers => new()
    {
        [(Aapl, new PlanHash(1, 2))] = 700, [(Symbol.Parse("BTC/USD"), new PlanHash(1, 2))] = 533,
        [(Aapl, new PlanHash(UInt128.MaxValue, 3))] = 1,
    };

    private static Record[] TickRecords =>
    [
        Record.OfTick(Aapl, Id(17), At(0), 227_99000000, 100_00000000),
        Record.OfTick(Aapl, Id(18), At(250), 228_00000000, 1_00000000),
        Record.OfTick(Aapl, Id(25), At(250), 227_98000000, 2500_00000000),
        Record.OfTick(Aapl, new(Source.Parse("dark pool"), 1, 900), At(100), 227_98500000, 50_00000000),
        Record.OfTick(Aapl, Id(26), At(61_000_000), 227_97000000, 0),
        Record.OfTick(Aapl, Identity.Anonymous, At(61_000_001), 227_97000000, 1_50000000),
        Record.OfTick(Aapl, new(Source.Parse("exchange"), 4, 0), At(62_000_000), 1, long.MaxValue / 100_00000000 * 100_00000000),
    ];

    private static Record[] RecordsOfEveryKind =>
    [
        .. TickRecords,
        Record.OfQuote(Aapl, Id(30), At(63_000_000), 227_97000000, 300_00000000, 227_99000000, 200_00000000),
        Record.OfBookUpdate(Aapl, Id(31), At(63_000_001), BookSide.Ask, 228_05000000, 0),
        Record.OfBar(
            Aapl, Id(32), At(0), Domain.Calendars.Frame.OneMinute, 227_99000000, 228_00000000, 227_97000000, 227_98000000, 2651_00000000),
        Record.OfPrint(Aapl, Id(33), At(63_000_002), 227_98000000, 10_00000000, "@ T"),
        Record.OfPrint(Aapl, Id(34), At(63_000_003), 227_98000000, 10_00000000, null),
        Record.OfPrint(Aapl, Id(35), At(63_000_004), 227_98000000, 10_00000000, "価格 é"),
        Record.OfNewsSentiment(Aapl, Id(36), At(63_000_005), -75000000, 2_50000000),
        Record.OfMarketData(Aapl, Id(37), At(63_000_006), 3.5e12, 34_56000000),
        Record.OfMarketData(Aapl, Id(38), At(63_000_007), double.NaN, MarketData.NoRatio),
    ];

    private static Record[] Economy =>
    [
        Record.OfEconomicIndicator(new(Source.Parse("bls"), 0, 1), At(64_000_000), "cpi", 3.1),
        Record.OfEconomicIndicator(Identity.Anonymous, At(64_000_000), "unemployment", 4.1),
    ];

    private static Record[] Impossible =>
    [
        Record.OfTick(Aapl, new(Source.Anonymous, long.MinValue, long.MaxValue), new(long.MinValue), long.MinValue, -1),
        Record.OfTick(Aapl, new(Source.Anonymous, long.MaxValue, long.MinValue), new(long.MaxValue), long.MaxValue, long.MinValue),
        Record.Of(RecordKind.Bar, Aapl, Id(-2), new(-1), -1, -2, -3, -4, -5, (Domain.Calendars.Frame)255, (BookSide)255, "\ud800"),
    ];
}
