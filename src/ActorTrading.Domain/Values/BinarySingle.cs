using System.Globalization;
using System.Text;

namespace ActorTrading.Domain.Values;

/// <summary>
/// Numbers that programs keep as 32-bit floating point and write as doubles: <c>0.000045000000682193786</c> is the single nearest
/// to 0.000045. Parsing and shortest spelling are the exact ones of IEEE 754, the same on every machine.
/// </summary>
internal static class BinarySingle
{
    private const int DigitsOfASingle = 9;

    /// <summary>
    /// The shortest decimal that means the single that the number is; false where it is none, or has no more digits than singles need.
    /// </summary>
    public static bool TryRead(Int128 number, int decimals, out DecimalNumber meant)
    {
        meant = default;
        if (Int128.Abs(number) < FixedPoint.PowerOfTen(DigitsOfASingle)) return false;
        var value = double.Parse(FixedPoint.Format(number, decimals), NumberStyles.Float, CultureInfo.InvariantCulture);
        var single = (float)value;
        if (single != value || !float.IsNormal(single)) return false;
        return DecimalNumber.TryParse(Encoding.ASCII.GetBytes(single.ToString("R", CultureInfo.InvariantCulture)), out meant)
            == NumberStatus.Ok;
    }
}
