namespace ActorTrading.Wire.Files;

/// <summary>
/// Stream that counts the bytes read and reports the position in the file on disk: <see cref="Offset"/> plus <see cref="Scale"/> times the
/// count.
/// </summary>
internal sealed class CountingStream(Stream inner, string input, IProgress<ReadProgress> progress, long? total) : ReadOnlyStream
{
    private long count;

    /// <summary>Bytes of the file before this stream.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes of the file per byte of this stream; below 1 if the file is compressed.</summary>
    public double Scale { get; init; } = 1;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        count += read;
        if (read > 0) progress.Report(new ReadProgress(input, Offset + (long)(count * Scale), total));
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
