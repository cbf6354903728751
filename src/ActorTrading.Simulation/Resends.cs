using ActorTrading.Domain.Records;

namespace ActorTrading.Simulation;

/// <summary>Resends of a sender: the last records without faults, single or in sequences.</summary>
internal sealed class Resends
{
    private const int Capacity = 1_024; // a power of two
    private const int LongestStretch = 64;

    /// <summary>Mean number of records of a resend: half are one record, half are 2 to 64, uniformly.</summary>
    private const double MeanLength = (0.5 * 1) + (0.5 * (2 + LongestStretch) / 2);

    private readonly Record[] memory = new Record[Capacity];
    private readonly ulong odds;
    private long remembered;
    private long next;
    private int left;

    /// <summary>Creates resends that make up the given fraction of all records.</summary>
    public Resends(double fraction) => odds = Xoshiro256.Odds(Math.Min(1, fraction / ((1 - fraction) * MeanLength)));

    /// <summary>Keeps a record that may be resent.</summary>
    public void Remember(in Record record) => memory[remembered++ & (Capacity - 1)] = record;

    /// <summary>Decides after a new record whether a resend begins.</summary>
    public void Decide(ref Xoshiro256 random)
    {
        if (!random.Happens(odds) || remembered == 0) return;
        var known = Math.Min(remembered, Capacity);
        var length = Math.Min(known, random.Below(2) == 0 ? 1 : 2 + random.Below(LongestStretch - 1));
        next = remembered - length - random.Below(known - length + 1);
        left = (int)length;
    }

    /// <summary>The next record of the current resend; false if there is none.</summary>
    public bool TryNext(out Record record)
    {
        if (left == 0)
        {
            record = default;
            return false;
        }

        left--;
        record = memory[next++ & (Capacity - 1)];
        return true;
    }
}
