using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Engine.Ingest.Accounting;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes a rejected record as members of an object.</summary>
internal static class RejectsJson
{
    /// <summary>Writes the members.</summary>
    /// <param name="isWhole">Whether to include the peer, the position in its input, and the advice.</param>
    public static void Write(Utf8JsonWriter json, Reject reject, bool isWhole)
    {
        var (input, sender) = (reject.Input, reject.Sender);
        json.WriteString("time", reject.Time.UtcDateTime);
        json.WriteString("door", sender.Listener);
        if (isWhole) json.WriteString("peer", sender.Peer);
        if (reject.Symbol is { } symbol) json.WriteString("symbol", symbol.Name);
        json.WriteString("source", input.Source.Name);
        json.WriteNumber("epoch", input.Epoch);
        if (input.Seq != Identity.None) json.WriteNumber("seq", input.Seq);
        if (isWhole && input.LineNumber > 0) json.WriteNumber("place", input.LineNumber);
        json.WriteString("reason", input.Rejection.Reason.Name());
        json.WriteString("field", input.Rejection.Field);
        json.WriteString("value", input.Rejection.Value);
        if (isWhole) json.WriteString("advice", input.Rejection.Advice);
        json.WriteString("raw", input.Raw);
    }
}
