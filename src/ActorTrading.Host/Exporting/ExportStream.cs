namespace ActorTrading.Host.Exporting;

/// <summary>An export to standard output. It stores no position: the reader of the stream must track it.</summary>
internal sealed class ExportStream(Stream stream, ExportRequest request) : IExportTarget
{
    public ExportCursor Start { get; } = ExportCursor.Begin(request);

    public void Head(ReadOnlySpan<byte> header) => stream.Write(header);

    public void Block(ReadOnlySpan<byte> lines, in ExportMark mark) => Tail(lines, mark);

    public bool Tail(ReadOnlySpan<byte> lines, in ExportMark mark)
    {
        stream.Write(lines);
        stream.Flush();
        return true;
    }

    public void Dispose() => stream.Dispose();
}
