using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// How a piece of news reads: <paramref name="Score"/> from -1 (bad) to 1 (good) and
/// <paramref name="Magnitude"/> from 0 up (how strongly), both counted in 1e-8.
/// </summary>
public readonly record struct NewsSentiment(Symbol Symbol, Identity Id, Timestamp Time, long Score, long Magnitude)
{
    /// <summary>Reads a checked record of this kind.</summary>
    public static NewsSentiment From(in Record record) => new(record.Symbol, record.Id, record.Time, record.A, record.B);

    /// <summary>The record that carries it.</summary>
    public Record ToRecord() => Record.OfNewsSentiment(Symbol, Id, Time, Score, Magnitude);
}
