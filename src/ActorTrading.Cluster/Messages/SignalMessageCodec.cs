using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of signal messages: from symbols to the administrator, and from gateways to subscribers.</summary>
internal static class SignalMessageCodec
{
    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of(
            "m:fired1", WriteFired,
            (ref content) => new SignalsFired(content.Symbol(), content.PlanHash(), content.Number(), content.Signals())),
        MessageKind.Of(
            "m:logged1", WriteLogged, (ref content) => new SignalsLogged(content.Symbol(), content.PlanHash(), content.Number())),
        MessageKind.Of("m:signals1", WritePublished, (ref content) => new SignalsPublished(content.Number(), content.Signals())),
        MessageKind.Of<SignalsAfter>(
            "m:page?1", (ref writer, asked) => writer.Number(asked.Position), (ref content) => new SignalsAfter(content.Number())),
        MessageKind.Of("m:page1", WritePage, ReadPage),
        MessageKind.Of("m:logfault1", WriteFault, (ref content) => new SignalLogFault(content.Number(), content.Text())),
    ];

    private static void WriteFired(ref PayloadWriter writer, SignalsFired fired)
    {
        writer.Symbol(fired.Symbol);
        writer.PlanHash(fired.Plan);
        writer.Number(fired.First);
        writer.Signals(fired.Signals);
    }

    private static void WriteLogged(ref PayloadWriter writer, SignalsLogged logged)
    {
        writer.Symbol(logged.Symbol);
        writer.PlanHash(logged.Plan);
        writer.Number(logged.Last);
    }

    private static void WritePublished(ref PayloadWriter writer, SignalsPublished published)
    {
        writer.Number(published.First);
        writer.Signals(published.Signals);
    }

    private static void WritePage(ref PayloadWriter writer, SignalsPage page)
    {
        writer.Number(page.First);
        writer.Number(page.Last);
        writer.Signals(page.Signals);
    }

    private static void WriteFault(ref PayloadWriter writer, SignalLogFault fault)
    {
        writer.Number(fault.Position);
        writer.Text(fault.Fault);
    }

    private static SignalsPage ReadPage(ref ByteReader content)
    {
        var (first, last) = (content.Number(), content.Number());
        return new SignalsPage(first, content.Signals(), last);
    }
}
