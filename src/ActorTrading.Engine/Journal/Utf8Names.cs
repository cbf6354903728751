using System.Text;

namespace ActorTrading.Engine.Journal;

/// <summary>Cache of strings by their UTF-8 bytes: a name that occurs a million times is created once. Not thread-safe.</summary>
internal sealed class Utf8Names
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<byte>> names =
        new HashSet<string>(new Comparer()).GetAlternateLookup<ReadOnlySpan<byte>>();

    private string last = "";

    /// <summary>The string of these bytes.</summary>
    public string this[ReadOnlySpan<byte> utf8]
    {
        get
        {
            if (Comparer.Same(utf8, last)) return last;
            if (!names.TryGetValue(utf8, out var name))
            {
                names.Add(utf8);
                names.TryGetValue(utf8, out name);
            }
            return last = name!;
        }
    }

    private sealed class Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public static bool Same(ReadOnlySpan<byte> utf8, string name) =>
            System.Text.Ascii.IsValid(utf8) ? System.Text.Ascii.Equals(utf8, name) : Encoding.UTF8.GetString(utf8) == name;

        public bool Equals(string? left, string? right) => left == right;

        public bool Equals(ReadOnlySpan<byte> utf8, string name) => Same(utf8, name);

        public int GetHashCode(string name) => GetHashCode(Encoding.UTF8.GetBytes(name));

        public int GetHashCode(ReadOnlySpan<byte> utf8)
        {
            var hash = new HashCode();
            hash.AddBytes(utf8);
            return hash.ToHashCode();
        }

        public string Create(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
    }
}
