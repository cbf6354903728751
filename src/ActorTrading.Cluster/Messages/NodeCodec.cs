using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of messages about nodes: ledger, subscriptions, plan.</summary>
internal static class NodeCodec
{
    private const int LeastLine = 6;

    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of<GetLedger>("m:ledger?1", (ref _, _) => { }, (ref _) => GetLedger.Instance),
        MessageKind.Of("m:ledger1", WriteLedger, ReadLedger),
        MessageKind.Of(
            "m:subscribe1", WriteChange,
            (ref content) => new ChangeSubscriptions(content.Flag(), ReadSymbols(ref content), ReadSymbols(ref content))),
        MessageKind.Of<ClearSubscriptions>("m:unlist1", (ref _, _) => { }, (ref _) => ClearSubscriptions.Instance),
        MessageKind.Of<SubscriptionsChanged>(
            "m:subscribed1", (ref writer, changed) => writer.Number(changed.LastEvent),
            (ref content) => new SubscriptionsChanged(content.Number())),
        MessageKind.Of("m:plan1", WritePlan, ReadPlan),
        MessageKind.Of<ChangeExclusions>(
            "m:exclude1", (ref writer, change) => writer.Sized(change.Change),
            (ref content) => new ChangeExclusions(content.Sized().ToArray())),
        MessageKind.Of<PlanChanged>(
            "m:planned1", (ref writer, changed) => writer.Number(changed.Plans), (ref content) => new PlanChanged(content.Number())),
        MessageKind.Of<GetPlan>("m:plan?1", (ref _, _) => { }, (ref _) => GetPlan.Instance),
    ];

    public static void WriteLedger(ref PayloadWriter writer, NodeLedger ledger)
    {
        writer.Number(ledger.Lines.Count);
        foreach (var line in ledger.Lines)
        {
            writer.Name(line.Source.Name);
            writer.Number(line.Received);
            writer.Number(line.Applied);
            writer.Number(line.Duplicate);
            writer.Number(line.Late);
            writer.Number(line.Rejected);
        }

        // Written after the lines, and only if a count is not 0, so that nodes of earlier releases can read the message otherwise.
        if (ledger.Lines.All(static line => line.Rounded == 0)) return;
        foreach (var line in ledger.Lines) writer.Number(line.Rounded);
    }

    public static NodeLedger ReadLedger(ref ByteReader content)
    {
        var lines = new LedgerLine[content.Count(LeastLine)];
        for (var i = 0; i < lines.Length; i++)
        {
            if (!Source.TryParse(content.Name(), out var source)) content.Fail(Faults.BadSource);
            lines[i] = new LedgerLine(source ?? Source.Anonymous)
            {
                Received = content.Number(), Applied = content.Number(), Duplicate = content.Number(), Late = content.Number(),
                Rejected = content.Number(),
            };
        }

        if (content.Remaining == 0) return new NodeLedger(lines);
        if (content.Remaining < lines.Length) content.Fail(Faults.TrailingBytes); // shorter than nodes write it
        foreach (var line in lines) line.Rounded = content.Number();
        if (lines.All(static line => line.Rounded == 0)) content.Fail(Faults.TrailingBytes); // nodes do not write zeros only
        return new NodeLedger(lines);
    }

    private static void WriteChange(ref PayloadWriter writer, ChangeSubscriptions change)
    {
        writer.Flag(change.Adds);
        writer.Symbols(change.Symbols);
        writer.Symbols(change.Known);
    }

    private static Symbol[] ReadSymbols(ref ByteReader content)
    {
        var symbols = content.Symbols();
        if (symbols.Contains(Symbol.Economy)) content.Fail(Faults.BadSymbol); // cannot be subscribed to
        return symbols;
    }

    private static void WritePlan(ref PayloadWriter writer, ChangePlan change)
    {
        writer.Flag(change.IsFirst);
        writer.Sized(change.Json);
    }

    private static ChangePlan ReadPlan(ref ByteReader content)
    {
        var isFirst = content.Flag();
        return new ChangePlan(content.Sized().ToArray(), isFirst);
    }
}
