using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Ingest.Sessions;

/// <summary>
/// The answers of a session: finished batches in, lines for the client out. Answers are in input order, whatever the order in which batches
/// finish: a rejection always comes before the ack that covers it. Not thread-safe.
/// </summary>
internal sealed class SessionAnswers(SessionClient client)
{
    private readonly Queue<IngestBatch> inFlight = [];
    private readonly ArrayBufferWriter<byte> lines = new(256);
    private long handledSeq = Identity.None;
    private bool isAckDue;
    private bool isErrorDue;
    private bool isUnheard;

    /// <summary>The batch that is being filled: no ack covers its input. Set by the session.</summary>
    public IngestBatch? Filling { get; set; }

    /// <summary>Whether the client sends binary frames. Set by the session.</summary>
    public bool IsBinary { get; set; }

    /// <summary>Whether the client speaks HTTP. Set by the session.</summary>
    public bool IsHttp { get; set; }

    /// <summary>Number of refused records and unreadable pieces.</summary>
    public long Rejected { get; set; }

    /// <summary>Why the connection must be closed after the accepted input is answered; null if there is no error.</summary>
    public IngestError? Error { get; private set; }

    /// <summary>Number of batches handed over and not answered.</summary>
    public int InFlight => inFlight.Count;

    /// <summary>The oldest batch that is handed over and not answered; null if there is none.</summary>
    public IngestBatch? Oldest => inFlight.TryPeek(out var oldest) ? oldest : null;

    /// <summary>The acknowledged seq; <see cref="Identity.None"/> before the first ack.</summary>
    public long AckedSeq { get; private set; } = Identity.None;

    /// <summary>Number of answered records and unreadable pieces, counted from the first one without a gap.</summary>
    public long Handled { get; private set; }

    /// <summary>Ack lines written.</summary>
    public long Acks { get; private set; }

    /// <summary>Number of bytes of rejections that wait to be written.</summary>
    public int Pending => lines.WrittenCount;

    /// <summary>Answers the hello of the client.</summary>
    public void Greet(IngestOptions options) => IngestReply.Hello(lines, client.Hello, options);

    /// <summary>The batch is handed over now. Its answer follows the answers of earlier batches.</summary>
    public void Begin(IngestBatch batch)
    {
        inFlight.Enqueue(batch);
        Filling = null;
    }

    /// <summary>The whole batch is durable. Batches may finish in any order.</summary>
    public void Complete(IngestBatch batch, IngestResult result)
    {
        batch.Result = result;
        while (inFlight.TryPeek(out var first) && first.Result is not null) Answer(inFlight.Dequeue());
    }

    /// <summary>Ends the session with that error. The first error is kept.</summary>
    public void Fail(IngestError error)
    {
        if (Error is not null) return;
        Error = error;
        isErrorDue = client.Source is not null || IngestError.IsToldWithoutHello(error.Code);
    }

    /// <summary>The client reads no more answers: they are dropped, and nothing is acknowledged.</summary>
    public void Mute()
    {
        isUnheard = true;
        lines.Clear();
    }

    /// <summary>Drops batches that will never be answered, so that the error can be sent.</summary>
    public void Abandon()
    {
        inFlight.Clear();
        Filling = null;
    }

    /// <summary>Writes what is ready to be sent: rejections, then one ack for all, and at the very end the error.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        if (lines.WrittenCount > 0)
        {
            output.Write(lines.WrittenSpan);
            lines.ResetWrittenCount();
        }

        if (isAckDue && !isUnheard)
        {
            isAckDue = false;
            Acks++;
            IngestReply.Ack(output, AckedSeq, Handled);
        }

        if (isErrorDue && inFlight.Count == 0 && Filling is not { IsEmpty: false })
        {
            isErrorDue = false;
            if (IsHttp && Error!.Code == IngestError.WrongProtocol) IngestReply.HttpRefusal(output, Error);
            else IngestReply.Error(output, Error!);
        }
    }

    private void Answer(IngestBatch batch)
    {
        Handled += batch.Pieces;
        handledSeq = Math.Max(handledSeq, batch.LastSeq);
        Rejected += batch.Result!.Refused.Count;
        if (client.Source is not null && !isUnheard)
        {
            AnswerRefusals(batch, batch.Result.Refused);
            AdvanceAck();
            isAckDue = true;
        }

        batch.Release();
    }

    private void AnswerRefusals(IngestBatch batch, IReadOnlyList<RejectedRecord> refused)
    {
        var next = 0;
        for (var i = 0; i < batch.Unreadable.Count; i++)
        {
            var (place, input) = (batch.PlaceOf(i), batch.Unreadable[i]);
            if (place < 0) continue;
            for (; next < refused.Count && refused[next].Index < place; next++) AnswerReject(batch, refused[next]);
            IngestReply.Reject(lines, input, client.Hello, IsBinary);
        }

        for (; next < refused.Count; next++) AnswerReject(batch, refused[next]);
    }

    private void AnswerReject(IngestBatch batch, in RejectedRecord refused) =>
        IngestReply.Reject(
            lines, new RejectedInput(batch.Records.Span[refused.Index].Id, 0, refused.Rejection, ""), client.Hello, IsBinary);

    /// <summary>Advances the ack. It never covers input without an answer, even if the sender's numbers are out of order.</summary>
    private void AdvanceAck()
    {
        var limit = handledSeq;
        foreach (var waiting in inFlight)
        {
            if (waiting.FirstSeq <= limit) limit = waiting.FirstSeq - 1;
        }

        if (Filling is { } filling && filling.FirstSeq <= limit) limit = filling.FirstSeq - 1;
        AckedSeq = Math.Max(AckedSeq, limit);
    }
}
