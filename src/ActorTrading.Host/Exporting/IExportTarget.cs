namespace ActorTrading.Host.Exporting;

/// <summary>The output of an export, written in blocks of complete events.</summary>
internal interface IExportTarget : IDisposable
{
    /// <summary>The position of the previous run; for a new output, its beginning.</summary>
    ExportCursor Start { get; }

    /// <summary>Writes the header when the output is empty.</summary>
    void Head(ReadOnlySpan<byte> header);

    /// <summary>Writes a block of full length, and stores its end as the new position.</summary>
    void Block(ReadOnlySpan<byte> lines, in ExportMark mark);

    /// <summary>
    /// Writes the short block at the current end. False: the block is not final, and must be passed again together with the lines that
    /// follow.
    /// </summary>
    bool Tail(ReadOnlySpan<byte> lines, in ExportMark mark);
}

/// <summary>The position reached by an export: the position of an event, its persistence id, and its sequence number.</summary>
internal readonly record struct ExportMark(long Position, string PersistenceId, long SequenceNumber);
