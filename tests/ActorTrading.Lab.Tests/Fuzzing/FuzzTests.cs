using ActorTrading.Lab.Fuzzing;
using ActorTrading.TestKit;

namespace ActorTrading.Lab.Tests.Fuzzing;

/// <summary>
/// The short form of <c>actortrading-lab fuzz</c>; with <see cref="Fuzz.LongVariable"/> the long one. An input that breaks a promise is
/// added to the folder <c>Corpus</c>, under the name of its target, when the fault is fixed.
/// </summary>
public sealed class FuzzTests
{
    private const int Inputs = 20_000;
    private const int LongInputs = 1_000_000;

    private static readonly string Corpus = Path.Combine(ReferenceData.RepositoryFolder(), "tests", "ActorTrading.Lab.Tests", "Corpus");

    public static TheoryData<string> Targets => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void DistortedInputs_AreAnsweredByTypes_InTime_InBoundedMemory_AndWhatIsTakenComesBack(string name)
    {
        using var folder = new TemporaryFolder();
        using var target = FuzzTargets.Make(name);
        var inputs = Environment.GetEnvironmentVariable(Fuzz.LongVariable) == "1" ? LongInputs : Inputs;
        var options = new FuzzOptions(
            inputs / FuzzTargets.Of(target.Group).Count, Seed: 15, Corpus, folder.Path) { InTime = TimeSpan.FromMinutes(1) };

        var result = new FuzzRun(target, options).Run(CancellationToken.None);

        Assert.True(result.Found.Count == 0, string.Join(
            '\n', result.Found.Select(found => $"{found.Promise}: {Convert.ToBase64String(File.ReadAllBytes(found.File))}")));
        Assert.Equal(options.Inputs, result.Inputs);
        Assert.True(result.Accepted * 50 > result.Inputs,
            $"only {result.Accepted} of {result.Inputs} were accepted: the inputs do not reach what is behind the parser");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void InputsThatBrokeAPromiseOnce_BreakNoneAnyMore(string name)
    {
        using var target = FuzzTargets.Make(name);
        foreach (var path in FuzzRun.FilesOf(Corpus, target))
        {
            // Some depend on the position at which the input is cut.
            for (var seed = 0; seed < 200; seed++)
            {
                var fault = FuzzRun.FaultOf(target, File.ReadAllBytes(path), new Random(seed), out _);
                Assert.True(fault is null, $"{path}, {seed}: {fault}");
            }
        }
    }

    [Fact]
    public void EveryFolderOfTheCorpus_IsOfATarget() =>
        Assert.Empty(Directory.EnumerateDirectories(Corpus).Select(Path.GetFileName).Except(FuzzTargets.Names));

    [Fact]
    public void TargetThatThrowsHangsOrAllocates_IsFound_AndItsInputIsKept()
    {
        using var folder = new TemporaryFolder();
        using var broken = new BrokenTarget();
        var result = new FuzzRun(broken, new FuzzOptions(500, 1, null, folder.Path) { InTime = TimeSpan.FromSeconds(2) }).Run(
            CancellationToken.None);

        Assert.Contains(result.Found, found => found.Promise.StartsWith("IndexOutOfRangeException", StringComparison.Ordinal));
        Assert.Contains(result.Found, found => found.Promise.Contains("bytes were allocated", StringComparison.Ordinal));
        var hung = Assert.Single(result.Found, found => found.Promise.Contains("is taken within", StringComparison.Ordinal));
        Assert.Equal("hang"u8.ToArray(), File.ReadAllBytes(hung.File)[..4]);
        broken.Release.Set();
    }

    [Fact]
    public void SameSeed_GivesTheSameInputs()
    {
        Assert.Equal(InputsOf(7), InputsOf(7));
        Assert.NotEqual(InputsOf(7), InputsOf(8));

        static List<string> InputsOf(int seed)
        {
            using var folder = new TemporaryFolder();
            using var target = new NotingTarget();
            new FuzzRun(target, new FuzzOptions(50, seed, null, folder.Path)).Run(CancellationToken.None);
            return target.Inputs;
        }
    }

    private sealed class NotingTarget : FuzzTarget
    {
        public override string Name => "noting";

        public override IReadOnlyList<byte[]> Seeds { get; } = ["a seed"u8.ToArray()];

        public List<string> Inputs { get; } = [];

        public override bool Take(byte[] input, Random random)
        {
            Inputs.Add(Convert.ToHexString(input));
            return true;
        }
    }

    /// <summary>A parser with every kind of fault.</summary>
    private sealed class BrokenTarget : FuzzTarget
    {
        public override string Name => "broken";

        public ManualResetEventSlim Release { get; } = new();

        public override IReadOnlyList<byte[]> Seeds { get; } = [[1], "much"u8.ToArray(), "hang"u8.ToArray()];

        public override bool Take(byte[] input, Random random)
        {
            if (input.AsSpan().StartsWith("hang"u8)) Release.Wait();
            if (input.AsSpan().StartsWith("much"u8)) return Measured(input.Length, () => new byte[10_000_000]).Length > 0;
            return input[3] == 0;
        }
    }
}
