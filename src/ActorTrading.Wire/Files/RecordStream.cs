namespace ActorTrading.Wire.Files;

/// <summary>
/// Records that come in pieces, as over a network: NDJSON, JSON, CSV or the binary stream, told by the first bytes. Memory does not grow
/// with the input, but for one that runs newest first, whose records are kept and handed on oldest first, and for one that is a single JSON
/// object. Not safe for several threads.
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

    /// <summary>Begins.</summary>
    /// <param name="name">What messages call the input; its source, where the options name none.</param>
    public RecordStream(string name, ReadOptions options, IRecordSink sink)
        : this(name, options, sink, InputProbe.Length)
    {
    }

    /// <summary>
    /// The same with a beginning of so many bytes that it looks at before it reads; how the input is cut does not
    /// matter.
    /// </summary>
    public RecordStream(string name, ReadOptions options, IRecordSink sink, int headLength)
    {
        this.name = name;
        this.options = options;
        this.sink = sink;
        this.headLength = wanted = headLength;
    }

    /// <summary>The line that is being read, from 1; 0 where the format has none.</summary>
    public long LineNumber => feed?.LineNumber ?? 0;

    /// <summary>Takes the next bytes; false where no more can be made use of.</summary>
    /// <exception cref="InputException">It is nothing that can be read; what came before has been delivered.</exception>
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

    /// <summary>Nothing more comes.</summary>
    /// <exception cref="InputException">There was nothing, it ends too early or is damaged; what came before has
    /// been delivered.</exception>
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

    /// <summary>Hands on what was kept, lines that are whole and records to be turned around; also where the input breaks off.</summary>
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

    /// <summary>Whether the first JSON object goes on behind the beginning: nothing can be learned from a part of it.</summary>
    private bool IsDocumentCut() =>
        wanted < options.LongestDocument && InputProbe.FormatOf(head.AsSpan(0, length)) is InputFormat.Json or InputFormat.Ndjson
        && !InputProbe.EndsAnObject(head.AsSpan(0, length));

    private void Begin(bool isWhole)
    {
        var probe = head.AsSpan(0, length);
        if (InputProbe.IsWide(probe)) throw new InputException(name, "is UTF-16 or UTF-32 text; only UTF-8 is read here");
        if (InputProbe.ForeignName(probe) is { } foreign) throw new InputException(name, $"is {foreign}") { IsNoTable = true };
        var format = InputProbe.FormatOf(probe);
        if (format is InputFormat.Gzip or InputFormat.Zip) throw new InputException(name, "is packed, and does not say so");
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
        feed = sink is ILineSink lines && LineInput.IsOfLines(survey)
            ? new BlockFeed(survey, lines)
            : RecordFeed.Of(survey, reversing ?? sink, text);
        feed.Feed(text);
        head = [];
    }
}
