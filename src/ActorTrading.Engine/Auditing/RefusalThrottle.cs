using System.Net;

namespace ActorTrading.Engine.Auditing;

/// <summary>
/// Bounds the lines of refusals: one a second for each address and caller, and so many a second for all together.
/// Refusals beyond that are counted, and the next line of the same address and caller says how many it stands for. Not
/// safe for several threads.
/// </summary>
internal sealed class RefusalThrottle(int perSecond, TimeProvider time)
{
    private const int MaxEntries = 1_024;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly (string Address, string Caller) Others = ("", AuditRecord.Unknown);

    private readonly Dictionary<(string Address, string Caller), Entry> entries = [];
    private long secondBegan = time.GetTimestamp();
    private int written;

    /// <summary>Whether there is nothing to look at: no refusal for a second.</summary>
    public bool IsIdle => entries.Count == 0;

    /// <summary>The line to write now; null where the refusal is counted only.</summary>
    public AuditRecord? Pass(AuditRecord refusal)
    {
        var entry = EntryOf(refusal);
        if (entry.Held is null && entry.WrittenAt is null && TakeTurn())
        {
            entry.WrittenAt = time.GetTimestamp();
            return refusal;
        }

        entry.Held = refusal with { Count = refusal.Count + (entry.Held?.Count ?? 0) };
        return null;
    }

    /// <summary>The lines that were held back long enough. To be asked about once a second.</summary>
    public IReadOnlyList<AuditRecord> Due()
    {
        var due = new List<AuditRecord>();
        foreach (var (key, entry) in entries)
        {
            if (entry.WrittenAt is { } last && time.GetElapsedTime(last) < Second) continue;
            if (entry.Held is null)
            {
                entries.Remove(key);
            }
            else if (TakeTurn())
            {
                due.Add(entry.Held);
                entry.Held = null;
                entry.WrittenAt = time.GetTimestamp();
            }
        }

        return due;
    }

    /// <summary>All that is held back, whatever the bounds: nothing comes after it.</summary>
    public IReadOnlyList<AuditRecord> Rest()
    {
        var rest = entries.Values.Where(entry => entry.Held is not null).Select(entry => entry.Held!).ToList();
        entries.Clear();
        return rest;
    }

    /// <summary>
    /// The address of a peer without its port; of IPv6 the first 64 bits, since one site has as many addresses as it
    /// likes.
    /// </summary>
    internal static string AddressOf(string peer)
    {
        if (!IPEndPoint.TryParse(peer, out var endPoint)) return peer;
        var address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? address.ToString() : Convert.ToHexString(bytes, 0, 8);
    }

    private Entry EntryOf(AuditRecord refusal)
    {
        var key = (AddressOf(refusal.Peer), refusal.Caller);
        if (entries.TryGetValue(key, out var known)) return known;
        if (entries.Count >= MaxEntries) key = Others;
        if (!entries.TryGetValue(key, out var entry)) entries[key] = entry = new Entry();
        return entry;
    }

    private bool TakeTurn()
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(secondBegan, now) >= Second) (secondBegan, written) = (now, 0);
        if (written >= perSecond) return false;
        written++;
        return true;
    }

    private sealed class Entry
    {
        public AuditRecord? Held { get; set; }

        public long? WrittenAt { get; set; }
    }
}
