using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// Filter of a symbol's records by id, by source or by a range of exchange time. A record matches if it satisfies every given condition. A
/// bar's time is its start.
/// </summary>
/// <param name="Source">Source of the record; null: any.</param>
/// <param name="Epoch">Epoch within the source; null: any.</param>
/// <param name="Seq">Sequence number within the epoch; null: any.</param>
/// <param name="From">Start of the range, included; null: no limit.</param>
/// <param name="To">End of the range, excluded; null: no limit.</param>
public readonly record struct RecordFilter(
    Source? Source = null, long? Epoch = null, long? Seq = null, Timestamp? From = null, Timestamp? To = null)
{
    /// <summary>Whether the filter selects one record by its id.</summary>
    public bool IsId => Seq is not null;

    /// <summary>Whether a record matches.</summary>
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
