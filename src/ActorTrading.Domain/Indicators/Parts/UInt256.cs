namespace ActorTrading.Domain.Indicators.Parts;

/// <summary>The 256-bit sum that <see cref="MovingMoments"/> needs if values are too large for 128 bits.</summary>
internal static class UInt256
{
    /// <summary>(top · 2^128 + low) · factor − root², which is not negative, as the nearest double but one.</summary>
    public static double Difference(UInt128 low, ulong top, uint factor, UInt128 root)
    {
        // The product, in two halves.
        var right = Multiply((ulong)low, factor);
        var left = Multiply((ulong)(low >> 64), factor);
        var productLow = right + (left << 64);
        var productHigh = (left >> 64) + (productLow < right ? 1u : 0u) + Multiply(top, factor);

        // The square of root = a · 2^64 + b: a² · 2^128 + 2ab · 2^64 + b².
        var a = (ulong)(root >> 64);
        var b = (ulong)root;
        var squareHigh = Math.BigMul(a, a);
        var squareLow = Math.BigMul(b, b);
        var cross = Math.BigMul(a, b);
        for (var i = 0; i < 2; i++)
        {
            var shifted = cross << 64;
            squareLow += shifted;
            squareHigh += (cross >> 64) + (squareLow < shifted ? 1u : 0u);
        }

        var differenceLow = productLow - squareLow;
        var differenceHigh = productHigh - squareHigh - (productLow < squareLow ? 1u : 0u);
        return differenceHigh == 0
            ? (double)differenceLow
            : ((double)differenceHigh * 340282366920938463463374607431768211456.0) + (double)differenceLow;
    }

    private static UInt128 Multiply(ulong left, uint right) => Math.BigMul(left, right);
}
