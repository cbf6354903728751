using ActorTrading.Domain.Records;

namespace ActorTrading.Host.Exporting;

/// <summary>Collects records as lines, and writes them in blocks whose boundaries depend only on the journal.</summary>
internal sealed class LineSink(ExportRequest request, IExportTarget target) : IExportSink
{
    private readonly RecordLines lines = new(request.Form, request.Positions);
    private long written = -1;

    /// <summary>The block size in bytes: a block ends with the event that reaches it.</summary>
    public int BlockBytes { get; set; } = 16 << 20;

    public ExportCursor Start => target.Start;

    public void Begin() => target.Head(RecordLines.Header(request.Form));

    public bool TryAdd(in Record record, long position, int ordinal) => lines.TryAdd(record, position);

    public void EventTaken(in ExportMark mark)
    {
        if (lines.Written.Length < BlockBytes) return;
        target.Block(lines.Written, mark);
        lines.Clear();
    }

    public void Rest(in ExportMark mark)
    {
        if (mark.Position == written) return;
        if (target.Tail(lines.Written, mark)) lines.Clear();
        written = mark.Position;
    }

    public void Dispose() => target.Dispose();
}
