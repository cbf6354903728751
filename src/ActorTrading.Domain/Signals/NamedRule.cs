namespace ActorTrading.Domain.Signals;

/// <summary>A rule of a plan and its display name: the name given in the plan, or its text.</summary>
public sealed record NamedRule(string Name, Rule Rule);
