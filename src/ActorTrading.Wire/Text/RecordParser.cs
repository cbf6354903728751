using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Reads lines of NDJSON: the canonical form and the dialects listed in docs/formats.md, told apart line by line.
/// A line holds one record, several (an array, an envelope of many symbols) or none that can be read; whatever it
/// holds goes to the sink, and nothing is thrown. A canonical tick costs no allocation. Not safe for several
/// threads; parsers may share the tables of their <see cref="ParserOptions"/>.
/// </summary>
public sealed class RecordParser
{
    private readonly CanonicalTickParser ticks;
    private readonly JsonParser anything;

    /// <summary>A parser that knows what the text leaves open.</summary>
    public RecordParser(ParserOptions options)
    {
        Stamps = new StampReader(options);
        ticks = new CanonicalTickParser(options, Stamps);
        anything = new JsonParser(options, Stamps);
    }

    /// <summary>What the numeric times of this input count; null where none has told it yet.</summary>
    public TimeUnit? TimeUnit => Stamps.Unit;

    /// <summary>
    /// The time of records that name none, such as that of the message they came in; null where they must name one. Holds
    /// for the lines to come.
    /// </summary>
    public Timestamp? DefaultTime
    {
        get => anything.DefaultTime;
        set => anything.DefaultTime = value;
    }

    /// <summary>Whether a line was read whose meaning depends on earlier lines.</summary>
    internal bool DependsOnEarlier => Stamps.DependsOnEarlier || anything.HasReadRows || anything.HasReadChannels;

    /// <summary>How times of this input are read.</summary>
    internal StampReader Stamps { get; }

    /// <summary>Reads one line, without its end; a blank one says nothing. The number goes into rejections.</summary>
    public void Parse(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        if (ticks.TryParse(line, out var record)) sink.OnRecord(record);
        else anything.Parse(line, lineNumber, sink);
    }
}
