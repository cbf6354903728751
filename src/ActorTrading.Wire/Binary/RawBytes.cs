namespace ActorTrading.Wire.Binary;

/// <summary>Formats the beginning of rejected binary input as hex.</summary>
internal static class RawBytes
{
    /// <summary>At most <see cref="RejectedInput.MaxRawLength"/> hex digits.</summary>
    public static string Excerpt(ReadOnlySpan<byte> bytes) =>
        Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, RejectedInput.MaxRawLength / 2)]);
}
