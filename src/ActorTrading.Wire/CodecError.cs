namespace ActorTrading.Wire;

/// <summary>Error in a stored payload: the position (byte from 0) and the problem.</summary>
public readonly record struct CodecError(int Offset, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"byte {Offset}: {Message}";
}
