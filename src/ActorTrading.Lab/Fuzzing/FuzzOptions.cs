namespace ActorTrading.Lab.Fuzzing;

/// <summary>Options of fuzzing a target.</summary>
/// <param name="Inputs">Number of inputs.</param>
/// <param name="Seed">The same seed gives the same inputs.</param>
/// <param name="Corpus">A folder with a subfolder per target. Its files are seeds in addition to the built-in ones; null for none.</param>
/// <param name="Found">The folder for inputs that violated a property.</param>
internal sealed record FuzzOptions(long Inputs, int Seed, string? Corpus, string Found)
{
    /// <summary>The time limit of an input; a slower one counts as a hang.</summary>
    public TimeSpan InTime { get; init; } = TimeSpan.FromSeconds(20);
}
