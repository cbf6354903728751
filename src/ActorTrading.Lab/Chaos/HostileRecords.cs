using ActorTrading.Domain.Records;
using ActorTrading.Lab.Crashing;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Records as a sender with troubles of its own would send them: symbols change places with each other, within a symbol nothing
/// does, and now and then some of the last ones come again, one or a stretch of them. What is sequenced comes to the same all
/// the same. For one thread.
/// </summary>
internal sealed class HostileRecords(NextRecord next, ulong seed)
{
    private const int Ahead = 64;
    private const int Remembered = 1_024;
    private const int LongestStretch = 64;
    private const double Resends = 0.001; // a stretch has 17 on average: one record in sixty comes again

    private readonly Random random = new((int)(seed % int.MaxValue));
    private readonly List<Record> ahead = new(Ahead);
    private readonly Record[] memory = new Record[Remembered];
    private long sent;
    private long again;
    private long left;

    /// <summary>The next one, or one once more; false at the end.</summary>
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
