using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using ActorTrading.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Events;

/// <summary>
/// Codec of plans for the journal, as canonical JSON, under the manifest <see cref="EventManifests.Plan"/>. Layout: docs/binary.md.
/// </summary>
public static class PlanCodec
{
    /// <summary>Writes a plan.</summary>
    public static void Encode(Plan plan, IBufferWriter<byte> output)
    {
        var json = plan.ToUtf8();
        var writer = new PayloadWriter(output, EventManifests.Plan);
        writer.Room(1 + ByteWriter.MaxVarint + json.Length);
        writer.To.Byte(EventManifests.Version);
        writer.To.Varint((ulong)json.Length);
        writer.To.Bytes(json);
        writer.Close();
    }

    /// <summary>Reads a plan.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out Plan? plan, out CodecError error)
    {
        plan = null;
        if (!PayloadSeal.TryOpen(EventManifests.Plan, payload, out var content, out error)) return false;
        var json = content.Bytes(content.Count(1));
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (!content.Failed && !Plan.TryParse(json, VenueCalendars.Source, out plan, out var errors))
            content.Fail($"the plan is refused: {string.Join("; ", errors)}");
        if (!content.Failed && plan is not null) return true;
        plan = null;
        error = new(content.Position, content.Fault!);
        return false;
    }
}
