using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// Picks records of a symbol by id, by source or by a span of exchange time: one fits that satisfies everything given. A
/// bar is stamped at its start.
/// </summary>
/// <param name="Source">Who sent it; null: anybody.</param>
/// <param name="Epoch">Of the source; null: any.</param>
/// <param name="Seq">Within the epoch; null: any.</param>
/// <param name="From">The first moment of the span; null: no limit.</param>
/// <param name="To">The moment behind the span; null: no limit.</param>
public readonly record struct RecordFilter(
    Source? Source = null, long? Epoch = null, long? Seq = null, Timestamp? From = null, Timestamp? To = null)
{
    /// <summary>Whether it picks one record by its id.</summary>
    public bool IsId => Seq is not null;

    /// <summary>Whether a record fits.</summary>
    public bool Fits(in Record record) =>
        (From is not { } from || record.Time >= from) && (To is not { } to || record.Time < to)
        && (Seq is not { } seq || record.Id.Seq == seq) && (Epoch is not { } epoch || record.Id.Epoch == epoch)
        && (Source is not { } source || record.Id.Source.Equals(source));

    /// <inheritdoc/>
    public override string ToString()
    {
        var span = From is null && To is null ? "" : $"{From?.ToString() ?? ""} to {To?.ToString() ?? ""}";
        if (Source is null) return span;
        var id = Seq is null ? Source.Name : $"{Source}:{Epoch?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "*"}:{Seq}";
        return span.Length == 0 ? id : $"{id}, {span}";
    }
}
