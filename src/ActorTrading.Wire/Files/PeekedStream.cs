namespace ActorTrading.Wire.Files;

/// <summary>A stream that returns bytes that were already read for detection, then the rest.</summary>
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
