using System.Runtime.CompilerServices;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// Common decimal exponents that rows leave out: if every price of a symbol is a whole number of cents, a row counts cents. Exact: an
/// exponent is used only if it divides all values.
/// </summary>
internal static class Scale
{
    /// <summary>The largest exponent of a number: whole units.</summary>
    public const int MaxExponent = 8;

    /// <summary>The largest exponent of a time: whole seconds. Times use 0, 3, 6 and 9.</summary>
    public const int MaxTimeExponent = 9;

    private static readonly long[] Powers =
        [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>Ten to the power of the exponent.</summary>
    public static long Of(int exponent) => Powers[exponent];

    /// <summary>The largest exponent, not above the given one, that divides the value.</summary>
    public static int Common(int exponent, long value)
    {
        while (exponent > 0 && value % Powers[exponent] != 0) exponent--;
        return exponent;
    }

    /// <summary>
    /// The largest time exponent, not above the given one, that divides the value: nanoseconds, micro-, milliseconds, seconds.
    /// </summary>
    public static int CommonTime(int exponent, long nanoseconds)
    {
        while (exponent > 0 && nanoseconds % Powers[exponent] != 0) exponent -= 3;
        return exponent;
    }

    /// <summary>Whether the exponent is valid for times.</summary>
    public static bool IsTimeExponent(int exponent) => exponent is 0 or 3 or 6 or 9;

    /// <summary>The unscaled number; false if it exceeds 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryExpand(long scaled, long scale, out long full) =>
        Math.BigMul(scaled, scale, out full) == full >> 63;

    /// <summary>Lowers the exponents until they divide every price and every size of a record.</summary>
    public static void Fit(in Record record, ref int priceExponent, ref int sizeExponent)
    {
        var roles = FieldRoles.Of(record.Kind);
        Fit(roles[0], record.A, ref priceExponent, ref sizeExponent);
        Fit(roles[1], record.B, ref priceExponent, ref sizeExponent);
        if (record.Kind is RecordKind.Tick or RecordKind.BookUpdate or RecordKind.Print) return;
        Fit(roles[2], record.C, ref priceExponent, ref sizeExponent);
        Fit(roles[3], record.D, ref priceExponent, ref sizeExponent);
        if (!FieldRoles.IsWide(record)) Fit(roles[4], record.E, ref priceExponent, ref sizeExponent);
        else while (sizeExponent > 0 && record.Volume % Powers[sizeExponent] != 0) sizeExponent--;
    }

    private static void Fit(FieldRole role, long value, ref int priceExponent, ref int sizeExponent)
    {
        if (role == FieldRole.Price) priceExponent = Common(priceExponent, value);
        else if (role == FieldRole.Size) sizeExponent = Common(sizeExponent, value);
    }
}
