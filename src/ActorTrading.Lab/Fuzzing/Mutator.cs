using System.Text;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>Derives malicious or damaged bytes from valid ones. Deterministic for the same random numbers. Not thread-safe.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly byte[][] Nasty =
    [
        .. new[]
        {
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\r\n", "\0", "null", "true", "-", "-1", "0", "1e400", "-1e-400", "NaN",
                "9223372036854775808",
            "-9223372036854775809", "99999999999999999999999999999", "0.000000001", "\"\\ud800\"", "\\u0000", "\ufeff", "\u202e",
                "\ud83d\ude80", "%00", "%2F", "&", "?", "=", "..",
            "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "0001-01-01", "2024-02-30", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":",
                "\"symbol\":1", "\"seq\":-1,", "''", "\"\"\"",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x1f, 0x8b], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ];

    /// <summary>Valid bytes, distorted at one to four places; sometimes unchanged.</summary>
    public byte[] Distort(ReadOnlySpan<byte> sound)
    {
        var bytes = new List<byte>(sound.ToArray());
        for (var changes = random.Next(0, 5); changes > 0; changes--) Change(bytes);
        return [.. bytes];
    }

    /// <summary>Like <see cref="Distort(ReadOnlySpan{byte})"/>, for a text. Invalid UTF-8 becomes replacement characters.</summary>
    public string Distort(string sound) => Encoding.UTF8.GetString(Distort(Encoding.UTF8.GetBytes(sound)));

    /// <summary>Random bytes, up to a maximum length.</summary>
    public byte[] Noise(int most)
    {
        var bytes = new byte[random.Next(most + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>The beginning of one input and the end of another.</summary>
    public byte[] Splice(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        [.. first[..random.Next(first.Length + 1)], .. second[random.Next(second.Length + 1)..]];

    private void Change(List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 24), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0:
                if (at < bytes.Count) bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                if (at < bytes.Count) bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Nasty[random.Next(Nasty.Length)]);
                break;
            default:
                bytes.InsertRange(at, Nasty[random.Next(Nasty.Length)]);
                break;
        }
    }
}
