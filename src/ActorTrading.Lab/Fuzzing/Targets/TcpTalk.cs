using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Wire.Text;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// A session, with an engine that rejects records that break a rule. With random numbers, batches become durable late and in any order.
/// </summary>
internal sealed class TcpTalk(IngestOptions options, Random? random)
{
    private static readonly string[] Known = ["hello", "ack", "handled", "reject", "error", "heartbeat"];

    private readonly IngestSession session = new(options, new SymbolTable(), new SourceTable());
    private readonly List<(IngestBatch Batch, IngestResult Result)> held = [];
    private readonly ArrayBufferWriter<byte> output = new();
    private long pieces;
    private long acked = -1;

    /// <summary>The received records.</summary>
    public TakenRecords Taken { get; } = new();

    /// <summary>The response lines, without acks.</summary>
    public List<string> Answers { get; } = [];

    public bool GoesOn => session.Error is null;

    public IngestError? Error => session.Error;

    public long Handled => session.Answers.Handled;

    public long Acked => session.Answers.AckedSeq;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        do
        {
            var batch = new IngestBatch();
            var used = session.Read(bytes, batch);
            FuzzFault.Unless(used == bytes.Length || session.IsFull(batch) || !GoesOn, "a session reads on until its batch is full");
            FuzzFault.Unless(used > 0 || bytes.IsEmpty || !GoesOn, "a session takes something of what it is given");
            bytes = bytes[used..];
            Take(batch);
        }
        while (!bytes.IsEmpty && GoesOn);
    }

    /// <summary>Ends the client's stream; everything becomes durable.</summary>
    public void End()
    {
        var batch = new IngestBatch();
        session.End(batch);
        Take(batch);
        while (held.Count > 0) Complete(random?.Next(held.Count) ?? 0);
        Write();
        FuzzFault.Unless(session.Answers.InFlight == 0, "all that is durable is answered");
        FuzzFault.Unless(session.Answers.Handled == pieces, $"{session.Answers.Handled} pieces are handled of {pieces}");
    }

    private void Take(IngestBatch batch)
    {
        if (!batch.IsEmpty)
        {
            session.Answers.Begin(batch);
            pieces += batch.Pieces;
            foreach (ref readonly var record in batch.Records.Span) Taken.OnRecord(record);
            foreach (var input in batch.Unreadable) Taken.OnRejected(input);
            held.Add((batch, ResultOf(batch)));
            while (held.Count > 0 && (random is null || random.Next(3) == 0)) Complete(random?.Next(held.Count) ?? 0);
        }

        Write();
    }

    private void Complete(int index)
    {
        var (batch, result) = held[index];
        held.RemoveAt(index);
        session.Answers.Complete(batch, result);
    }

    private static IngestResult ResultOf(IngestBatch batch)
    {
        var refused = new List<RejectedRecord>();
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var record = ref batch.Records.Span[i];
            var reason = TickRules.Check(record, Limits.Default);
            if (reason != RejectReason.None) refused.Add(new RejectedRecord(i, TickRules.Explain(record, reason)));
        }

        return new IngestResult(batch.Count - refused.Count, 0, 0, refused);
    }

    /// <summary>Collects the responses. Each is a line with a JSON object, whose first member names its type.</summary>
    private void Write()
    {
        session.Answers.Write(output);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        output.ResetWrittenCount();
        if (text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
        {
            CheckHttp(text);
            return;
        }

        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Check(line);
    }

    /// <summary>Checks that input starting like HTTP gets an HTTP error as the last response.</summary>
    private void CheckHttp(string answer)
    {
        var parts = answer.Split("\r\n\r\n", 2);
        var isForHttp = session.Error?.Code == IngestError.WrongProtocol && parts.Length == 2;
        FuzzFault.Unless(isForHttp, "an answer of HTTP is for what opens like HTTP");
        var length = $"Content-Length: {Encoding.UTF8.GetByteCount(parts[1])}\r\n";
        FuzzFault.Unless(parts[0].Contains(length, StringComparison.Ordinal), "an answer of HTTP says its length");
        using var json = JsonDocument.Parse(parts[1]);
        Answers.Add(parts[1]);
    }

    private void Check(string line)
    {
        using var json = JsonDocument.Parse(line);
        var first = json.RootElement.EnumerateObject().First().Name;
        FuzzFault.Unless(Known.Contains(first), $"an answer that begins with '{first}' is known");
        if (first is not ("ack" or "handled"))
        {
            Answers.Add(line);
            return;
        }

        if (!json.RootElement.TryGetProperty("ack", out var ack)) return;
        FuzzFault.Unless(ack.GetInt64() >= acked, "an ack does not go down");
        acked = ack.GetInt64();
    }
}
