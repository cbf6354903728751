namespace ActorTrading.Wire.Binary;

/// <summary>How refused binary input is shown: its beginning in hex.</summary>
internal static class RawBytes
{
    /// <summary>At most <see cref="RejectedInput.MaxRawLength"/> hex digits.</summary>
    public static string Excerpt(ReadOnlySpan<byte> bytes) =>
        Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, RejectedInput.MaxRawLength / 2)]);
}
