using ActorTrading.Domain.Records;
using ActorTrading.Lab.Crashing;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Disturbs a sequence of records as a faulty sender would: symbols are interleaved differently, the order within a symbol is kept, and
/// sometimes one or several of the last records are repeated. Sequenced records give the same result. Not thread-safe.
/// </summary>
internal sealed class HostileRecords(NextRecord next, ulong seed)
{
    private const int Ahead = 64;
    private const int Remembered = 1_024;
    private const int LongestStretch = 64;
    private const double Resends = 0.001; // a repetition has 17 records on average: one record in sixty is repeated

    private readonly Random random = new((int)(seed % int.MaxValue));
    private readonly List<Record> ahead = new(Ahead);
    private readonly Record[] memory = new Record[Remembered];
    private long sent;
    private long again;
    private long left;

    /// <summary>The next record, or a repeated one; false at the end.</summary>
    public bool TryNext(out Record record)
    {
        if (left > 0)
        {
            left--;
            record = memory[again++ % Remembered];
            return true;
        }

        while (ahead.Count < Ahead && next(out var read)) ahead.Add(read);
        if (ahead.Count == 0)
        {
            record = default;
            return false;
        }

        var symbol = ahead[random.Next(ahead.Count)].Symbol;
        var first = ahead.FindIndex(one => one.Symbol.Equals(symbol));
        record = ahead[first];
        ahead.RemoveAt(first);
        memory[sent++ % Remembered] = record;
        if (random.NextDouble() < Resends) BeginStretch();
        return true;
    }

    private void BeginStretch()
    {
        var known = Math.Min(sent, Remembered);
        left = Math.Min(known, random.Next(2) == 0 ? 1 : random.Next(2, LongestStretch + 1));
        again = sent - left - random.NextInt64(known - left + 1);
    }
}
