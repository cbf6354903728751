using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// Gives the same object for the same ASCII name, found by its bytes: only a new name allocates. It grows with the
/// names it meets and forgets none, so what feeds it must be checked (a journal's payloads are, by their checksum).
/// </summary>
internal sealed class Interner<T>(Interner<T>.Parser parse)
    where T : class
{
    private const int MaxName = 64;
    private readonly Dictionary<string, T> things = new(StringComparer.Ordinal);

    /// <summary>Makes the object of a name, or null when there is none of that name.</summary>
    public delegate T? Parser(ReadOnlySpan<char> name);

    /// <summary>The object of that name; false when there can be none.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out T? thing)
    {
        thing = null;
        if (name.Length > MaxName) return false;
        Span<char> characters = stackalloc char[MaxName];
        characters = characters[..Encoding.Latin1.GetChars(name, characters)];
        if (things.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters, out thing)) return true;
        thing = parse(characters);
        if (thing is null) return false;
        things.Add(characters.ToString(), thing);
        return true;
    }
}
