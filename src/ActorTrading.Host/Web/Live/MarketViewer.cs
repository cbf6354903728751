using System.Text.Json;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Web.Json;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// A subscriber to the market: tracks which rows, and which of their changes, it has received. The number of rows in a message is limited;
/// the remaining rows follow in the next messages, in turn. Not thread-safe.
/// </summary>
internal sealed class MarketViewer(MarketTable.Watch watch, Func<Symbol, bool> sees)
{
    /// <summary>Maximum number of rows in a message.</summary>
    public const int MostRows = 2_500;

    private long[] sent = []; // by row: the change number at the last send; 0: never sent
    private int next; // the first row of the next message
    private bool hasBegun;

    /// <summary>Whether there are rows whose current state was not sent.</summary>
    public bool IsBehind => watch.Read(rows => rows.Any(IsPending));

    /// <summary>Whether the last message could not contain all waiting rows.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Writes the members of a message: rows that have changed; new rows completely.</summary>
    public void Write(Utf8JsonWriter json) => watch.Read(rows =>
    {
        if (sent.Length < rows.Count) Array.Resize(ref sent, rows.Count + 64);
        if (!hasBegun) json.WriteBoolean("snapshot", true);
        hasBegun = true;
        var (written, left) = (0, 0);
        json.WriteStartArray("rows");
        var first = next;
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[(first + i) % rows.Count];
            if (!IsPending(row)) continue;
            if (written == MostRows)
            {
                left++;
                continue;
            }

            MarketJson.Write(json, row, sent[row.Index]);
            sent[row.Index] = row.Changed;
            next = row.Index + 1;
            written++;
        }

        json.WriteEndArray();
        if (left > 0) json.WriteNumber("left", left);
        IsCut = left > 0;
        return written;
    });

    /// <summary>Writes all rows, independent of earlier messages, in the order of their symbols.</summary>
    public void WriteAll(Utf8JsonWriter json) => watch.Read(rows =>
    {
        json.WriteStartArray("rows");
        var seen = rows.Where(row => sees(row.Reading.Symbol));
        foreach (var row in seen.OrderBy(row => row.Reading.Symbol)) MarketJson.Write(json, row, since: 0);
        json.WriteEndArray();
        return rows.Count;
    });

    private bool IsPending(MarketRow row) => (row.Index >= sent.Length || row.Changed > sent[row.Index]) && sees(row.Reading.Symbol);
}
