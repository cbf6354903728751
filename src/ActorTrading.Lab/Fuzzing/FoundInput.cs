namespace ActorTrading.Lab.Fuzzing;

/// <summary>An input that violated a property of its target: the property (promise), and the file with the input.</summary>
internal sealed record FoundInput(string Promise, string File);
