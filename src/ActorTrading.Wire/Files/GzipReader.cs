using System.IO.Compression;

namespace ActorTrading.Wire.Files;

/// <summary>
/// Decompresses gzip, any number of members in sequence, and detects truncation, which <see cref="GZipStream"/> ignores. A small marker
/// member is appended to the file; only if it is decompressed intact was everything before it complete.
/// </summary>
public sealed class GzipReader : ReadOnlyStream
{
    private static readonly byte[] Marker = "whole"u8.ToArray();
    private static readonly byte[] MarkerMember = Pack(Marker);

    private readonly WithMarker packed;
    private readonly GZipStream unpacked;

    /// <summary>Creates a reader of a stream; the stream stays open.</summary>
    public GzipReader(Stream packed)
    {
        this.packed = new WithMarker(packed);
        unpacked = new GZipStream(this.packed, CompressionMode.Decompress);
    }

    /// <summary>Reads the next bytes.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="EndOfStreamException">The file was cut short. All bytes that could be decompressed were returned.</exception>
    public override int Read(Span<byte> buffer)
    {
        // One call never returns bytes from both before and after the end of the file: decompressed bytes are returned before more is read.
        // (Trailing bytes that are not gzip are skipped.)
        if (packed.IsAtMarker) return 0;
        Span<byte> tail = stackalloc byte[Marker.Length + 1];
        if (buffer.Length < tail.Length) throw new ArgumentException("a larger buffer is needed", nameof(buffer));
        int read;
        try
        {
            read = unpacked.Read(buffer);
            if (!packed.IsAtMarker) return read;
            for (int more; read < tail.Length && (more = unpacked.Read(buffer[read..])) > 0;) read += more;
        }
        catch (InvalidDataException) when (packed.IsAtMarker)
        {
            read = 0;
        }

        return buffer[..read].SequenceEqual(Marker) ? 0 : throw new EndOfStreamException();
    }

    /// <summary>Reads the next bytes.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="EndOfStreamException">The file was cut short. All bytes that could be decompressed were returned.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (packed.IsAtMarker) return 0;
        if (buffer.Length <= Marker.Length) throw new ArgumentException("a larger buffer is needed", nameof(buffer));
        var read = 0;
        try
        {
            read = await unpacked.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (!packed.IsAtMarker) return read;
            for (int more;
                read <= Marker.Length && (more = await unpacked.ReadAsync(buffer[read..], cancellationToken).ConfigureAwait(false)) > 0;
                ) read += more;
        }
        catch (InvalidDataException) when (packed.IsAtMarker)
        {
            read = 0;
        }

        return buffer.Span[..read].SequenceEqual(Marker) ? 0 : throw new EndOfStreamException();
    }

    protected override void Dispose(bool disposing)
    {
        unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private sealed class WithMarker(Stream inner) : ReadOnlyStream
    {
        private int marked;

        public bool IsAtMarker { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            if (!IsAtMarker)
            {
                var read = inner.Read(buffer);
                if (read > 0) return read;
                IsAtMarker = true;
            }

            return Mark(buffer);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!IsAtMarker)
            {
                var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read > 0) return read;
                IsAtMarker = true;
            }

            return Mark(buffer.Span);
        }

        private int Mark(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, MarkerMember.Length - marked);
            MarkerMember.AsSpan(marked, count).CopyTo(buffer);
            marked += count;
            return count;
        }
    }
}
