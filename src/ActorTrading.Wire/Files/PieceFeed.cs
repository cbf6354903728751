using ActorTrading.Domain.Records;
using ActorTrading.Wire.Framing;

namespace ActorTrading.Wire.Files;

/// <summary>Feed of a format that a splitter cuts into pieces: lines or objects.</summary>
internal abstract class PieceFeed(string name, ReadOptions options, IRecordSink sink, IPieceSplitter splitter)
    : RecordFeed(name, options, sink)
{
    /// <summary>Whether the meaning of a piece depended on earlier pieces.</summary>
    public virtual bool DependsOnEarlier => false;

    public sealed override bool Feed(ReadOnlySpan<byte> bytes)
    {
        LineStatus status;
        while ((status = splitter.Next(ref bytes, out var piece)) != LineStatus.NeedMore) TakeNext(status, piece);
        return true;
    }

    public sealed override void Complete()
    {
        TakeLast();
        OnCompleted();
    }

    /// <summary>Sets the number of lines before the next one.</summary>
    public void BeginAfter(long lines) => LineNumber = lines;

    /// <summary>Processes the last piece if it has no end.</summary>
    public void TakeLast()
    {
        var last = splitter.Finish(out var end);
        if (last != LineStatus.NeedMore) TakeNext(last, end);
    }

    protected virtual void OnCompleted()
    {
    }

    /// <summary>The line in which the next piece begins.</summary>
    protected virtual long NextLine => LineNumber + 1;

    protected abstract void Take(LineStatus status, ReadOnlySpan<byte> piece);

    protected void RejectTooLong() => Sink.OnRejected(RejectedInput.TooLong(
        new Identity(SourceOfInput(), 0, Identity.None), LineNumber, splitter.SkippedBytes, MaxLineLength, splitter.SkippedStart));

    private void TakeNext(LineStatus status, ReadOnlySpan<byte> piece)
    {
        LineNumber = NextLine;
        if (Position is { } position) position.Line = LineNumber;
        Take(status, piece);
    }
}
