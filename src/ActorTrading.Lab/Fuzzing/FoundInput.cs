namespace ActorTrading.Lab.Fuzzing;

/// <summary>An input that broke a promise: which promise, and the file that keeps the input.</summary>
internal sealed record FoundInput(string Promise, string File);
