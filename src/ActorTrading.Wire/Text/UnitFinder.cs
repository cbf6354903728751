using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Reads the prices and sizes of one record. Mostly all of them fit eight decimals, and one pass does. Where one does not, the
/// record is read twice more: to measure how many decimals its numbers need and have room for, and then in these. So a record
/// carries what its text says, whatever the instrument is.
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

    /// <summary>The units of what was read since <see cref="BeginFitting"/>.</summary>
    public Units Units => new(price.Decimals, size.Decimals, isInexact);

    /// <summary>The numbers of a record follow.</summary>
    public void Begin()
    {
        pass = Pass.Default;
        isDefault = true;
    }

    /// <summary>The same numbers follow, to be measured.</summary>
    public void BeginMeasuring()
    {
        pass = Pass.Measuring;
        price = size = Extent.Empty;
    }

    /// <summary>The same numbers follow, to be read in the units found.</summary>
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

    /// <summary>How many decimals some numbers need, and how many all of them have room for.</summary>
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
