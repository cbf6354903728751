using System.Globalization;
using System.Text;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// The active exclusions of one symbol, at least one. They are part of the fold's input, as the plan's settings are. Immutable.
/// </summary>
public sealed class Exclusions
{
    /// <summary>Maximum number of exclusions per symbol.</summary>
    public const int MaxOfSymbol = 100;

    private readonly Exclusion[] all;
    private readonly long lastEvent;

    private Exclusions(Exclusion[] all)
    {
        this.all = all;
        lastEvent = all.Max(one => one.UpTo);
        Hash = PlanHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', all.Select(Text).Order(StringComparer.Ordinal))), []);
    }

    /// <summary>The exclusions, ordered by number.</summary>
    public IReadOnlyList<Exclusion> All => all;

    /// <summary>Hash of the exclusions. It does not depend on the operator or the time of the request.</summary>
    public PlanHash Hash { get; }

    /// <summary>Adds one exclusion to those of a symbol.</summary>
    public static Exclusions With(Exclusions? present, Exclusion added) => new([.. present?.all ?? [], added]);

    /// <summary>Removes one exclusion; null if none remains.</summary>
    public Exclusions? Without(long number) => Array.FindAll(all, one => one.Number != number) is { Length: > 0 } left ? new(left) : null;

    /// <summary>The active exclusion with that number, or null.</summary>
    public Exclusion? Find(long number) => Array.Find(all, one => one.Number == number);

    /// <summary>Whether a record of the event with that sequence number is excluded from the fold.</summary>
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
