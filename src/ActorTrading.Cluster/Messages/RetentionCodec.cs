using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of messages about the deletion of old events.</summary>
internal static class RetentionCodec
{
    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of("m:delete1", WriteDelete, (ref content) => new DeleteEvents(content.Symbol(), content.Number())),
        MessageKind.Of("m:deleted1", WriteDone, (ref content) => new DeletionDone(content.Symbol(), content.Text())),
        MessageKind.Of<HoldDeletions>("m:hold1", (ref _, _) => { }, (ref _) => HoldDeletions.Instance),
        MessageKind.Of<DeletionsHeld>("m:held1", (ref _, _) => { }, (ref _) => DeletionsHeld.Instance),
    ];

    private static void WriteDelete(ref PayloadWriter writer, DeleteEvents asked)
    {
        writer.Symbol(asked.Symbol);
        writer.Number(asked.UpTo);
    }

    private static void WriteDone(ref PayloadWriter writer, DeletionDone done)
    {
        writer.Symbol(done.Symbol);
        writer.Text(done.Fault);
    }
}
