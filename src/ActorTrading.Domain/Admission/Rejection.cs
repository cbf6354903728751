namespace ActorTrading.Domain.Admission;

/// <summary>A rejection with the details for the sender: the reason, the field in error and its value as text.</summary>
public sealed record Rejection(RejectReason Reason, string Field, string Value)
{
    /// <summary>Maximum length of the value, in characters; longer values are cut and end in an ellipsis.</summary>
    public const int MaxValueLength = 80;

    /// <summary>The value in error, cut to <see cref="MaxValueLength"/>.</summary>
    public string Value { get; } = Value.Length <= MaxValueLength ? Value : Value[..(MaxValueLength - 1)] + "…";

    /// <summary>Details beyond the reason, or null. Sent once; not stored in the quarantine.</summary>
    public string? Hint { get; init; }

    /// <summary>Advice for the sender, in one sentence.</summary>
    public string Advice => Hint ?? Reason.Advice();

    /// <inheritdoc/>
    public bool Equals(Rejection? other) => other is not null && Reason == other.Reason && Field == other.Field && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reason, Field, Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Reason.Name()}: {Field} = {Value}";
}
