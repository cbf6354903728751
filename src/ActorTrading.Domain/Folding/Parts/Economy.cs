using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding.Parts;

/// <summary>An economic figure and its time of publication.</summary>
public readonly record struct EconomicFigure(Timestamp Time, double Value);

/// <summary>The newest figure of each economic indicator, by name. An older figure changes nothing.</summary>
public sealed class Economy
{
    private readonly SortedDictionary<string, EconomicFigure> figures = new(StringComparer.Ordinal);

    /// <summary>The newest figures, ordered by name.</summary>
    public IReadOnlyDictionary<string, EconomicFigure> Figures => figures;

    /// <summary>Applies a figure. Returns false if it is older than the current one.</summary>
    internal bool Apply(in Record record)
    {
        var name = record.Text!;
        if (figures.TryGetValue(name, out var known) && record.Time < known.Time) return false;
        figures[name] = new EconomicFigure(record.Time, BitConverter.Int64BitsToDouble(record.C));
        return true;
    }

    internal void Write(StateWriter writer)
    {
        writer.Int64(figures.Count);
        foreach (var (name, figure) in figures)
        {
            writer.Text(name);
            writer.Int64(figure.Time.Nanoseconds);
            writer.Int64(BitConverter.DoubleToInt64Bits(figure.Value));
        }
    }

    internal static Economy Read(ref StateReader reader)
    {
        var economy = new Economy();
        for (var left = reader.Count(sizeOfEach: 24); left > 0; left--)
        {
            var name = reader.Text() ?? throw new StateFormatException("an economic indicator without a name");
            economy.figures[name] = new(new(reader.Int64()), BitConverter.Int64BitsToDouble(reader.Int64()));
        }

        return economy;
    }
}
