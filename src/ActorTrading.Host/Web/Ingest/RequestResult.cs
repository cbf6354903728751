using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Engine;

namespace ActorTrading.Host.Web.Ingest;

/// <summary>The outcome of a request's records: received = applied + late + duplicate + rejected. Lists the first rejections.</summary>
internal sealed class RequestResult
{
    private const int MaxListed = 100;

    private readonly List<(long Line, long Seq, Rejection Rejection)> rejections = [];
    private long applied;
    private long late;
    private long duplicate;
    private long rejected;

    /// <summary>Number of records and unreadable pieces.</summary>
    public long Received => applied + late + duplicate + rejected;

    /// <summary>Whether everything was rejected, and there was at least one record.</summary>
    public bool IsRefused => rejected > 0 && rejected == Received;

    /// <summary>Adds a finished batch; batches must come in the order of the request.</summary>
    public void Add(RequestBatch batch, IngestResult result)
    {
        applied += result.Applied;
        late += result.Late;
        duplicate += result.Duplicate;
        var next = 0;
        for (var i = 0; i < batch.Unreadable.Count; i++)
        {
            for (; next < result.Refused.Count && result.Refused[next].Index < batch.RecordsBefore(i); next++)
                Refuse(batch, result.Refused[next]);
            var input = batch.Unreadable[i];
            Refuse(input.LineNumber, input.Seq, input.Rejection);
        }

        for (; next < result.Refused.Count; next++) Refuse(batch, result.Refused[next]);
    }

    /// <summary>Writes the result as members of an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("received", Received);
        json.WriteNumber("applied", applied);
        json.WriteNumber("late", late);
        json.WriteNumber("duplicate", duplicate);
        json.WriteNumber("rejected", rejected);
        json.WriteStartArray("rejections");
        foreach (var (line, seq, rejection) in rejections)
        {
            json.WriteStartObject();
            if (line > 0) json.WriteNumber("line", line);
            if (seq != Identity.None) json.WriteNumber("seq", seq);
            json.WriteString("reason", rejection.Reason.Name());
            json.WriteString("field", rejection.Field);
            json.WriteString("value", rejection.Value);
            json.WriteString("advice", rejection.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (rejected > rejections.Count) json.WriteNumber("rejections_omitted", rejected - rejections.Count);
    }

    private void Refuse(RequestBatch batch, in RejectedRecord refused) =>
        Refuse(batch.LineOf(refused.Index), batch.Records.Span[refused.Index].Id.Seq, refused.Rejection);

    private void Refuse(long line, long seq, Rejection rejection)
    {
        rejected++;
        if (rejections.Count < MaxListed) rejections.Add((line, seq, rejection));
    }
}
