using System.Text.Json;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Web.Json;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// One who follows the market: which rows it has, and which of their changes not yet. A message has a bounded number
/// of rows; those left over come in the next ones, each row in
/// its turn. For one thread.
/// </summary>
internal sealed class MarketViewer(MarketTable.Watch watch, Func<Symbol, bool> sees)
{
    /// <summary>The most rows of a message.</summary>
    public const int MostRows = 2_500;

    private long[] sent = []; // by row: the change that it was sent at; 0: never
    private int next; // the row that a message begins with
    private bool hasBegun;

    /// <summary>Whether there are rows that it has not got in their present state.</summary>
    public bool IsBehind => watch.Read(rows => rows.Any(IsPending));

    /// <summary>Whether more rows wait than fitted into the last message.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Writes the members of a message: rows that have changed, whole ones where they are new.</summary>
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

    /// <summary>Writes all rows, whatever was written before, in the order of their symbols.</summary>
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
