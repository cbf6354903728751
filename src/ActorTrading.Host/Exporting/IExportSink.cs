using ActorTrading.Domain.Records;

namespace ActorTrading.Host.Exporting;

/// <summary>Takes the records of a journal, event by event.</summary>
internal interface IExportSink : IDisposable
{
    /// <summary>How far an earlier run has come; of a new output, its beginning.</summary>
    ExportCursor Start { get; }

    /// <summary>The journal is the right one, and its records come now.</summary>
    void Begin();

    /// <summary>Takes a record of the event of that position; false if the form has no words for its kind.</summary>
    /// <param name="ordinal">Its place within the event, from 0.</param>
    bool TryAdd(in Record record, long position, int ordinal);

    /// <summary>All records of the event were taken.</summary>
    void EventTaken(in ExportMark mark);

    /// <summary>Nothing more comes for now.</summary>
    void Rest(in ExportMark mark);
}
