namespace ActorTrading.Wire.Binary;

/// <summary>Frame types of the binary ingest format. The numbers are part of the format: never reuse one.</summary>
public enum FrameType : byte
{
    /// <summary>Defines a symbol's number and the decimal exponents of its prices and sizes.</summary>
    Symbol = 1,

    /// <summary>Defines a source's number.</summary>
    Source = 2,

    /// <summary>Ticks of any symbols, in rows.</summary>
    Ticks = 3,

    /// <summary>Records of any kinds and symbols, in rows, each with its length.</summary>
    Records = 4,

    /// <summary>Defines a symbol's number, the decimal exponents, and the decimals of its prices and sizes.</summary>
    SymbolInUnits = 5,
}
