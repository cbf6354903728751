using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Reads the prices and sizes of one record. Usually all fit eight decimals, and one pass is enough. Otherwise the record is read two more
/// times: to find the number of decimals that its numbers need and can hold, and then in these units. So a record keeps the exact values of
/// its text, independent of the instrument.
/// </summary>
internal sealed class UnitFinder
{
    private Pass pass;
    private bool isDefault;
    private bool isInexact;
    private Extent price;
    private Extent size;

    private enum Pass : byte
    {
        Default,
        Measuring,
        Fitting,
    }

    /// <summary>Whether everything read since <see cref="Begin"/> fits eight decimals.</summary>
    public bool IsDefault => isDefault;

    /// <summary>The units of the numbers read since <see cref="BeginFitting"/>.</summary>
    public Units Units => new(price.Decimals, size.Decimals, isInexact);

    /// <summary>Starts the first pass over the numbers of a record.</summary>
    public void Begin()
    {
        pass = Pass.Default;
        isDefault = true;
    }

    /// <summary>Starts the second pass: measures the numbers.</summary>
    public void BeginMeasuring()
    {
        pass = Pass.Measuring;
        price = size = Extent.Empty;
    }

    /// <summary>Starts the third pass: reads the numbers in the units found.</summary>
    public void BeginFitting()
    {
        pass = Pass.Fitting;
        isInexact = false;
    }

    /// <summary>Reads a number.</summary>
    public RejectReason Read(ReadOnlySpan<byte> text, bool isSize, out long units)
    {
        if (pass == Pass.Default)
        {
            var verdict = DecimalText.TryParseUnits(text, out units);
            return verdict is RejectReason.TooPrecise or RejectReason.OutOfRange ? Misfit() : verdict;
        }

        var reason = ReadAgain(text, isSize, long.MaxValue, out var wide);
        units = (long)wide;
        return reason;
    }

    /// <summary>Reads the volume of a bar.</summary>
    public RejectReason ReadWide(ReadOnlySpan<byte> text, out Int128 units)
    {
        if (pass != Pass.Default) return ReadAgain(text, isSize: true, Int128.MaxValue, out units);
        var verdict = DecimalText.TryParseUnits(text, out var narrow);
        units = narrow;
        if (verdict == RejectReason.OutOfRange) verdict = DecimalText.TryParseWide(text, out units);
        return verdict is RejectReason.TooPrecise or RejectReason.OutOfRange ? Misfit() : verdict;
    }

    private RejectReason Misfit()
    {
        isDefault = false;
        return RejectReason.None;
    }

    private RejectReason ReadAgain(ReadOnlySpan<byte> text, bool isSize, Int128 limit, out Int128 units)
    {
        units = 0;
        var verdict = DecimalText.TryParseNumber(text, out var number);
        if (verdict != RejectReason.None) return verdict;
        ref var extent = ref isSize ? ref size : ref price;
        if (pass == Pass.Measuring) return extent.Include(number, limit) ? RejectReason.None : RejectReason.OutOfRange;
        FixedPoint.TryShift(number.Mantissa, number.Decimals, extent.Decimals, out units, out var isRounded, out var isClose);
        isInexact |= isRounded | number.IsInexact;
        return isClose ? RejectReason.None : RejectReason.TooPrecise;
    }

    /// <summary>The number of decimals that some number needs, and the number that all numbers can hold.</summary>
    private struct Extent
    {
        private int needed;
        private int room;

        public static Extent Empty => new() { room = Units.MaxCarried };

        /// <summary>Eight, unless more are needed or fewer fit.</summary>
        public readonly int Decimals => Math.Min(Math.Max(needed, Fixed8.Decimals), room);

        public bool Include(in DecimalNumber number, Int128 limit)
        {
            if (number.Mantissa == 0) return true;
            needed = Math.Max(needed, number.Decimals);
            room = Math.Min(room, number.MostDecimalsWithin(limit));
            return room >= 0;
        }
    }
}
