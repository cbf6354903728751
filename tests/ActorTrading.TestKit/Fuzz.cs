using System.Diagnostics;
using System.Text;

namespace ActorTrading.TestKit;

/// <summary>
/// Bytes of malice or accident, made of sound ones. Seeded, so that what it finds comes again. Runs so many rounds, or for as many seconds
/// as <see cref="Variable"/> says, then with another seed each time. Where <see cref="LongVariable"/> is 1, it runs the rounds of the long form.
/// </summary>
public sealed class Fuzz
{
    /// <summary>The environment variable that names a longer time, in seconds, for each test.</summary>
    public const string Variable = "ACTORTRADING_FUZZ_SECONDS";

    /// <summary>The environment variable that asks for the long forms of tests.</summary>
    public const string LongVariable = "ACTORTRADING_LONG_TESTS";

    private static readonly byte[][] Nasty =
    [
        .. new[]
        {
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\r\n", "\0", "null", "true", "-", "-1", "0", "1e400", "-1e-400", "NaN", "9223372036854775808",
            "-9223372036854775809", "99999999999999999999999999999", "0.000000001", "\"\\ud800\"", "\\u0000", "\ufeff", "\u202e", "\ud83d\ude80", "%00", "%2F", "&", "?", "=", "..",
            "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "0001-01-01", "2024-02-30", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\"symbol\":1", "\"seq\":-1,", "''", "\"\"\"",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x1f, 0x8b], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ];

    private readonly Random random;
    private readonly int rounds;
    private readonly TimeSpan? time;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int round;

    /// <summary>Begins.</summary>
    /// <param name="longRounds">The rounds of the long form; 0 where there is none.</param>
    public Fuzz(int seed, int rounds, int longRounds = 0)
    {
        this.rounds = Environment.GetEnvironmentVariable(LongVariable) == "1" ? Math.Max(rounds, longRounds) : rounds;
        if (int.TryParse(Environment.GetEnvironmentVariable(Variable), out var seconds) && seconds > 0) time = TimeSpan.FromSeconds(seconds);
        Seed = time is null ? seed : Environment.TickCount;
        random = new Random(Seed);
    }

    /// <summary>What to name in a failure.</summary>
    public int Seed { get; }

    /// <summary>Whether to go on.</summary>
    public bool Next() => round++ < rounds || clock.Elapsed < time;

    /// <summary>A number from 0 up, below the limit.</summary>
    public int Below(int limit) => random.Next(limit);

    /// <summary>One of several.</summary>
    public T OneOf<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Sound bytes, distorted in one to four places; now and then left as they are.</summary>
    public byte[] Distort(ReadOnlySpan<byte> sound)
    {
        var bytes = new List<byte>(sound.ToArray());
        for (var changes = random.Next(0, 5); changes > 0; changes--) Change(bytes);
        return [.. bytes];
    }

    /// <summary>As <see cref="Distort(ReadOnlySpan{byte})"/>, of a text; what is no text any more becomes replacement characters.</summary>
    public string Distort(string sound) => Encoding.UTF8.GetString(Distort(Encoding.UTF8.GetBytes(sound)));

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
                bytes.InsertRange(at, OneOf(Nasty));
                break;
            default:
                bytes.InsertRange(at, OneOf(Nasty));
                break;
        }
    }
}
