using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Files;

/// <summary>Sets the source of records without one, and forwards everything.</summary>
internal sealed class NamingSink(IRecordSink next, Source source) : IRecordSink
{
    public void OnRecord(in Record record)
    {
        if (!ReferenceEquals(record.Id.Source, Source.Anonymous)) next.OnRecord(record);
        else next.OnRecord(record.WithIdentity(record.Id with { Source = source }));
    }

    public void OnRejected(in RejectedInput input)
    {
        if (!ReferenceEquals(input.Source, Source.Anonymous)) next.OnRejected(input);
        else next.OnRejected(input with { Id = input.Id with { Source = source } });
    }
}
