namespace ActorTrading.Domain.Admission;

/// <summary>A refusal that its sender can act on: the reason, the field at fault and the value it had, as text.</summary>
public sealed record Rejection(RejectReason Reason, string Field, string Value)
{
    /// <summary>The longest value kept, in characters; longer ones are cut and end in an ellipsis.</summary>
    public const int MaxValueLength = 80;

    /// <summary>The value at fault, cut to <see cref="MaxValueLength"/>.</summary>
    public string Value { get; } = Value.Length <= MaxValueLength ? Value : Value[..(MaxValueLength - 1)] + "…";

    /// <summary>
    /// What is known of this case beyond its reason; null where there is nothing. Told once, and not kept in the quarantine.
    /// </summary>
    public string? Hint { get; init; }

    /// <summary>What to do about it, in one sentence.</summary>
    public string Advice => Hint ?? Reason.Advice();

    /// <inheritdoc/>
    public bool Equals(Rejection? other) => other is not null && Reason == other.Reason && Field == other.Field && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reason, Field, Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Reason.Name()}: {Field} = {Value}";
}
