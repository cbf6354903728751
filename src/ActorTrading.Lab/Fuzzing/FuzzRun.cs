using System.Diagnostics;
using System.Security.Cryptography;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>
/// Runs the inputs of one target: distorted or spliced seeds, and noise. Each input depends only on its number and the seed. The inputs run
/// on a thread with a small stack.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, FuzzOptions options)
{
    private const int StackBytes = 1 << 20;
    private const int MostFound = 20;
    private const int NoiseBytes = 400;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, FoundInput> found = [];
    private byte[] current = [];
    private long begun; // start of the current input; 0 between inputs
    private long done;
    private long accepted;
    private volatile bool hangs;

    /// <summary>The files of a target in a corpus folder, ordered by name.</summary>
    public static IReadOnlyList<string> FilesOf(string? corpus, FuzzTarget target)
    {
        var folder = corpus is null ? null : Path.Combine(corpus, target.Name);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Runs all inputs; stops at the first hang.</summary>
    public FuzzResult Run(CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Found);
        byte[][] seeds = [.. target.Seeds, .. FilesOf(options.Corpus, target).Select(File.ReadAllBytes)];
        using var last = new LastInput(options.Found, target.Name);
        if (last.Left is { } left) found.Add("died", new FoundInput("the process lives on (a run before died of this input)", left));
        var clock = Stopwatch.StartNew();
        var thread = new Thread(() => TakeAll(seeds, last, cancellation), StackBytes) { IsBackground = true, Name = $"fuzz {target.Name}" };
        thread.Start();
        while (!thread.Join(PollInterval))
        {
            var since = Volatile.Read(ref begun);
            if (since == 0 || Stopwatch.GetElapsedTime(since) < options.InTime) continue;
            hangs = true; // the thread cannot be aborted; it gets no more inputs
            Found(Volatile.Read(ref current), $"an input is taken within {options.InTime}");
            break;
        }

        cancellation.ThrowIfCancellationRequested();
        return new FuzzResult(target.Name, done, accepted, clock.Elapsed, [.. found.Values]);
    }

    /// <summary>Runs one input; returns the violated property, or null.</summary>
    public static string? FaultOf(FuzzTarget target, byte[] input, Random random, out bool isAccepted)
    {
        isAccepted = false;
        try
        {
            isAccepted = target.Take(input, random);
            return null;
        }
        catch (FuzzFault fault)
        {
            return fault.Message;
        }
        catch (Exception other)
        {
            var frame = new StackTrace(other, fNeedFileInfo: false).GetFrames().Select(each => each.GetMethod()).FirstOrDefault(method =>
                method?.DeclaringType?.FullName?.StartsWith("ActorTrading.", StringComparison.Ordinal) == true);
            return $"{other.GetType().Name} in {frame?.DeclaringType?.Name}.{frame?.Name}: {other.Message}";
        }
    }

    private void TakeAll(byte[][] seeds, LastInput last, CancellationToken cancellation)
    {
        for (var number = 0L; number < options.Inputs && found.Count < MostFound && !cancellation.IsCancellationRequested; number++)
        {
            var random = new Random(HashCode(number));
            var input = target.Finish(Make(seeds, number, random), random);
            last.Keep(input);
            Volatile.Write(ref current, input);
            Volatile.Write(ref begun, Stopwatch.GetTimestamp());
            var fault = FaultOf(target, input, random, out var isAccepted);
            if (hangs) return;
            if (fault is not null) Found(input, fault);
            Volatile.Write(ref begun, 0);
            done++;
            if (isAccepted) accepted++;
        }
    }

    /// <summary>Not the runtime's hash code, which differs in each process.</summary>
    private int HashCode(long number) => unchecked(
        (int)((((ulong)number * 0x9E3779B97F4A7C15) ^ (ulong)(uint)options.Seed) * 0xBF58476D1CE4E5B9 >> 33));

    private static byte[] Make(byte[][] seeds, long number, Random random)
    {
        if (number < seeds.Length) return seeds[number];
        var mutator = new Mutator(random);
        return random.Next(16) switch
        {
            0 => mutator.Noise(NoiseBytes),
            1 or 2 => mutator.Splice(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)]),
            _ => mutator.Distort(seeds[random.Next(seeds.Length)]),
        };
    }

    /// <summary>Stores the input; only the first one per property. Numbers in the property are ignored for this comparison.</summary>
    private void Found(byte[] input, string promise)
    {
        var key = string.Concat(promise.Where(letter => !char.IsDigit(letter)).Take(80));
        if (found.ContainsKey(key)) return;
        var path = Path.Combine(options.Found, $"{target.Name}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}.bin");
        File.WriteAllBytes(path, input);
        found[key] = new FoundInput(promise, path);
    }
}
