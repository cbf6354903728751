using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>The body of <c>POST /ingest</c>, whole and in pieces, with and without the query parameters for it.</summary>
internal sealed class HttpBodyTarget : FuzzTarget
{
    public const string Called = "http-body";

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. SampleRecords.Texts(), .. SampleRecords.Binaries(),
        "{\"s\":\"ok\",\"t\":[1720522800,1720522860],\"o\":[1,2],\"h\":[3,4],\"l\":[0.5,1],\"c\":[2,3],\"v\":[10,20]}"u8.ToArray(),
        "[[1735689600000,\"93576.0\",\"93702.15\",\"93489.03\",\"93702.15\",\"22.8\"],\n [1735689660000,1,2,1,2,5]]\n"u8.ToArray(),
        "Date,Open,High,Low,Close,Volume\n2024-01-05,1,2,0.5,1.5,10\n2024-01-04,1,2,0.5,1.5,10\n"u8.ToArray(),
        Encoding.UTF8.GetBytes(new string('[', 30_000)), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 8_000))),
    ];

    public override bool Take(byte[] input, Random random)
    {
        var options = OptionsOf(random.Next(6));
        var whole = new TakenRecords();
        var pieces = new TakenRecords();
        var refusal = Measured(input.Length, () => Read(input, options, whole, null));
        var other = Read(input, options, pieces, random);
        FuzzFault.Unless(refusal == other, $"a body in pieces is refused as it is as a whole: '{refusal}', '{other}'");
        whole.MustBe(pieces, "a body in pieces is what it is as a whole");
        return whole.Records.Count > 0;
    }

    private static ReadOptions OptionsOf(int query) => new()
    {
        Source = Source.Parse("body"), LongestDocument = 4 << 20, MaxReversed = 250_000,
        Parser = query switch
        {
            0 => new ParserOptions { DefaultSymbol = Symbol.Parse("X") },
            1 => new ParserOptions { DefaultSymbol = Symbol.Parse("X"), TimeUnit = TimeUnit.Milliseconds },
            2 => new ParserOptions { DefaultEpoch = 7, BarFrame = Frame.FiveMinutes, IsBarFrameGiven = true },
            3 => new ParserOptions { Zone = InputZone.TryParse("America/New_York", out var zone) ? zone : InputZone.Utc,
                DefaultSymbol = Symbol.Parse("X") },
            _ => new ParserOptions(),
        },
    };

    /// <summary>Reads a body; returns the reason for its rejection, or null.</summary>
    private static string? Read(byte[] input, ReadOptions options, TakenRecords taken, Random? random)
    {
        // Name tables are per request here: one parse must not affect the next.
        var stream = new RecordStream(
            "the body", options with { Parser = options.Parser with { Symbols = new SymbolTable(), Sources = new SourceTable() } }, taken);
        try
        {
            for (var at = 0; at < input.Length;)
            {
                var length = random is null ? input.Length : Math.Min(random.Next(1, 80), input.Length - at);
                stream.Feed(input.AsSpan(at, length));
                at += length;
            }

            stream.Complete();
            return null;
        }
        catch (InputException refusal)
        {
            return refusal.Message;
        }
    }
}
