using System.Numerics;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.TestKit.Reference;

/// <summary>A slow and simple model of records in the units of their instrument: every number is an exact fraction.</summary>
internal static class NaiveUnits
{
    /// <summary>The record in these units; the reason if it does not fit them.</summary>
    public static RejectReason? TryConvert(Record record, Units to, out Record converted)
    {
        var from = record.Units;
        converted = record;
        if (record.Kind is < RecordKind.Tick or > RecordKind.Print || from == to) return null;
        var isPrecise = true;
        var numbers = new BigInteger[5];
        BigInteger[] written =
            [record.A, record.B, record.C, record.D, record.Kind == RecordKind.Bar ? (BigInteger)record.Volume : record.E];
        for (var slot = 0; slot < numbers.Length; slot++)
        {
            var isSize = record.Kind == RecordKind.Bar ? slot == 4 : slot is 1 or 3;
            numbers[slot] = Convert(
                written[slot], isSize ? from.SizeDecimals : from.PriceDecimals, isSize ? to.SizeDecimals : to.PriceDecimals, ref isPrecise);
            var isWide = record.Kind == RecordKind.Bar && slot == 4;
            if (BigInteger.Abs(numbers[slot]) > (isWide ? (BigInteger)Int128.MaxValue : long.MaxValue)) return RejectReason.OutOfRange;
        }

        if (!isPrecise) return RejectReason.TooPrecise;
        converted = Record.Of(
            record.Kind, record.Symbol, record.Id, record.Time, (long)numbers[0], (long)numbers[1], (long)numbers[2], (long)numbers[3],
            frame: record.Frame, side: record.Side, text: record.Text).In(to);
        if (record.Kind == RecordKind.Bar) converted = converted.WithVolume((Int128)numbers[4]);
        return null;
    }

    private static BigInteger Convert(BigInteger number, int from, int to, ref bool isPrecise)
    {
        if (to >= from) return number * BigInteger.Pow(10, to - from);
        var unit = BigInteger.Pow(10, from - to);
        var below = BigInteger.DivRem(number - (((number % unit) + unit) % unit), unit, out _);
        var above = below + 1;
        var (toBelow, toAbove) = (number - (below * unit), (above * unit) - number);
        var nearest = toBelow < toAbove || (toBelow == toAbove && below.IsEven) ? below : above;
        var moved = BigInteger.Abs(number - (nearest * unit));
        // (No market here has texts of single-precision numbers.)
        if (!moved.IsZero && moved * 1_000_000_000 >= BigInteger.Abs(number)) isPrecise = false;
        return nearest;
    }
}
