using System.Buffers;
using System.Text;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

/// <summary>
/// Tables for spreadsheets: no text of a sender is a formula, no number changes, and reading them gives the same records.
/// </summary>
public class FormulaGuardTests
{
    private static readonly string[] Hostile =
        ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "'=x", "''@x", "--", "\uff1dx", "=", "'", "'x", "-", "AAPL", "x=1"];

    [Theory]
    [InlineData("=1", "'=1")]
    [InlineData("-5", "'-5")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "'\rx")]
    [InlineData("\uff1d1", "'\uff1d1")]
    [InlineData("'=1", "''=1")]
    [InlineData("-", "-")]
    [InlineData("'a", "'a")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    public void Text_HasAnApostrophe_WhereItWouldBeAFormula(string text, string expected)
    {
        Assert.Equal(expected, FormulaGuard.Guard(text));
        Assert.Equal(expected.Length - text.Length, FormulaGuard.Length(Encoding.UTF8.GetBytes(expected)));
    }

    [Theory]
    [InlineData(Dialect.CsvTrades)]
    [InlineData(Dialect.CsvBars)]
    [InlineData(Dialect.CsvQuotes)]
    public void Table_HoldsNoFormula_AndReadsBackAsItWas(Dialect dialect)
    {
        var records = new List<Record>();
        foreach (var source in Hostile.Where(name => Source.TryParse(name, out _)))
        {
            foreach (var symbol in Hostile.Where(name => Symbol.TryParse(name, out _)))
            {
                var id = new Identity(Source.Parse(source), 1, records.Count);
                var (of, time) = (Symbol.Parse(symbol), Timestamp.OfDate(2024, 7, 9));
                records.Add(dialect switch
                {
                    Dialect.CsvTrades => Record.OfTick(of, id, time, -5 * Fixed8.One, Fixed8.One),
                    Dialect.CsvBars => Record.OfBar(
                        of, id, time, Domain.Calendars.Frame.OneMinute, -5 * Fixed8.One, -Fixed8.One, -9 * Fixed8.One, -2 * Fixed8.One,
                        Fixed8.One),
                    _ => Record.OfQuote(of, id, time, -5 * Fixed8.One, Fixed8.One, -4 * Fixed8.One, Fixed8.One),
                });
            }
        }

        var output = new ArrayBufferWriter<byte>();
        RecordWriter.WriteHeader(dialect, output, full: true);
        foreach (var record in records) RecordWriter.Write(record, dialect, output, full: true);
        var lines = Encoding.UTF8.GetString(output.WrittenSpan).TrimEnd('\n').Split('\n');
        Assert.All(lines.SelectMany(line => line.Split(',')).Select(cell => cell.Trim('"')), cell =>
            Assert.True(
                cell.Length == 0 || !"=+@\t\r\uff1d".Contains(cell[0]) && (cell[0] != '-' || cell == "-" || double.TryParse(cell, out _)),
                cell));

        var sink = Reading.Table(Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Empty(sink.Rejected);
        Assert.Equal(
            records.Select(record => (record.Symbol, record.Id, record.A)),
            sink.Records.Select(record => (record.Symbol, record.Id, record.A)));
    }
}
