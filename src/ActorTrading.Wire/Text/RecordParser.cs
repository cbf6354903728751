using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Parser of NDJSON lines: the canonical form and the dialects of docs/formats.md, detected line by line. A line contains one record,
/// several (an array, an envelope of many symbols) or none. All results and errors go to the sink; nothing is thrown. A canonical tick
/// costs no allocation. Not thread-safe; parsers can share the tables of their <see cref="ParserOptions"/>.
/// </summary>
public sealed class RecordParser
{
    private readonly CanonicalTickParser ticks;
    private readonly JsonParser anything;

    /// <summary>Creates a parser with these options.</summary>
    public RecordParser(ParserOptions options)
    {
        Stamps = new StampReader(options);
        ticks = new CanonicalTickParser(options, Stamps);
        anything = new JsonParser(options, Stamps);
    }

    /// <summary>The unit of numeric times of this input; null if not known yet.</summary>
    public TimeUnit? TimeUnit => Stamps.Unit;

    /// <summary>
    /// The default time of records, such as that of their message; null if records must have a time. Applies to the following lines.
    /// </summary>
    public Timestamp? DefaultTime
    {
        get => anything.DefaultTime;
        set => anything.DefaultTime = value;
    }

    /// <summary>Whether the meaning of a line depended on earlier lines.</summary>
    internal bool DependsOnEarlier => Stamps.DependsOnEarlier || anything.HasReadRows || anything.HasReadChannels;

    /// <summary>The reader of times.</summary>
    internal StampReader Stamps { get; }

    /// <summary>Parses one line, without its line end; blank lines are ignored. The line number is used in rejections.</summary>
    public void Parse(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        if (ticks.TryParse(line, out var record)) sink.OnRecord(record);
        else anything.Parse(line, lineNumber, sink);
    }
}
