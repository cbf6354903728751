namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Received bytes, valid until the next pull, and whether more bytes are available already. Empty bytes: the client has ended its
/// stream normally. A stream without an empty chunk at its end was cut.
/// </summary>
internal readonly record struct Chunk(ReadOnlyMemory<byte> Bytes, bool HasMore)
{
    /// <summary>Whether the client has ended its stream normally.</summary>
    public bool IsEnd => Bytes.IsEmpty;
}
