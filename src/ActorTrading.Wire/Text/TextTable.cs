using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>
/// The short texts that come again and again, such as sale conditions and the names of economic indicators:
/// the same string for the same bytes while there is room, a new one beyond that. One per parser.
/// </summary>
internal sealed class TextTable
{
    private const int MaxCount = 4096;
    private const int MaxBytes = 256; // four a character of the longest text that the rules of the domain take

    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public TextTable() => lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text of some UTF-8; false where it is longer than any text field may be.</summary>
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
