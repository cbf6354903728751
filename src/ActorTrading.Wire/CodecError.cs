namespace ActorTrading.Wire;

/// <summary>Why a stored payload could not be read: the byte at fault (from 0) and what is wrong there.</summary>
public readonly record struct CodecError(int Offset, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"byte {Offset}: {Message}";
}
