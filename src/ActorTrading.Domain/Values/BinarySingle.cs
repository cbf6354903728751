using System.Globalization;
using System.Text;

namespace ActorTrading.Domain.Values;

/// <summary>
/// Recognises numbers that a program stored as 32-bit floating point and wrote as doubles: <c>0.000045000000682193786</c> is the single
/// nearest to 0.000045. Parsing and shortest spelling follow IEEE 754 exactly, the same on every machine.
/// </summary>
internal static class BinarySingle
{
    private const int DigitsOfASingle = 9;

    /// <summary>
    /// Finds the shortest decimal that parses to the same single as the number. Returns false if the number is not a single, or if it does
    /// not have more digits than a single needs.
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
