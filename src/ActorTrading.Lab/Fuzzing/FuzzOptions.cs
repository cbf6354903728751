namespace ActorTrading.Lab.Fuzzing;

/// <summary>How a target is fuzzed.</summary>
/// <param name="Inputs">How many inputs it gets.</param>
/// <param name="Seed">The same seed gives the same inputs.</param>
/// <param name="Corpus">A folder with a folder of files for each target, which are seeds besides the built-in ones; null for none.</param>
/// <param name="Found">The folder for inputs that broke a promise.</param>
internal sealed record FuzzOptions(long Inputs, int Seed, string? Corpus, string Found)
{
    /// <summary>After how long an input counts as one that hangs.</summary>
    public TimeSpan InTime { get; init; } = TimeSpan.FromSeconds(20);
}
