using System.Diagnostics;
using ActorTrading.Lab.Fuzzing;

namespace ActorTrading.TestKit;

/// <summary>
/// Random distortions of valid bytes. Seeded, so that each failure can be repeated. Runs a number of rounds, or for the seconds in
/// <see cref="Variable"/> with a new seed each time. If <see cref="LongVariable"/> is 1, it runs the rounds of the long form.
/// </summary>
public sealed class Fuzz
{
    /// <summary>The environment variable with a longer time for each test, in seconds.</summary>
    public const string Variable = "ACTORTRADING_FUZZ_SECONDS";

    /// <summary>The environment variable that selects the long forms of tests.</summary>
    public const string LongVariable = "ACTORTRADING_LONG_TESTS";

    private readonly Random random;
    private readonly Mutator mutator;
    private readonly int rounds;
    private readonly TimeSpan? time;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int round;

    /// <summary>Starts the rounds.</summary>
    /// <param name="longRounds">The rounds of the long form; 0 if there is none.</param>
    public Fuzz(int seed, int rounds, int longRounds = 0)
    {
        this.rounds = Environment.GetEnvironmentVariable(LongVariable) == "1" ? Math.Max(rounds, longRounds) : rounds;
        if (int.TryParse(Environment.GetEnvironmentVariable(Variable), out var seconds) && seconds > 0)
            time = TimeSpan.FromSeconds(seconds);
        Seed = time is null ? seed : Environment.TickCount;
        random = new Random(Seed);
        mutator = new Mutator(random);
    }

    /// <summary>The seed and the round, for the message of a failure.</summary>
    public int Seed { get; }

    /// <summary>Whether another round follows.</summary>
    public bool Next() => round++ < rounds || clock.Elapsed < time;

    /// <summary>A number from 0 up, below the limit.</summary>
    public int Below(int limit) => random.Next(limit);

    /// <summary>One of several items.</summary>
    public T OneOf<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Valid bytes, distorted in one to four places; sometimes unchanged.</summary>
    public byte[] Distort(ReadOnlySpan<byte> sound) => mutator.Distort(sound);

    /// <summary>Like <see cref="Distort(ReadOnlySpan{byte})"/>, for text; invalid bytes become replacement characters.</summary>
    public string Distort(string sound) => mutator.Distort(sound);
}
