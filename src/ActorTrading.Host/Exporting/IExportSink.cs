using ActorTrading.Domain.Records;

namespace ActorTrading.Host.Exporting;

/// <summary>Receives the records of a journal, event by event.</summary>
internal interface IExportSink : IDisposable
{
    /// <summary>The position of the previous run; for a new output, its beginning.</summary>
    ExportCursor Start { get; }

    /// <summary>Called after the journal was verified, before its records.</summary>
    void Begin();

    /// <summary>Adds a record of the event at a position; false when the format cannot represent its kind.</summary>
    /// <param name="ordinal">Its index within the event, from 0.</param>
    bool TryAdd(in Record record, long position, int ordinal);

    /// <summary>Called after all records of an event.</summary>
    void EventTaken(in ExportMark mark);

    /// <summary>Called when no more events are available for now.</summary>
    void Rest(in ExportMark mark);
}
