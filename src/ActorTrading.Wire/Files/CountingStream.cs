namespace ActorTrading.Wire.Files;

/// <summary>
/// Counts what is read of a stream and says how far in the file on disk that is: <paramref name="scale"/> bytes
/// there for one here, after the first <paramref name="offset"/>.
/// </summary>
internal sealed class CountingStream(
    Stream inner, string input, IProgress<ReadProgress> progress, long? total, long offset = 0, double scale = 1) : ReadOnlyStream
{
    private long count;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        count += read;
        if (read > 0) progress.Report(new ReadProgress(input, offset + (long)(count * scale), total));
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
