namespace ActorTrading.Wire.Files;

/// <summary>
/// Push parser of records received in chunks, as over a network. The format is detected from the first bytes: NDJSON, JSON, CSV or the
/// binary stream. Memory does not grow with the input, with two exceptions: an input with the newest record first, whose records are kept
/// and delivered oldest first; and an input that is a single JSON object. Not thread-safe.
/// </summary>
public sealed class RecordStream
{
    private readonly string name;
    private readonly ReadOptions options;
    private readonly IRecordSink sink;
    private readonly int headLength;
    private byte[] head = [];
    private int length;
    private int wanted;
    private RecordFeed? feed;
    private ReversingSink? reversing;

    /// <summary>Creates a parser of one input.</summary>
    /// <param name="name">The name of the input in messages; also its source if the options have none.</param>
    public RecordStream(string name, ReadOptions options, IRecordSink sink)
        : this(name, options, sink, InputProbe.Length)
    {
    }

    /// <summary>
    /// Creates a parser that examines the first bytes, up to that length, before it reads. The boundaries of the chunks have no effect.
    /// </summary>
    public RecordStream(string name, ReadOptions options, IRecordSink sink, int headLength)
    {
        this.name = name;
        this.options = options;
        this.sink = sink;
        this.headLength = wanted = headLength;
    }

    /// <summary>The current line, from 1; 0 if the format has no lines.</summary>
    public long LineNumber => feed?.LineNumber ?? 0;

    /// <summary>Reads the next bytes. Returns false if further bytes cannot be used.</summary>
    /// <exception cref="InputException">The input cannot be read; earlier records have been delivered.</exception>
    public bool Feed(ReadOnlySpan<byte> bytes)
    {
        while (feed is null && !bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, wanted - length);
            Keep(bytes[..count]);
            bytes = bytes[count..];
            if (length < wanted) continue;
            if (IsDocumentCut()) wanted = (int)Math.Min(options.LongestDocument, wanted * 2L);
            else Begin(isWhole: false);
        }

        return feed is null || bytes.IsEmpty || feed.Feed(bytes);
    }

    /// <summary>Ends the input.</summary>
    /// <exception cref="InputException">The input is empty, cut short or damaged; earlier records have been delivered.</exception>
    public void Complete()
    {
        if (feed is null) Begin(isWhole: true);
        try
        {
            feed!.Complete();
        }
        finally
        {
            DeliverKept();
        }
    }

    /// <summary>Delivers what was kept: complete lines, and records to be reversed. Also for an input that was cut short.</summary>
    public void DeliverKept()
    {
        feed?.Stop();
        reversing?.Deliver();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var needed = length + bytes.Length;
        if (needed > head.Length) Array.Resize(ref head, (int)Math.Min(wanted, Math.Max(InputProbe.Length, needed * 2L)));
        bytes.CopyTo(head.AsSpan(length));
        length += bytes.Length;
    }

    /// <summary>Whether the first JSON object continues after the examined bytes: a part of it cannot be examined.</summary>
    private bool IsDocumentCut() =>
        wanted < options.LongestDocument && InputProbe.FormatOf(head.AsSpan(0, length)) is InputFormat.Json or InputFormat.Ndjson
        && !InputProbe.EndsAnObject(head.AsSpan(0, length));

    private void Begin(bool isWhole)
    {
        var probe = head.AsSpan(0, length);
        if (InputProbe.IsWide(probe)) throw new InputException(name, "is UTF-16 or UTF-32 text; only UTF-8 is supported");
        if (InputProbe.ForeignName(probe) is { } foreign) throw new InputException(name, $"is {foreign}") { IsNoTable = true };
        var format = InputProbe.FormatOf(probe);
        if (format is InputFormat.Gzip or InputFormat.Zip) throw new InputException(name, "is compressed, but not declared as compressed");
        if (format == InputFormat.Empty && isWhole)
            throw new InputException(name, length == 0 ? "is empty" : "holds only blanks") { IsEmpty = true };
        var longest = wanted > headLength ? Math.Max(options.MaxLineLength, options.LongestDocument) : options.MaxLineLength;
        var text = probe[InputProbe.MarkLength(probe)..];
        var survey = InputSurvey.Of(format, name, options with { MaxLineLength = longest }, text, isWhole);
        options.OnTaken?.Invoke(survey.Taken);
        if (options.IsLookOnly)
        {
            feed = RecordFeed.Nothing(name, options, sink);
            return;
        }

        if (options.Position is { } position) (position.Input, position.Line) = (name, 0);
        if (survey.Taken.Order == TimeOrder.NewestFirst) reversing = new ReversingSink(sink, name, options);
        feed = sink is ILineSink lines && LineInput.IsOfLines(survey.Taken)
            ? new BlockFeed(survey.Input, lines)
            : RecordFeed.Of(survey.Input, reversing ?? sink, text);
        feed.Feed(text);
        head = [];
    }
}
