using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding.Parts;

/// <summary>A time-and-sales print.</summary>
public readonly record struct Sale(Timestamp Time, long Price, long Size, string? Condition);

/// <summary>Time and sales of a symbol: the last <see cref="Kept"/> prints in the order of acceptance, and totals.</summary>
public sealed class TimeAndSales
{
    /// <summary>Maximum number of prints kept.</summary>
    public const int Kept = 32;

    private readonly Queue<Sale> sales = new(Kept);

    /// <summary>The last prints, oldest first.</summary>
    public IReadOnlyCollection<Sale> Last => sales;

    /// <summary>Number of prints applied.</summary>
    public long Count { get; private set; }

    /// <summary>Total size of all prints applied, in units of the plan.</summary>
    public Int128 Volume { get; private set; }

    internal void Apply(in Record print)
    {
        Count++;
        Volume += print.B;
        if (sales.Count == Kept) sales.Dequeue();
        sales.Enqueue(new Sale(print.Time, print.A, print.B, print.Text));
    }

    internal void Write(StateWriter writer)
    {
        writer.Int64(Count);
        writer.Int128(Volume);
        writer.Int64(sales.Count);
        foreach (var sale in sales)
        {
            writer.Int64(sale.Time.Nanoseconds);
            writer.Int64(sale.Price);
            writer.Int64(sale.Size);
            writer.Text(sale.Condition);
        }
    }

    internal static TimeAndSales Read(ref StateReader reader)
    {
        var part = new TimeAndSales { Count = reader.Int64(), Volume = reader.Int128() };
        for (var left = reader.Count(sizeOfEach: 32); left > 0; left--)
        {
            part.sales.Enqueue(new Sale(new(reader.Int64()), reader.Int64(), reader.Int64(), reader.Text()));
        }

        if (part.sales.Count > Kept) throw new StateFormatException($"{part.sales.Count} prints kept");
        return part;
    }
}
