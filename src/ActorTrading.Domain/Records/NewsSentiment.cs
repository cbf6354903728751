using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// Sentiment of a news item. <paramref name="Score"/>: -1 (negative) to 1 (positive). <paramref name="Magnitude"/>: strength, 0 or more.
/// Both in units of 1e-8.
/// </summary>
public readonly record struct NewsSentiment(Symbol Symbol, Identity Id, Timestamp Time, long Score, long Magnitude)
{
    /// <summary>Converts from a checked record of this kind.</summary>
    public static NewsSentiment From(in Record record) => new(record.Symbol, record.Id, record.Time, record.A, record.B);

    /// <summary>Converts to a record.</summary>
    public Record ToRecord() => Record.OfNewsSentiment(Symbol, Id, Time, Score, Magnitude);
}
