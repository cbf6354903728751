using System.Net;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Nodes;
using ActorTrading.Wire;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of node reports for the cluster overview.</summary>
internal static class ReportCodec
{
    private const int LeastConnection = 13;
    private const int LeastReject = 14;

    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of<GetStatus>("m:status?1", (ref _, _) => { }, (ref _) => GetStatus.Instance),
        MessageKind.Of("m:status1", WriteStatus, ReadStatus),
        MessageKind.Of<GetIntake>("m:intake?1", (ref _, _) => { }, (ref _) => GetIntake.Instance),
        MessageKind.Of("m:intake1", WriteIntake, ReadIntake),
        MessageKind.Of("m:refusals?1", WriteFilter, ReadFilter),
        MessageKind.Of("m:refusals1", WriteRefusals, ReadRefusals),
    ];

    private static void WriteStatus(ref PayloadWriter writer, NodeStatus status)
    {
        string[] texts = [status.Node, status.Http, status.Ticks, status.Version, status.Status, status.Journal, status.JournalFault];
        foreach (var text in texts) writer.Text(text);
        writer.Number(status.Problems.Count);
        foreach (var problem in status.Problems) writer.Text(problem);
        writer.Signed(status.Started.Nanoseconds);
        foreach (var number in (ReadOnlySpan<long>)[status.Process, status.Processors, status.Symbols, status.Connections])
            writer.Number(number);
        foreach (var number in (ReadOnlySpan<long>)[status.Memory, status.Records, status.Waiting, status.Lag.Ticks]) writer.Number(number);
        writer.Double(status.Processor);
        writer.Double(status.Rate);
        foreach (var number in (ReadOnlySpan<long>)[status.Commits.Count, status.Commits.P50.Ticks, status.Commits.P99.Ticks])
            writer.Number(number);
    }

    private static NodeStatus ReadStatus(ref ByteReader content)
    {
        var (node, http, ticks, version) = (content.Text(), content.Text(), content.Text(), content.Text());
        var (status, journal, fault) = (content.Text(), content.Text(), content.Text());
        var problems = new string[content.Count(1)];
        for (var i = 0; i < problems.Length; i++) problems[i] = content.Text();
        return new NodeStatus
        {
            Node = node, Http = http, Ticks = ticks, Version = version,
            Status = status, Journal = journal, JournalFault = fault, Problems = problems,
            Started = new Timestamp(content.Zigzag()),
            Process = Int(ref content), Processors = Int(ref content), Symbols = Int(ref content), Connections = Int(ref content),
            Memory = content.Number(), Records = content.Number(), Waiting = content.Number(), Lag = Time(ref content),
            Processor = content.Double(), Rate = content.Double(),
            Commits = new CommitTimes(content.Number(), Time(ref content), Time(ref content)),
        };
    }

    private static void WriteIntake(ref PayloadWriter writer, NodeIntake intake)
    {
        writer.Text(intake.Node);
        writer.Number(intake.Connections.Count);
        foreach (var connection in intake.Connections) Write(ref writer, connection);
        NodeCodec.WriteLedger(ref writer, new NodeLedger(intake.Ledger)); // up to the end of the message
    }

    private static NodeIntake ReadIntake(ref ByteReader content)
    {
        var node = content.Text();
        var connections = new ConnectionStatus[content.Count(LeastConnection)];
        for (var i = 0; i < connections.Length && !content.Failed; i++) connections[i] = ReadConnection(ref content);
        return new NodeIntake(node, connections, NodeCodec.ReadLedger(ref content).Lines);
    }

    private static void Write(ref PayloadWriter writer, ConnectionStatus connection)
    {
        writer.Number(connection.Number);
        writer.Text(connection.Remote?.ToString() ?? "");
        writer.Text(connection.Source?.Name ?? "");
        writer.Signed(connection.Since.UtcTicks);
        foreach (var number in (ReadOnlySpan<long>)[connection.BytesIn, connection.BytesOut, connection.Records]) writer.Number(number);
        foreach (var number in (ReadOnlySpan<long>)[connection.Rejected, connection.Acks, connection.InFlight]) writer.Number(number);
        writer.Number(connection.Lag.Ticks);
        writer.Signed(connection.AckedSeq);
        writer.Signed(connection.LastAck?.UtcTicks ?? 0);
    }

    private static ConnectionStatus ReadConnection(ref ByteReader content)
    {
        var number = content.Number();
        var (remote, name) = (content.Text(), content.Text());
        IPEndPoint? address = null;
        if (remote.Length > 0 && !IPEndPoint.TryParse(remote, out address)) content.Fail(Faults.OutOfRange);
        var source = name.Length > 0 ? SourceOf(ref content, name) : null;
        var since = Moment(ref content);
        var status = new ConnectionStatus(
            number, address, source, since,
            content.Number(), content.Number(), content.Number(), content.Number(), content.Number(), Int(ref content), null);
        status = status with { Lag = Time(ref content), AckedSeq = content.Zigzag() };
        return Moment(ref content) is { UtcTicks: > 0 } at ? status with { LastAck = at } : status;
    }

    private static void WriteFilter(ref PayloadWriter writer, GetRejects asked)
    {
        writer.Number(asked.Filter.Limit);
        writer.Byte((byte)(asked.Filter.Reason ?? RejectReason.None));
        writer.Text(asked.Filter.Source?.Name ?? "");
    }

    private static GetRejects ReadFilter(ref ByteReader content)
    {
        var (limit, reason, name) = (Int(ref content), Reason(ref content), content.Text());
        var source = name.Length > 0 ? SourceOf(ref content, name) : null;
        return new GetRejects(new RejectFilter(limit, reason == RejectReason.None ? null : reason, source));
    }

    private static void WriteRefusals(ref PayloadWriter writer, NodeRejects told)
    {
        writer.Text(told.Node);
        writer.Number(told.Rejects.Count);
        foreach (var (number, reject) in told.Rejects)
        {
            var (input, sender) = (reject.Input, reject.Sender);
            writer.Number(number);
            writer.Signed(reject.Time.UtcTicks);
            writer.Byte((byte)input.Rejection.Reason);
            writer.Signed(input.Epoch);
            writer.Signed(input.Seq);
            writer.Number(input.LineNumber);
            string[] names = [sender.Listener, sender.Peer, sender.Source.Name, reject.Symbol?.Name ?? "", input.Source.Name];
            foreach (var name in names) writer.Text(name);
            string[] texts = [input.Rejection.Field, input.Rejection.Value, input.Rejection.Hint ?? "", input.Raw];
            foreach (var text in texts) writer.Text(text);
        }
    }

    private static NodeRejects ReadRefusals(ref ByteReader content)
    {
        var node = content.Text();
        var rejects = new KeptReject[content.Count(LeastReject)];
        for (var i = 0; i < rejects.Length && !content.Failed; i++)
            rejects[i] = new KeptReject(content.Number(), ReadReject(ref content));
        return new NodeRejects(node, rejects);
    }

    private static Reject ReadReject(ref ByteReader content)
    {
        var (time, reason) = (Moment(ref content), Reason(ref content));
        var (epoch, seq, line) = (content.Zigzag(), content.Zigzag(), content.Number());
        var sender = new Sender(content.Text(), content.Text(), SourceOf(ref content, content.Text()));
        var name = content.Sized();
        var symbol = name.IsEmpty ? null : MessageParts.SymbolOf(ref content, name);
        var source = SourceOf(ref content, content.Text());
        var (field, value, hint, raw) = (content.Text(), content.Text(), content.Text(), content.Text());
        var rejection = new Rejection(reason, field, value) { Hint = hint.Length > 0 ? hint : null };
        return new Reject(time, sender, symbol, new RejectedInput(new Identity(source, epoch, seq), line, rejection, raw));
    }

    private static Source SourceOf(ref ByteReader content, string name)
    {
        if (Source.TryParse(name, out var source)) return source;
        content.Fail(Faults.BadSource);
        return Source.Anonymous;
    }

    private static RejectReason Reason(ref ByteReader content)
    {
        var reason = (RejectReason)content.Byte();
        if (!Enum.IsDefined(reason)) content.Fail(Faults.OutOfRange);
        return reason;
    }

    private static int Int(ref ByteReader content)
    {
        var number = content.Varint();
        if (number > int.MaxValue) content.Fail(Faults.OutOfRange);
        return (int)Math.Min(number, int.MaxValue);
    }

    private static TimeSpan Time(ref ByteReader content)
    {
        var ticks = content.Number();
        if (ticks < 0) content.Fail(Faults.OutOfRange);
        return TimeSpan.FromTicks(Math.Max(0, ticks));
    }

    private static DateTimeOffset Moment(ref ByteReader content)
    {
        var ticks = content.Zigzag();
        if (ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks) return new DateTimeOffset(ticks, TimeSpan.Zero);
        content.Fail(Faults.OutOfRange);
        return default;
    }
}
