namespace ActorTrading.Domain.Signals;

/// <summary>A rule of a plan and what people call it: the name given there, or its text.</summary>
public sealed record NamedRule(string Name, Rule Rule);
