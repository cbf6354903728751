namespace ActorTrading.Domain.Admission;

/// <summary>A refusal that its sender can act on: the reason, the field at fault and the value it had, as text.</summary>
public sealed record Rejection(RejectReason Reason, string Field, string Value)
{
    /// <summary>The longest value kept, in characters; longer ones are cut and end in an ellipsis.</summary>
    public const int MaxValueLength = 80;

    /// <summary>The value at fault, cut to <see cref="MaxValueLength"/>.</summary>
    public string Value { get; } = Value.Length <= MaxValueLength ? Value : Value[..(MaxValueLength - 1)] + "…";

    /// <inheritdoc/>
    public override string ToString() => $"{Reason.Name()}: {Field} = {Value}";
}
