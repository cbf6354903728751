namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Bytes as they came, good until the next are asked for, and whether more are there already. None: the client has ended its
/// stream in good order. A stream of chunks that ends without that was cut.
/// </summary>
internal readonly record struct Chunk(ReadOnlyMemory<byte> Bytes, bool HasMore)
{
    /// <summary>Whether this is the end in good order.</summary>
    public bool IsEnd => Bytes.IsEmpty;
}
