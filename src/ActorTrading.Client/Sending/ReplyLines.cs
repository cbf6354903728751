namespace ActorTrading.Client.Sending;

/// <summary>Splits the server's data into lines, independent of the chunk boundaries. Not thread-safe.</summary>
internal sealed class ReplyLines
{
    private const int MaxLength = 1 << 20; // a reply is much shorter

    private byte[] kept = new byte[1024];
    private int length;

    /// <summary>
    /// Reads the next line from the data. Returns false if it is not complete yet. The line is valid until the next call.
    /// </summary>
    /// <exception cref="InvalidDataException">The line is longer than a reply can be.</exception>
    public bool TryTake(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        line = default;
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            Keep(bytes);
            bytes = default;
            return false;
        }

        if (length == 0)
        {
            line = bytes[..end];
        }
        else
        {
            Keep(bytes[..end]);
            line = kept.AsSpan(0, length);
            length = 0;
        }

        bytes = bytes[(end + 1)..];
        return true;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (length + bytes.Length > MaxLength) throw new InvalidDataException("The server sent a line that is too long.");
        if (length + bytes.Length > kept.Length) Array.Resize(ref kept, Math.Max(2 * kept.Length, length + bytes.Length));
        bytes.CopyTo(kept.AsSpan(length));
        length += bytes.Length;
    }
}
