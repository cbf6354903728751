using System.Buffers;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// Lines of every dialect: records or typed rejections. Property: a record that passes the rules survives writing and reading as a
/// canonical line.
/// </summary>
internal sealed class TextLinesTarget : FuzzTarget
{
    public const string Called = "text-lines";

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. SampleRecords.Lines(), Encoding.UTF8.GetBytes(new string('[', 30_000)), Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("{\"a\":", 8_000))),
    ];

    public override bool Take(byte[] input, Random random)
    {
        var taken = new TakenRecords();
        var line = input.AsSpan(0, Math.Min(input.Length, LineSplitter.DefaultMaxLength)).ToArray();
        Measured(input.Length, () =>
        {
            new RecordParser(new ParserOptions { DefaultSource = Source.Parse("fuzz"), DefaultSymbol = Symbol.Parse("X") }).Parse(
                line, 1, taken);
            return true;
        });
        var isAccepted = false;
        foreach (var record in taken.Records)
        {
            if (TickRules.Check(record, Limits.Default) != RejectReason.None) continue;
            isAccepted = true;
            var text = Spell(record);
            var again = new TakenRecords();
            new RecordParser(new ParserOptions()).Parse(Encoding.UTF8.GetBytes(text), 1, again);
            FuzzFault.Unless(again.Records.Count == 1, $"a canonical line is one record: {text}");

            // Rounding happens only once, and numbers may have other units: their values are equal.
            if (!IsSame(record, again.Records[0]) || Spell(again.Records[0]) != text)
                throw new FuzzFault(
                    $"a record comes back as it was from its canonical line: {text} "
                    + $"{TakenRecords.Describe(record)}, and {TakenRecords.Describe(again.Records[0])}");
        }

        return isAccepted;
    }

    private static bool IsSame(in Record one, in Record other) =>
        (one.Kind, one.Id, one.Time) == (other.Kind, other.Id, other.Time) && one.Symbol.Equals(other.Symbol)
        && (one.Frame, one.Side, one.Text) == (other.Frame, other.Side, other.Text);

    private static string Spell(in Record record)
    {
        var output = new ArrayBufferWriter<byte>();
        RecordWriter.Write(record, Dialect.Canonical, output);
        return Encoding.UTF8.GetString(output.WrittenSpan.TrimEnd("\n"u8));
    }
}
