namespace ActorTrading.Host.Exporting;

/// <summary>Where an export goes, a block of whole events at a time.</summary>
internal interface IExportTarget : IDisposable
{
    /// <summary>How far an earlier run has come; of a new output, its beginning.</summary>
    ExportCursor Start { get; }

    /// <summary>Writes what begins the output, if nothing is in it yet.</summary>
    void Head(ReadOnlySpan<byte> header);

    /// <summary>Writes a block of full length, and remembers that all up to it is done.</summary>
    void Block(ReadOnlySpan<byte> lines, in ExportMark mark);

    /// <summary>
    /// Writes the short block at the end of what there is so far. Returns whether it is done with; if not, it is to be handed over once
    /// more, together with what follows.
    /// </summary>
    bool Tail(ReadOnlySpan<byte> lines, in ExportMark mark);
}

/// <summary>An event that an export has come to: its position, whose it is, and its number.</summary>
internal readonly record struct ExportMark(long Position, string PersistenceId, long SequenceNumber);
