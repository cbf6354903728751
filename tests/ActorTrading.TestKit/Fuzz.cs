using System.Diagnostics;
using ActorTrading.Lab.Fuzzing;

namespace ActorTrading.TestKit;

/// <summary>
/// Bytes of malice or accident, made of sound ones. Seeded, so that what it finds comes again. Runs so many rounds, or for as many seconds
/// as <see cref="Variable"/> says, then with another seed each time. Where <see cref="LongVariable"/> is 1, it runs
/// the rounds of the long form.
/// </summary>
public sealed class Fuzz
{
    /// <summary>The environment variable that names a longer time, in seconds, for each test.</summary>
    public const string Variable = "ACTORTRADING_FUZZ_SECONDS";

    /// <summary>The environment variable that asks for the long forms of tests.</summary>
    public const string LongVariable = "ACTORTRADING_LONG_TESTS";

    private readonly Random random;
    private readonly Mutator mutator;
    private readonly int rounds;
    private readonly TimeSpan? time;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int round;

    /// <summary>Begins.</summary>
    /// <param name="longRounds">The rounds of the long form; 0 where there is none.</param>
    public Fuzz(int seed, int rounds, int longRounds = 0)
    {
        this.rounds = Environment.GetEnvironmentVariable(LongVariable) == "1" ? Math.Max(rounds, longRounds) : rounds;
        if (int.TryParse(Environment.GetEnvironmentVariable(Variable), out var seconds) && seconds > 0)
            time = TimeSpan.FromSeconds(seconds);
        Seed = time is null ? seed : Environment.TickCount;
        random = new Random(Seed);
        mutator = new Mutator(random);
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
    public byte[] Distort(ReadOnlySpan<byte> sound) => mutator.Distort(sound);

    /// <summary>As <see cref="Distort(ReadOnlySpan{byte})"/>, of a text; what is no text any more becomes replacement characters.</summary>
    public string Distort(string sound) => mutator.Distort(sound);
}
