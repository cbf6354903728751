namespace ActorTrading.Domain.Records;

/// <summary>
/// Maps the number slots A to E (0 to 4) of a record to prices and sizes, with their names. A bar's volume is E plus the high word.
/// </summary>
public static class RecordNumbers
{
    /// <summary>Whether the numbers of that kind of record are in its units. Scores, ratios and figures are not.</summary>
    public static bool HasUnits(RecordKind kind) => kind is >= RecordKind.Tick and <= RecordKind.Print;

    /// <summary>Whether that slot of the kind of record is a price.</summary>
    public static bool IsPrice(RecordKind kind, int slot) => (PricesOf(kind) & (1 << slot)) != 0;

    /// <summary>Whether that slot of the kind of record is a size, a quantity or a volume.</summary>
    public static bool IsSize(RecordKind kind, int slot) => (SizesOf(kind) & (1 << slot)) != 0;

    /// <summary>The number in that slot; for a volume its low word.</summary>
    public static long Of(in Record record, int slot) => slot switch
    {
        0 => record.A,
        1 => record.B,
        2 => record.C,
        3 => record.D,
        _ => record.E,
    };

    /// <summary>The canonical field name of a price or size.</summary>
    public static string NameOf(RecordKind kind, int slot) => kind switch
    {
        RecordKind.Quote => slot switch { 0 => "bid", 1 => "bid_size", 2 => "ask", _ => "ask_size" },
        RecordKind.Bar => slot switch { 0 => "open", 1 => "high", 2 => "low", 3 => "close", _ => "volume" },
        RecordKind.BookUpdate => slot == 0 ? "price" : "quantity",
        _ => slot == 0 ? "price" : "size",
    };

    private static int PricesOf(RecordKind kind) => kind switch
    {
        RecordKind.Tick or RecordKind.Print or RecordKind.BookUpdate => 0b00001,
        RecordKind.Quote => 0b00101,
        RecordKind.Bar => 0b01111,
        _ => 0,
    };

    private static int SizesOf(RecordKind kind) => kind switch
    {
        RecordKind.Tick or RecordKind.Print or RecordKind.BookUpdate => 0b00010,
        RecordKind.Quote => 0b01010,
        RecordKind.Bar => 0b10000,
        _ => 0,
    };
}
