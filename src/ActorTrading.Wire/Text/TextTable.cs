using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Cache of short texts that repeat, such as sale conditions and names of economic indicators: the same string for the same bytes while
/// there is space, a new string otherwise. One per parser; not thread-safe.
/// </summary>
internal sealed class TextTable
{
    private const int MaxCount = 4096;
    private const int MaxBytes = 256; // four bytes per character of the longest text that the domain accepts

    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public TextTable() => lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Decodes UTF-8; false if it is longer than any text field may be.</summary>
    public bool TryGet(ReadOnlySpan<byte> utf8, out string? text)
    {
        text = null;
        if (utf8.Length > MaxBytes) return false;
        Span<char> characters = stackalloc char[MaxBytes];
        characters = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        if (lookup.TryGetValue(characters, out text)) return true;
        text = characters.ToString();
        if (known.Count < MaxCount) known.Add(text, text);
        return true;
    }
}
