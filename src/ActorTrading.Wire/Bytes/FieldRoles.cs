using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Bytes;

/// <summary>Encoding of one of a record's numbers in the binary formats.</summary>
internal enum FieldRole : byte
{
    /// <summary>Unchanged.</summary>
    Raw,

    /// <summary>Divided by the price scale; the second and later prices as differences from the first.</summary>
    Price,

    /// <summary>Divided by the size scale.</summary>
    Size,

    /// <summary>As the eight bytes of a double.</summary>
    Bits,
}

/// <summary>The roles of the fields A to E, by kind of record.</summary>
internal static class FieldRoles
{
    private const FieldRole R = FieldRole.Raw;
    private const FieldRole P = FieldRole.Price;
    private const FieldRole S = FieldRole.Size;
    private const FieldRole D = FieldRole.Bits;

    // Part of the formats: a change is a new version.
    private static readonly FieldRole[] Table =
    [
        R, R, R, R, R,
        P, S, R, R, R, // tick
        P, S, P, S, R, // quote
        P, S, R, R, R, // book update
        P, P, P, P, S, // bar
        P, S, R, R, R, // print
        R, R, R, R, R, // news sentiment
        R, R, D, R, R, // market data
        R, R, D, R, R, // economic indicator
        P, P, P, P, S, // bar with a volume of 128 bits
    ];

    /// <summary>The code of a bar whose volume exceeds 64 bits; it is not a separate kind elsewhere.</summary>
    public const byte WideBar = 9;

    /// <summary>The five roles of a kind; all raw for an unknown kind.</summary>
    public static ReadOnlySpan<FieldRole> Of(RecordKind kind) =>
        Table.AsSpan(IsKnown(kind) || (byte)kind == WideBar ? (int)kind * 5 : 0, 5);

    /// <summary>The code of the record's kind in the formats.</summary>
    public static byte CodeOf(in Record record) => IsWide(record) ? WideBar : (byte)record.Kind;

    /// <summary>Whether the record is a bar whose volume does not fit 64 bits.</summary>
    public static bool IsWide(in Record record) => record.Kind == RecordKind.Bar && record.VolumeHigh != record.E >> 63;

    /// <summary>Whether this version knows the code of a kind.</summary>
    public static bool IsKnownCode(byte code) => code == WideBar || IsKnown((RecordKind)code);

    /// <summary>Whether this version knows the kind.</summary>
    public static bool IsKnown(RecordKind kind) => kind is >= RecordKind.Tick and <= RecordKind.EconomicIndicator;

    /// <summary>Whether the record is a tick with only a tick's own fields.</summary>
    public static bool IsPlainTick(in Record record) =>
        record.Kind == RecordKind.Tick && (record.C | record.D | record.E) == 0
        && record.Text is null && record.Frame == 0 && record.Side == 0;
}
