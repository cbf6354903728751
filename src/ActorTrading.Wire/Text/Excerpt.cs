using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>The beginning of a rejected text, for display; bytes that are not UTF-8 become U+FFFD.</summary>
public static class Excerpt
{
    /// <summary>At most <see cref="RejectedInput.MaxRawLength"/> characters of it.</summary>
    public static string Of(ReadOnlySpan<byte> line)
    {
        const int Max = RejectedInput.MaxRawLength;
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, Max * 4)]); // at most four bytes per character
        return text.Length <= Max ? text : text[..(Max - 1)] + "…";
    }
}
