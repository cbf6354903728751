namespace ActorTrading.Wire.Binary;

/// <summary>How a row says who sent its record; the two low bits of the row's head.</summary>
internal static class RowIdentity
{
    /// <summary>Same source and epoch as the row before, and the seq after it.</summary>
    public const int Next = 0;

    /// <summary>Same source and epoch; the distance from the expected seq follows.</summary>
    public const int SeqStep = 1;

    /// <summary>Source number, epoch and seq follow.</summary>
    public const int Full = 2;

    /// <summary>How many bits it takes.</summary>
    public const int Bits = 2;
}
