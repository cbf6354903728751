using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Admission;

/// <summary>
/// Converts records to the units of their instrument. Rounding is allowed if it changes the number by less than one part in 1e9 (the texts
/// of binary doubles). A number that is, digit by digit, a binary single is rounded to the shortest decimal of that single. A larger loss
/// is <see cref="RejectReason.TooPrecise"/>, a number that does not fit <see cref="RejectReason.OutOfRange"/>. Called only for records
/// whose units are not the instrument's. Scores, ratios and figures have units of their own and are not converted.
/// </summary>
public static class UnitConversion
{
    private const int Slots = 5;
    private const int VolumeSlot = 4;

    /// <summary>Converts a record within the rules of admission; returns the reason if they do not allow it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="to">The units of its instrument.</param>
    /// <param name="converted">The record in these units.</param>
    /// <param name="isRounded">Whether a number was changed by rounding.</param>
    public static RejectReason TryConvert(in Record record, Units to, out Record converted, out bool isRounded)
    {
        isRounded = record.Units.IsInexact;
        return Convert(record, to, out converted, ref isRounded, out var isClose, out _) is var reason && reason == RejectReason.None
            && !isClose
            ? RejectReason.TooPrecise
            : reason;
    }

    /// <summary>Converts a record that was accepted under other units, whatever the loss. Returns false if it does not fit.</summary>
    public static bool TryRound(in Record record, Units to, out Record converted)
    {
        var isRounded = false;
        return Convert(record, to, out converted, ref isRounded, out _, out _) == RejectReason.None;
    }

    /// <summary>Whether admission changed a number of the record by rounding.</summary>
    public static bool Rounds(in Record record, Units to) =>
        record.Units != to && TryConvert(record, to, out _, out var isRounded) == RejectReason.None && isRounded;

    /// <summary>Whether the rejection is due to numbers that do not fit these units.</summary>
    internal static bool IsFault(in Record record, RejectReason reason, Units units) =>
        reason is RejectReason.TooPrecise or RejectReason.OutOfRange && record.Units != units
            && TryConvert(record, units, out _, out _) == reason;

    /// <summary>
    /// The rejection of a record that could not be converted: the first field in error, its value, and the setting that would accept it.
    /// </summary>
    public static Rejection Explain(in Record record, PlanSettings settings, RejectReason reason)
    {
        var isRounded = false;
        Convert(record, settings.Units, out _, ref isRounded, out _, out var slot);
        if (slot < 0) return new Rejection(reason, "price", "");
        var isPrice = RecordNumbers.IsPrice(record.Kind, slot);
        var decimals = isPrice ? record.Units.PriceDecimals : record.Units.SizeDecimals;
        var value = FixedPoint.Format(NumberOf(record, slot), decimals);
        return new Rejection(reason, RecordNumbers.NameOf(record.Kind, slot), value) { Hint = SettingFor(record, settings.Units, isPrice) };
    }

    /// <summary>
    /// The number of decimals of prices, or of sizes, nearest to the present one that fits all of the record's numbers; null if there is
    /// none.
    /// </summary>
    public static int? DecimalsFor(in Record record, bool isPrice, int present)
    {
        for (var distance = 0; distance <= Units.MaxDecimals; distance++)
        {
            if (present + distance <= Units.MaxDecimals && Takes(record, isPrice, present + distance)) return present + distance;
            if (present - distance >= 0 && Takes(record, isPrice, present - distance)) return present - distance;
        }

        return null;
    }

    /// <summary>Whether that number of decimals fits the prices, or the sizes, of the record.</summary>
    public static bool Takes(in Record record, bool isPrice, int decimals)
    {
        var from = isPrice ? record.Units.PriceDecimals : record.Units.SizeDecimals;
        for (var slot = 0; slot < Slots; slot++)
        {
            if (isPrice ? !RecordNumbers.IsPrice(record.Kind, slot) : !RecordNumbers.IsSize(record.Kind, slot)) continue;
            if (!TryShift(NumberOf(record, slot), from, decimals, out var shifted, out _, out var isClose)) return false;
            if (!isClose || !Fits(shifted, slot)) return false;
        }

        return true;
    }

    private static string SettingFor(in Record record, Units units, bool isPrice)
    {
        var name = isPrice ? "price_decimals" : "size_decimals";
        return DecimalsFor(record, isPrice, isPrice ? units.PriceDecimals : units.SizeDecimals) is { } decimals
            ? $"Set {name} of the plan, or of the symbol, to {decimals}."
            : $"No {name} from 0 to {Units.MaxDecimals} can represent it.";
    }

    private static RejectReason Convert(
        in Record record, Units to, out Record converted, ref bool isRounded, out bool isClose, out int fault)
    {
        isClose = true;
        fault = -1;
        converted = record;
        if (!RecordNumbers.HasUnits(record.Kind)) return RejectReason.None;

        Span<long> numbers = [record.A, record.B, record.C, record.D];
        var volume = record.Volume;
        for (var slot = 0; slot < Slots; slot++)
        {
            int from, into;
            if (RecordNumbers.IsPrice(record.Kind, slot)) (from, into) = (record.Units.PriceDecimals, to.PriceDecimals);
            else if (RecordNumbers.IsSize(record.Kind, slot)) (from, into) = (record.Units.SizeDecimals, to.SizeDecimals);
            else continue;

            var fits = TryShift(NumberOf(record, slot), from, into, out var shifted, out var moved, out var near);
            if (!fits || !Fits(shifted, slot))
            {
                fault = slot;
                return RejectReason.OutOfRange;
            }

            isRounded |= moved;
            if (!near && isClose) fault = slot;
            isClose &= near;
            if (slot == VolumeSlot) volume = shifted;
            else numbers[slot] = (long)shifted;
        }

        converted = record.WithNumbers(numbers, to);
        if (record.Kind == RecordKind.Bar) converted = converted.WithVolume(volume);
        return RejectReason.None;
    }

    private static bool TryShift(Int128 number, int from, int to, out Int128 shifted, out bool isRounded, out bool isClose)
    {
        if (!FixedPoint.TryShift(number, from, to, out shifted, out isRounded, out isClose)) return false;
        if (!isClose && BinarySingle.TryRead(number, from, out var meant)
            && FixedPoint.TryShift(meant.Mantissa, meant.Decimals, to, out var shortest, out _, out isClose) && isClose) shifted = shortest;
        return true;
    }

    private static bool Fits(Int128 number, int slot) => slot == VolumeSlot || number == (long)number;

    private static Int128 NumberOf(in Record record, int slot) => slot == VolumeSlot ? record.Volume : RecordNumbers.Of(record, slot);
}
