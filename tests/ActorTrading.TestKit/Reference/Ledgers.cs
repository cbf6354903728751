using System.Globalization;
using ActorTrading.Engine;

namespace ActorTrading.TestKit.Reference;

/// <summary>A ledger as text.</summary>
public static class Ledgers
{
    /// <summary>One line per source: received = applied + duplicate + late + rejected.</summary>
    public static IEnumerable<string> Lines(Ledger ledger) => ledger.Lines.Select(line => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Source}: {line.Received} = {line.Applied} + {line.Duplicate} + {line.Late} + {line.Rejected}"));
}
