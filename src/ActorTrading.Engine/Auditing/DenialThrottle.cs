using System.Net;

namespace ActorTrading.Engine.Auditing;

/// <summary>
/// Limits the lines for refusals: one a second for each address and caller, and <paramref name="perSecond"/> for all together. Rejects
/// beyond that are counted; the next line of the same address and caller contains the count. Not thread-safe.
/// </summary>
internal sealed class DenialThrottle(int perSecond, TimeProvider time)
{
    private const int MaxEntries = 1_024;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly (string Address, string Caller) Others = ("", AuditRecord.Unknown);

    private readonly Dictionary<(string Address, string Caller), Entry> entries = [];
    private long secondBegan = time.GetTimestamp();
    private int written;

    /// <summary>Whether there is nothing to check: no refusal for a second.</summary>
    public bool IsIdle => entries.Count == 0;

    /// <summary>Returns the line to write now; null if the refusal is only counted.</summary>
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

    /// <summary>Returns the lines that were held back long enough. Call once a second.</summary>
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

    /// <summary>Returns all lines that are held back, regardless of the limits. Call once, at the end.</summary>
    public IReadOnlyList<AuditRecord> Rest()
    {
        var rest = entries.Values.Where(entry => entry.Held is not null).Select(entry => entry.Held!).ToList();
        entries.Clear();
        return rest;
    }

    /// <summary>
    /// The address of a peer without its port. For IPv6 the first 64 bits: one site can use all addresses that share them.
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
