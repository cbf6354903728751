namespace ActorTrading.Wire.Files;

/// <summary>
/// Records that come in pieces, as over a network: NDJSON, JSON, CSV or the binary stream, told by the first bytes. Memory
/// does not grow with the input. Not safe for several threads.
/// </summary>
/// <param name="name">What messages call the input; its source, where the options name none.</param>
public sealed class RecordStream(string name, ReadOptions options, IRecordSink sink)
{
    private byte[] first = [];
    private int length;
    private RecordFeed? feed;

    /// <summary>The line that is being read, from 1; 0 where the format has none.</summary>
    public long LineNumber => feed?.LineNumber ?? 0;

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="InputException">It is nothing that can be read; what came before has been delivered.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (feed is not null)
        {
            feed.Feed(bytes);
            return;
        }

        if (length + bytes.Length < InputProbe.Length)
        {
            if (first.Length == 0) first = new byte[InputProbe.Length];
            bytes.CopyTo(first.AsSpan(length));
            length += bytes.Length;
            return;
        }

        // The probe looks at its own length only, so that how the input was cut makes no difference.
        var missing = InputProbe.Length - length;
        if (length > 0)
        {
            bytes[..missing].CopyTo(first.AsSpan(length));
            length = InputProbe.Length;
            Begin(first);
            bytes = bytes[missing..];
        }
        else
        {
            Begin(bytes[..InputProbe.Length]);
            bytes = bytes[InputProbe.Length..];
        }

        feed!.Feed(bytes);
    }

    /// <summary>Nothing more comes.</summary>
    /// <exception cref="InputException">There was nothing, or it ends too early or is damaged; what came before has been delivered.</exception>
    public void Complete()
    {
        if (feed is null) Begin(first.AsSpan(0, length));
        feed!.Complete();
    }

    private void Begin(ReadOnlySpan<byte> probe)
    {
        if (InputProbe.IsWide(probe)) throw new InputException(name, "is UTF-16 or UTF-32 text; only UTF-8 is read here");
        var format = InputProbe.FormatOf(probe);
        var isWhole = probe.Length < InputProbe.Length;
        if (format is InputFormat.Gzip or InputFormat.Zip) throw new InputException(name, "is packed, and does not say so");
        if (format == InputFormat.Empty && isWhole) throw new InputException(name, probe.IsEmpty ? "is empty" : "holds only blanks") { IsEmpty = true };
        var text = probe[InputProbe.MarkLength(probe)..];
        var survey = InputSurvey.Of(format, name, options, text, isWhole);
        options.OnTaken?.Invoke(survey.Taken);
        feed = RecordFeed.Of(survey, sink, text);
        feed.Feed(text);
    }
}
