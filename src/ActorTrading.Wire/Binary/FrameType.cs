namespace ActorTrading.Wire.Binary;

/// <summary>What a frame of the binary ingest format holds. The numbers are part of the format: never reuse one.</summary>
public enum FrameType : byte
{
    /// <summary>Gives a symbol a number and the decimal exponents of its prices and sizes.</summary>
    Symbol = 1,

    /// <summary>Gives a source a number.</summary>
    Source = 2,

    /// <summary>Ticks of any symbols, row after row.</summary>
    Ticks = 3,

    /// <summary>Records of any kinds and symbols, row after row, each with its length.</summary>
    Records = 4,

    /// <summary>Gives a symbol a number, decimal exponents, and the decimals that its prices and sizes count.</summary>
    SymbolInUnits = 5,
}
