namespace ActorTrading.Wire.Binary;

/// <summary>Encoding of a record's identity in a row: the two low bits of the row's head.</summary>
internal static class RowIdentity
{
    /// <summary>Same source and epoch as in the row before, and the next seq.</summary>
    public const int Next = 0;

    /// <summary>Same source and epoch; the difference from the expected seq follows.</summary>
    public const int SeqStep = 1;

    /// <summary>Source number, epoch and seq follow.</summary>
    public const int Full = 2;

    /// <summary>Number of bits.</summary>
    public const int Bits = 2;
}
