namespace ActorTrading.Wire.Files;

/// <summary>A stream whose first bytes were read already, to see what it is: they come again first.</summary>
internal sealed class PeekedStream(ReadOnlyMemory<byte> first, Stream rest) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        if (first.IsEmpty) return rest.Read(buffer);
        var count = Math.Min(buffer.Length, first.Length);
        first.Span[..count].CopyTo(buffer);
        first = first[count..];
        return count;
    }
}
