using System.Globalization;
using System.Text;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;

namespace ActorTrading.Domain.Folding;

/// <summary>The exclusions in force for one symbol, at least one. They decide its fold as its settings do. Immutable.</summary>
public sealed class Exclusions
{
    /// <summary>How many a symbol may have at a time.</summary>
    public const int MaxOfSymbol = 100;

    private readonly Exclusion[] all;
    private readonly long lastEvent;

    private Exclusions(Exclusion[] all)
    {
        this.all = all;
        lastEvent = all.Max(one => one.UpTo);
        Hash = PlanHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', all.Select(Text).Order(StringComparer.Ordinal))), []);
    }

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<Exclusion> All => all;

    /// <summary>The same for the same exclusions, whoever asked for them and when.</summary>
    public PlanHash Hash { get; }

    /// <summary>Those of a symbol and one more.</summary>
    public static Exclusions With(Exclusions? present, Exclusion added) => new([.. present?.all ?? [], added]);

    /// <summary>Those that are left without one; null for none.</summary>
    public Exclusions? Without(long number) => Array.FindAll(all, one => one.Number != number) is { Length: > 0 } left ? new(left) : null;

    /// <summary>The exclusion with that number; null where it is not in force.</summary>
    public Exclusion? Find(long number) => Array.Find(all, one => one.Number == number);

    /// <summary>Whether a record of an event is not to be folded.</summary>
    public bool Cover(long sequenceNumber, in Record record)
    {
        if (sequenceNumber > lastEvent) return false;
        foreach (var one in all)
        {
            if (one.Covers(sequenceNumber, record)) return true;
        }

        return false;
    }

    private static string Text(Exclusion one) => string.Create(
        CultureInfo.InvariantCulture,
        $"{one.UpTo} {one.Filter.Epoch} {one.Filter.Seq} {one.Filter.From?.Nanoseconds} {one.Filter.To?.Nanoseconds} {one.Filter.Source}");
}
