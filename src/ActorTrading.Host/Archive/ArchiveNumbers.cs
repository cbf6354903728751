using System.Buffers.Binary;
using System.Numerics;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using Parquet.Data;

namespace ActorTrading.Host.Archive;

/// <summary>Converts numbers of records to decimals of the archive and back, without rounding.</summary>
internal static class ArchiveNumbers
{
    private const int ScoreDecimals = Fixed8.Decimals;

    private static readonly Int128 Limit = FixedPoint.PowerOfTen(36) * 100; // 38 digits

    /// <summary>Converts a price, size or volume of a record.</summary>
    /// <exception cref="CommandException">The number has more digits than the archive can store.</exception>
    public static BigDecimal Of(in Record record, int slot)
    {
        var isPrice = RecordNumbers.IsPrice(record.Kind, slot);
        var units = record.Kind == RecordKind.Bar && slot == 4 ? record.Volume : RecordNumbers.Of(record, slot);
        return Scaled(units, isPrice ? record.Units.PriceDecimals : record.Units.SizeDecimals, record);
    }

    /// <summary>Converts a score or a ratio, in units of 1e-8.</summary>
    public static BigDecimal OfScore(long score, in Record record) => Scaled(score, ScoreDecimals, record);

    /// <summary>Reads a stored decimal: a big-endian integer of 16 bytes.</summary>
    public static Int128 Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt128BigEndian(bytes);

    /// <summary>Converts a stored score or ratio to units of 1e-8.</summary>
    public static long ToScore(Int128 stored) => (long)(stored / FixedPoint.PowerOfTen(ArchiveTable.Scale - ScoreDecimals));

    /// <summary>The smallest number of decimals, at least 8, that represents all of these numbers exactly.</summary>
    public static int DecimalsOf(ReadOnlySpan<Int128> stored)
    {
        for (var decimals = ScoreDecimals; decimals < ArchiveTable.Scale; decimals++)
        {
            if (AreWhole(stored, FixedPoint.PowerOfTen(ArchiveTable.Scale - decimals))) return Fewer(stored, decimals);
        }

        return ArchiveTable.Scale;
    }

    private static BigDecimal Scaled(Int128 units, int decimals, in Record record)
    {
        if (!FixedPoint.TryShift(units, decimals, ArchiveTable.Scale, out var scaled, out var isRounded, out _) || isRounded
            || scaled >= Limit || scaled <= -Limit)
            throw new CommandException(
                ExitCode.BadOutput,
                $"{record.Symbol} at {record.Time}: {FixedPoint.Format(units, decimals)} has more digits than "
                + $"DECIMAL({ArchiveTable.Precision},{ArchiveTable.Scale}) holds");
        return new BigDecimal((BigInteger)scaled, ArchiveTable.Precision, ArchiveTable.Scale);
    }

    private static bool AreWhole(ReadOnlySpan<Int128> stored, Int128 power)
    {
        foreach (var number in stored)
        {
            if (number % power != 0) return false;
        }

        return true;
    }

    /// <summary>Reduces the decimals when a number does not fit in 64 bits.</summary>
    private static int Fewer(ReadOnlySpan<Int128> stored, int decimals)
    {
        for (; decimals > 0; decimals--)
        {
            var power = FixedPoint.PowerOfTen(ArchiveTable.Scale - decimals);
            var fits = true;
            foreach (var number in stored) fits &= number / power >= long.MinValue && number / power <= long.MaxValue;
            if (fits) break;
        }

        return decimals;
    }
}
