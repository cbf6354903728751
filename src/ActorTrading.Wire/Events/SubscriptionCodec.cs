using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Wire.Events;

/// <summary>A change of the list of subscribed symbols. The numbers are part of the format.</summary>
public enum SubscriptionChange : byte
{
    /// <summary>The list is replaced or created.</summary>
    Set = 0,

    /// <summary>The symbols were added to the list.</summary>
    Added = 1,

    /// <summary>The symbols were removed from the list.</summary>
    Removed = 2,

    /// <summary>The list was removed: every symbol is accepted.</summary>
    Cleared = 3,
}

/// <summary>
/// Codec of a change of the list of subscribed symbols for the journal, under the manifest <see cref="EventManifests.Subscription"/>.
/// Layout: docs/binary.md.
/// </summary>
public static class SubscriptionCodec
{
    private const int MinSymbol = 2; // length, one character

    /// <summary>Writes a change.</summary>
    public static void Encode(SubscriptionChange change, IReadOnlyCollection<Symbol> symbols, IBufferWriter<byte> output)
    {
        var writer = new PayloadWriter(output, EventManifests.Subscription);
        writer.Room(2 + ByteWriter.MaxVarint);
        writer.To.Byte(EventManifests.Version);
        writer.To.Byte((byte)change);
        writer.To.Varint((ulong)symbols.Count);
        foreach (var symbol in symbols)
        {
            writer.Room(1 + Symbol.MaxLength);
            writer.To.ShortText(symbol.Name);
        }

        writer.Close();
    }

    /// <summary>Reads a change.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public static bool TryDecode(
        ReadOnlySpan<byte> payload, out SubscriptionChange change, [NotNullWhen(true)] out Symbol[]? symbols, out CodecError error)
    {
        change = default;
        symbols = null;
        if (!PayloadSeal.TryOpen(EventManifests.Subscription, payload, out var content, out error)) return false;
        change = (SubscriptionChange)content.Byte();
        if (change > SubscriptionChange.Cleared) content.Fail(Faults.OutOfRange);
        var read = new Symbol[content.Count(MinSymbol)];
        for (var i = 0; i < read.Length && !content.Failed; i++)
        {
            if (SnapshotCodec.SymbolOf(content.ShortBytes()) is { } symbol) read[i] = symbol;
            else content.Fail(Faults.BadSymbol);
        }

        if (change == SubscriptionChange.Cleared && read.Length > 0) content.Fail(Faults.OutOfRange);
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (content.Failed)
        {
            error = new(content.Position, content.Fault!);
            return false;
        }

        symbols = read;
        return true;
    }
}
